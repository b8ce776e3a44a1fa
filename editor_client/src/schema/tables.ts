/**
 * Tables of schema version 1. Tiptap's nodes, with exactly the attributes that the
 * server knows (colspan, rowspan, colwidth): an extra one would be written into drafts.
 */
import { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";

function readSpan(element: HTMLElement, name: string): number {
  const span = Number.parseInt(element.getAttribute(name) ?? "1", 10);
  return span > 0 && span < 64 ? span : 1;
}

/** Column widths in CSS pixels; null = not set. */
function readColwidth(element: HTMLElement): number[] | null {
  const raw = element.getAttribute("colwidth") ?? element.dataset["colwidth"];
  const widths = raw?.split(",").map((width) => Number.parseInt(width, 10));
  return widths?.every((width) => width > 0) ? widths : null;
}

const cellAttributes = () => ({
  colspan: { default: 1, parseHTML: (e: HTMLElement) => readSpan(e, "colspan") },
  rowspan: { default: 1, parseHTML: (e: HTMLElement) => readSpan(e, "rowspan") },
  colwidth: { default: null, parseHTML: readColwidth },
});

export const DraftTable = Table.configure({
  resizable: true,
  cellMinWidth: 30,
  lastColumnResizable: false,
});
export const DraftTableRow = TableRow;
export const DraftTableCell = TableCell.extend({ addAttributes: cellAttributes });
export const DraftTableHeader = TableHeader.extend({ addAttributes: cellAttributes });
