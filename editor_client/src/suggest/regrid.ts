/**
 * A table of which rows or columns go: what stood in it stands in a full grid again. The
 * same rules as collab/content/regrid.py and grid.py. Pure.
 */
import type { Node } from "@tiptap/pm/model";
import { Fragment } from "@tiptap/pm/model";
import { narrowed, withAttrs } from "./cellLook";
import { ended } from "./ended";

const MAX_COLUMNS = 63;

export interface Placed {
  readonly cell: Node;
  readonly row: number;
  /** Its number in its row. */
  readonly number: number;
  readonly column: number;
  readonly colspan: number;
  readonly rowspan: number;
}

/** Every cell takes the first free column of its row. */
export function placeCells(rows: readonly Node[]): Placed[][] {
  const taken = rows.map(() => new Set<number>());
  return rows.map((row, index) => {
    const line: Placed[] = [];
    let column = 0;
    row.content.content.forEach((cell, number) => {
      while (taken[index]?.has(column)) column += 1;
      if (column >= MAX_COLUMNS) return;
      const wanted = Math.min(Number(cell.attrs["colspan"] ?? 1), MAX_COLUMNS - column);
      let colspan = 1;
      while (colspan < wanted && !taken[index]?.has(column + colspan)) colspan += 1;
      const rowspan = Math.max(1, Math.min(Number(cell.attrs["rowspan"] ?? 1), rows.length - index));
      for (let below = index; below < index + rowspan; below += 1) {
        for (let across = column; across < column + colspan; across += 1) taken[below]?.add(across);
      }
      line.push({ cell, row: index, number, column, colspan, rowspan });
      column += colspan;
    });
    return line;
  });
}

/** Names a cell by its row and its number in it. */
export function spotOf(row: number, number: number): string {
  return `${row},${number}`;
}

/** `goneRows`: numbers of rows that go; `gone`: spots of cells that go. */
export function regrid(rows: readonly Node[], goneRows: ReadonlySet<number>, gone: ReadonlySet<string>): Node[] {
  const lines = placeCells(rows);
  const columns = goneColumns(rows, lines, goneRows, gone);
  const cells = new Map<number, { column: number; cell: Node }[]>();
  for (const index of rows.keys()) if (!goneRows.has(index)) cells.set(index, []);
  for (const placed of lines.flat()) {
    const across = span(placed.column, placed.colspan);
    const goes = gone.has(spotOf(placed.row, placed.number));
    if (goes && across.some((column) => columns.has(column))) continue;
    const down = span(placed.row, placed.rowspan).filter((row) => cells.has(row));
    const stays = across.map((column) => !columns.has(column));
    const colspan = stays.filter(Boolean).length;
    const row = down[0];
    if (row === undefined || !colspan) continue;
    const cell = resized(placed, colspan, down.length, stays);
    cells.get(row)?.push({ column: placed.column, cell: goes ? emptied(cell) : cell });
  }
  return [...cells].flatMap(([index, found]) => {
    const inOrder = found.sort((one, other) => one.column - other.column).map(({ cell }) => cell);
    return rows[index]?.copy(Fragment.from(inOrder)) ?? [];
  });
}

function span(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}

function resized({ cell }: Placed, colspan: number, rowspan: number, stays: readonly boolean[]): Node {
  const { colspan: width, rowspan: height } = cell.attrs as Record<string, unknown>;
  if (width === colspan && height === rowspan) return cell;
  const columns = stays.flatMap((isKept, index) => (isKept ? [index] : []));
  return withAttrs(width === colspan ? cell : narrowed(cell, columns), { rowspan });
}

/** Its place stays for the sake of the grid; what it says does not. */
function emptied(cell: Node): Node {
  const paragraph = cell.type.schema.nodes["paragraph"];
  return paragraph ? cell.copy(Fragment.from(paragraph.create())) : cell;
}

function goneColumns(
  rows: readonly Node[],
  lines: readonly Placed[][],
  goneRows: ReadonlySet<number>,
  gone: ReadonlySet<string>,
): Set<number> {
  const going = new Set<number>();
  const staying = new Set<number>();
  for (const { row, number, column, colspan } of lines.flat()) {
    const line = rows[row];
    if (gone.has(spotOf(row, number))) for (const each of span(column, colspan)) going.add(each);
    else if (colspan === 1 && line && !goneRows.has(row) && !ended(line, "insertion")) staying.add(column);
  }
  for (const column of staying) going.delete(column);
  return going;
}
