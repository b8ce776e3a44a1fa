/**
 * Tables of schema version 4. Tiptap's nodes, with exactly the attributes that the
 * server knows (colspan, rowspan, colwidth, suggestions): an extra one would be written into drafts.
 */
import type { Attrs, Schema } from "@tiptap/pm/model";
import { cellLookAttributes, endAttributes, restyleAttribute } from "./suggestions";
import { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";

/** The widest table that the server and Word keep. */
const MAX_COLUMNS = 63;
const MAX_ROWS = 10_000;
const CELLS = new Set(["tableCell", "tableHeader"]);

function safeSpan(value: unknown, most: number): number {
  return Number.isInteger(value) && (value as number) > 0 ? Math.min(value as number, most) : 1;
}

function safeWidths(value: unknown): number[] | null {
  const isWidth = (width: unknown) => Number.isFinite(width) && (width as number) >= 0;
  if (!Array.isArray(value) || !value.every(isWidth)) return null;
  // Itself where it may be: the binding would write a copy anew with each letter in the cell.
  return value.length > MAX_COLUMNS ? (value as number[]).slice(0, MAX_COLUMNS) : (value as number[]);
}

/**
 * Cut the spans of every cell that this schema makes, those from the shared document too.
 * The editor lays out each column that a cell claims: one that claims a billion, written
 * by another program, would stop the browser of everybody who opens the draft.
 */
function guardSpans(schema: Schema): void {
  const make = schema.node.bind(schema);
  schema.node = (type, attrs, content, marks) => {
    const name = typeof type === "string" ? type : type.name;
    if (!attrs || !CELLS.has(name)) return make(type, attrs, content, marks);
    const safe: Attrs = {
      ...attrs,
      colspan: safeSpan(attrs["colspan"], MAX_COLUMNS),
      rowspan: safeSpan(attrs["rowspan"], MAX_ROWS),
      colwidth: safeWidths(attrs["colwidth"]),
    };
    return make(type, safe, content, marks);
  };
}

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
  // Of the column that the cell stands in.
  ...endAttributes(),
  ...cellLookAttributes(),
  ...restyleAttribute(),
});

export const DraftTable = Table.extend({
  addAttributes: endAttributes,
  onBeforeCreate() {
    guardSpans(this.editor.schema);
  },
}).configure({
  resizable: true,
  cellMinWidth: 30,
  lastColumnResizable: false,
});
export const DraftTableRow = TableRow.extend({ addAttributes: endAttributes });
export const DraftTableCell = TableCell.extend({ addAttributes: cellAttributes });
export const DraftTableHeader = TableHeader.extend({ addAttributes: cellAttributes });
