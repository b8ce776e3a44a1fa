/**
 * Headers, merged and split cells that were suggested, made of the cells that say so: the
 * same rules as collab/content/reshape.py. A merge or a split waits while a row or column
 * in it is itself suggested, or another merge that it overlaps. Pure; it must never lose a
 * text.
 */
import type { Node } from "@tiptap/pm/model";
import { Fragment } from "@tiptap/pm/model";
import { CELLS, layersOf } from "./blockLook";
import type { Source } from "./cellLook";
import { MERGE, SPLIT, isOpen, joined, narrowed, tells, withAttrs, without } from "./cellLook";
import { ended } from "./ended";
import type { Placed } from "./regrid";
import { placeCells } from "./regrid";

interface Box {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

type Place = Omit<Placed, "number">;

/** The rows of a table, with all that is decided about their cells done. */
export function reshape(rows: readonly Node[]): readonly Node[] {
  const cells = rows.flatMap((row) => row.content.content);
  let made = rows;
  if (cells.some(({ attrs }) => typeof attrs["headed"] === "boolean")) {
    made = made.map((row) => withCells(row, row.content.content.map(headed)));
  }
  if (!cells.some(saysShape)) return made;
  // Of more columns than a table may have, some stand nowhere: they are left alone.
  const isWhole = placeCells(made).every((line, index) => line.length === made[index]?.childCount);
  return isWhole ? new Grid(made).reshaped() : made;
}

/** Whether cells are to be merged or split that wait for something else to be decided. */
export function isWaiting(doc: Node): boolean {
  let found = false;
  doc.descendants((node) => {
    found ||= CELLS.has(node.type.name) && Boolean(node.attrs["shape"]) && !isOpen(node, "shape");
    return !found && !node.isTextblock;
  });
  return found;
}

function headed(cell: Node): Node {
  const wanted: unknown = cell.attrs["headed"];
  if (typeof wanted !== "boolean" || isOpen(cell, "headed")) return cell;
  const type = cell.type.schema.nodes[wanted ? "tableHeader" : "tableCell"] ?? cell.type;
  const plain = without(cell, "headed");
  return type.create(plain.attrs, plain.content, plain.marks);
}

function saysShape(cell: Node): boolean {
  return Boolean(cell.attrs["shape"]) || isOpen(cell, "shape");
}

function around(box: Box, { row, column, rowspan, colspan }: Place): Box {
  return {
    top: Math.min(box.top, row),
    left: Math.min(box.left, column),
    bottom: Math.max(box.bottom, row + rowspan),
    right: Math.max(box.right, column + colspan),
  };
}

function boxOf(place: Place): Box {
  return around({ top: place.row, left: place.column, bottom: 0, right: 0 }, place);
}

function overlaps(one: Box, other: Box): boolean {
  return one.top < other.bottom && other.top < one.bottom && one.left < other.right && other.left < one.right;
}

const spotOf = (row: number, column: number) => `${row},${column}`;

/** The cells by their corner; merging leaves all others where they are. */
class Grid {
  private readonly cells = new Map<string, Place>();
  private readonly owners: Map<number, string>[];
  private readonly openColumns = new Set<number>();

  constructor(private readonly rows: readonly Node[]) {
    this.owners = rows.map(() => new Map<number, string>());
    for (const placed of placeCells(rows).flat()) {
      this.put({ ...placed, cell: fitted(placed) });
      if (!ended(placed.cell, "insertion") && !ended(placed.cell, "deletion")) continue;
      for (const column of span(placed.column, placed.colspan)) this.openColumns.add(column);
    }
  }

  reshaped(): Node[] {
    for (const place of [...this.cells.values()]) {
      if (place.cell.attrs["shape"] === SPLIT && !isOpen(place.cell, "shape")) this.split(place);
    }
    const groups = new Map<string, string[]>();
    for (const [spot, { cell }] of this.cells) {
      for (const name of shapesOf(cell)) groups.set(name, [...(groups.get(name) ?? []), spot]);
    }
    for (const name of this.decided(groups)) {
      this.merge((groups.get(name) ?? []).flatMap((spot) => this.cells.get(spot) ?? []));
    }
    const lines = this.rows.map((): Place[] => []);
    for (const place of this.cells.values()) lines[place.row]?.push(place);
    return this.rows.map((row, index) => {
      const inside = (lines[index] ?? []).sort((one, other) => one.column - other.column);
      return withCells(row, inside.map(({ cell }) => cell));
    });
  }

  private put(place: Place): void {
    const spot = spotOf(place.row, place.column);
    this.cells.set(spot, place);
    for (const row of span(place.row, place.rowspan)) {
      for (const column of span(place.column, place.colspan)) this.owners[row]?.set(column, spot);
    }
  }

