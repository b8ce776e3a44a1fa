/**
 * How suggestions about tables are drawn: a whole one, which leaves its attributes out, and
 * cells that are to be merged, split, headers or wider.
 */
import type { Node } from "@tiptap/pm/model";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { CELLS, blockStack } from "./blockLook";
import { MERGE, SPLIT } from "./cellLook";
import { ended } from "./ended";
import type { Placed } from "./regrid";
import { placeCells } from "./regrid";

interface Drawn {
  /** From the start of the table. */
  readonly offset: number;
  readonly size: number;
  readonly attrs: Readonly<Record<string, string>>;
}

const drawn = new WeakMap<Node, DecorationSet>();
const cellsDrawn = new WeakMap<Node, readonly Drawn[]>();

/** The editor asks for them several times for one document. */
export function tableMarksOf(doc: Node): DecorationSet {
  const marks = drawn.get(doc) ?? tableMarks(doc);
  drawn.set(doc, marks);
  return marks;
}

function tableMarks(doc: Node): DecorationSet {
  const marks: Decoration[] = [];
  doc.forEach((node, position) => {
    if (node.type.name !== "table") return;
    const found = ended(node, "deletion") ?? ended(node, "insertion");
    if (found) {
      const name = ended(node, "deletion") ? "deletion" : "insertion";
      const attrs = { class: name === "deletion" ? "is-deleted" : "is-inserted", [`data-${name}-by`]: found.author };
      marks.push(Decoration.node(position, position + node.nodeSize, attrs));
    }
    for (const { offset, size, attrs } of cellMarksOf(node)) {
      marks.push(Decoration.node(position + offset, position + offset + size, attrs));
    }
  });
  return DecorationSet.create(doc, marks);
}

function cellMarksOf(table: Node): readonly Drawn[] {
  const marks = cellsDrawn.get(table) ?? cellMarks(table);
  cellsDrawn.set(table, marks);
  return marks;
}

function cellMarks(table: Node): readonly Drawn[] {
  const offsets = new Map<Node, number>();
  table.descendants((node, position) => {
    if (CELLS.has(node.type.name)) offsets.set(node, position + 1);
    return node.type.name === "tableRow";
  });
  if (![...offsets.keys()].some(({ attrs }) => attrs["formatting"] ?? attrs["shape"])) return [];
  const placed = placeCells(table.content.content).flat();
  return placed.flatMap((place) => {
    const offset = offsets.get(place.cell);
    const attrs = attrsOf(place, placed);
    return offset === undefined || !attrs ? [] : [{ offset, size: place.cell.nodeSize, attrs }];
  });
}

function attrsOf(place: Placed, all: readonly Placed[]): Record<string, string> | null {
  const { shape } = place.cell.attrs as { shape: unknown };
  const drawn: Record<string, string> = {};
  // The last one about it is whose wish is seen.
  for (const { by, wishes } of blockStack(place.cell).layers) {
    for (const name of Object.keys(wishes)) drawn[`data-${name.replace(/\d+$/, "")}-by`] = by.author;
  }
  const classes: string[] = [];
  if (drawn["data-headed-by"]) classes.push("sg-head");
  if (drawn["data-width-by"]) classes.push("sg-wide");
  if (shape === SPLIT) classes.push("sg-split");
  else if (typeof shape === "string" && shape.startsWith(MERGE)) {
    classes.push("sg-merge", ...edgesOf(place, all.filter(({ cell }) => cell.attrs["shape"] === shape)));
  } else if (drawn["data-shape-by"]) classes.push("sg-kept");
  if (!classes.length) return null;
  drawn["class"] = classes.join(" ");
  if (shape === SPLIT) drawn["style"] = `--sg-columns:${place.colspan};--sg-rows:${place.rowspan}`;
  return drawn;
}

/** At which edges of what is to be one cell this one stands. */
function edgesOf({ row, column, rowspan, colspan }: Placed, group: readonly Placed[]): string[] {
  const edges: [string, boolean][] = [
    ["top", group.every((other) => other.row >= row)],
    ["left", group.every((other) => other.column >= column)],
    ["bottom", group.every((other) => other.row + other.rowspan <= row + rowspan)],
    ["right", group.every((other) => other.column + other.colspan <= column + colspan)],
  ];
  return edges.flatMap(([name, isEdge]) => (isEdge ? [`sg-edge-${name}`] : []));
}
