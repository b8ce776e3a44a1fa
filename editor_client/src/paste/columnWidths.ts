/** Turns the widths of a pasted table's cells into column widths that fit the page. */

/** Text width of an A4 page with margins 30 and 15 mm, in CSS pixels. */
export const TEXT_WIDTH_PX = 624;

export function readColumnWidths(page: Document): void {
  for (const table of Array.from(page.querySelectorAll("table"))) {
    const row = Array.from(table.rows).find((candidate) =>
      Array.from(candidate.cells).every((cell) => cell.colSpan === 1),
    );
    const widths = row ? Array.from(row.cells, cellWidth) : [];
    if (!widths.length || widths.some((width) => width === null)) continue;
    const total = widths.reduce<number>((sum, width) => sum + (width ?? 0), 0);
    const scale = total > TEXT_WIDTH_PX ? TEXT_WIDTH_PX / total : 1;
    const pixels = widths.map((width) => Math.max(Math.round((width ?? 0) * scale), 30));
    for (const tableRow of Array.from(table.rows)) {
      let column = 0;
      for (const cell of Array.from(tableRow.cells)) {
        const own = pixels.slice(column, column + cell.colSpan);
        if (own.length === cell.colSpan) cell.setAttribute("colwidth", own.join(","));
        column += cell.colSpan;
      }
    }
  }
}

function cellWidth(cell: HTMLTableCellElement): number | null {
  const raw = cell.style.width || cell.getAttribute("width") || "";
  const match = /^([\d.]+)(pt|px|cm|in)?$/.exec(raw.trim());
  if (!match?.[1]) return null;
  const inPixels = { pt: 96 / 72, px: 1, cm: 96 / 2.54, in: 96 }[match[2] ?? "px"] ?? 1;
  const width = Number(match[1]) * inPixels;
  return width > 0 ? width : null;
}