  /**
   * Names of the merges that wait for nothing, nor for one that they overlap: so no order
   * of decisions makes another table.
   */
  private decided(groups: ReadonlyMap<string, readonly string[]>): readonly string[] {
    const free = new Map<string, Box>();
    const waiting: Box[] = [];
    for (const [name, spots] of groups) {
      const places = spots.flatMap((spot) => this.cells.get(spot) ?? []);
      const [first] = places;
      if (!first) continue;
      const box = places.reduce(around, boxOf(first));
      if (this.isUndecided(box) || places.some(({ cell }) => isOpen(cell, "shape"))) waiting.push(box);
      else free.set(name, box);
    }
    for (let box = waiting.pop(); box; box = waiting.pop()) {
      for (const [name, other] of free) {
        if (!overlaps(box, other)) continue;
        waiting.push(other);
        free.delete(name);
      }
    }
    return [...free.keys()];
  }

  /** Whether a row or column in it is suggested to come or to go. */
  private isUndecided({ top, left, bottom, right }: Box): boolean {
    const isOpenRow = this.rows.slice(top, bottom).some((row) => ended(row, "insertion") ?? ended(row, "deletion"));
    return isOpenRow || span(left, right - left).some((column) => this.openColumns.has(column));
  }

  private split(place: Place): void {
    if (this.isUndecided(boxOf(place))) return;
    const cell = without(place.cell, "shape");
    const paragraph = cell.type.schema.nodes["paragraph"];
    for (const down of span(0, place.rowspan)) {
      for (const across of span(0, place.colspan)) {
        // Of its columns the uppermost tell, as they did before.
        const part = withAttrs(down ? joined(cell, [null]) : narrowed(cell, [across]), { rowspan: 1 });
        const made = (down || across) && paragraph ? part.copy(Fragment.from(paragraph.create())) : part;
        this.put({ cell: made, row: place.row + down, column: place.column + across, rowspan: 1, colspan: 1 });
      }
    }
  }

  private merge(places: readonly Place[]): void {
    const [first] = places;
    if (!first) return;
    const { box, inside } = this.closed(places.reduce(around, boxOf(first)));
    const [corner] = inside;
    if (!corner) return;
    if (inside.length > 1) {
      if (this.isUndecided(box) || inside.some(({ cell }) => isOpen(cell, "shape"))) return;
      for (const { row, column } of inside) this.cells.delete(spotOf(row, column));
    }
    const cell = inside.length > 1 ? whole(box, inside) : without(corner.cell, "shape");
    this.put({ cell, row: box.top, column: box.left, rowspan: box.bottom - box.top, colspan: box.right - box.left });
  }

  /** Grown until no cell reaches over its edge; with the cells, as one reads. */
  private closed(start: Box): { box: Box; inside: Place[] } {
    for (let box = start; ; ) {
      const spots = new Set<string>();
      for (const row of span(box.top, box.bottom - box.top)) {
        for (const column of span(box.left, box.right - box.left)) {
          const spot = this.owners[row]?.get(column);
          if (spot !== undefined) spots.add(spot);
        }
      }
      const inside = [...spots].flatMap((spot) => this.cells.get(spot) ?? []);
      const grown = inside.reduce(around, box);
      if (grown.top === box.top && grown.left === box.left && grown.bottom === box.bottom && grown.right === box.right) {
        return { box, inside };
      }
      box = grown;
    }
  }
}

function whole(box: Box, inside: readonly Place[]): Node {
  const [corner] = inside;
  if (!corner) throw new RangeError("nothing to merge");
  const sources = span(box.left, box.right - box.left).map((column): Source | null => {
    const over = inside
      .filter((place) => place.column <= column && column < place.column + place.colspan)
      .map((place) => ({ cell: place.cell, column: column - place.column }));
    return over.find(tells) ?? over[0] ?? null;
  });
  const blocks = inside.filter(({ cell }) => !isEmpty(cell)).flatMap(({ cell }) => cell.content.content);
  const made = withAttrs(joined(without(corner.cell, "shape"), sources), { rowspan: box.bottom - box.top });
  return blocks.length ? made.copy(Fragment.from(blocks)) : made;
}

/** With the spans that it has in its table. */
function fitted({ cell, colspan, rowspan }: Place): Node {
  const { colspan: width, rowspan: height } = cell.attrs as Record<string, unknown>;
  if (width === colspan && height === rowspan) return cell;
  return withAttrs(width === colspan ? cell : narrowed(cell, span(0, colspan)), { rowspan });
}

/** The merges that it is in, or would be if others were rejected. */
function shapesOf(cell: Node): Set<string> {
  const layers = layersOf(cell.attrs["formatting"]).map(({ before }) => (before as Record<string, unknown>)["shape"]);
  const said: unknown[] = [cell.attrs["shape"], ...layers];
  return new Set(said.filter((shape): shape is string => typeof shape === "string" && shape.startsWith(MERGE)));
}

function isEmpty(cell: Node): boolean {
  const first = cell.firstChild;
  return cell.childCount === 1 && first?.type.name === "paragraph" && first.content.size === 0;
}

function withCells(row: Node, cells: readonly Node[]): Node {
  const before = row.content.content;
  const isSame = before.length === cells.length && before.every((cell, index) => cell === cells[index]);
  return isSame ? row : row.copy(Fragment.from([...cells]));
}

function span(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}
