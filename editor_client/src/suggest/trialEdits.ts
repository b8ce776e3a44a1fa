/** For tests: random documents, and what people do to them. */
import type { Node } from "@tiptap/pm/model";
import { Fragment, Slice } from "@tiptap/pm/model";
import type { Transaction } from "@tiptap/pm/state";
import { addColumnAfter, addColumnBefore, addRowAfter, deleteColumn, deleteRow } from "@tiptap/pm/tables";
import { doc, list, p, row, schema, stateOf, table } from "./trial";

/** Numbers that are the same in every run. */
export function dice(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
}

export function sample(roll: (below: number) => number): Node {
  const words = ["", "một", "hai ba", "😀 bốn", "năm sáu bảy"];
  const styles = ["body", "article", "clause"];
  const line = () => p(words[roll(words.length)] ?? "", { style: styles[roll(3)] });
  const blocks = [line(), line(), line()];
  if (roll(2)) blocks.splice(roll(3), 0, list("mục a", "mục b"));
  if (roll(3) === 0) blocks.splice(roll(3), 0, table(row("ô", "p"), row("q", "r")));
  if (roll(3) === 0) blocks.splice(roll(3), 0, schema.node("image", { src: null, alt: "x" }));
  return doc(...blocks);
}

/** Places in text, where a person's caret may be. */
export function carets(node: Node): number[] {
  const found: number[] = [];
  node.descendants((child, position) => {
    if (child.type.name !== "paragraph") return true;
    for (let offset = 0; offset <= child.content.size; offset += 1) {
      const text = child.textBetween(Math.max(0, offset - 1), Math.min(child.content.size, offset + 1));
      // Never inside a sign of two units: no keyboard gets there.
      if (!/^[\ud800-\udbff][\udc00-\udfff]$/.test(text)) found.push(position + 1 + offset);
    }
    return false;
  });
  return found;
}

/** A column or a row added to a table or taken from it, where there is one. */
function columnEdit(roll: (below: number) => number, tr: Transaction): Transaction {
  const cells: number[] = [];
  tr.doc.descendants((node, position) => {
    if (node.type.name === "tableCell") cells.push(position + 2);
  });
  const place = cells[roll(cells.length || 1)];
  if (place === undefined) return tr;
  if (roll(3) === 0) return cellEdit(roll, tr, cells);
  const command = [addColumnBefore, addColumnAfter, deleteColumn, addRowAfter, deleteRow][roll(5)]!;
  let made: Transaction | null = null;
  command(stateOf(tr.doc, place), (found) => (made = found));
  return made ?? tr;
}

/** What a cell is to become, with others that stand after it. */
function cellEdit(roll: (below: number) => number, tr: Transaction, cells: readonly number[]): Transaction {
  const first = roll(cells.length);
  const count = 1 + roll(3);
  const [name, value] = ([
    ["shape", `merge-${roll(1000)}`],
    ["shape", "split"],
    ["headed", true],
    ["colwidth", [40 + roll(40)]],
  ] as const)[roll(4)]!;
  for (const place of cells.slice(first, first + count)) tr.setNodeAttribute(place - 2, name, value);
  return tr;
}

export function edit(roll: (below: number) => number, tr: Transaction): Transaction {
  const places = carets(tr.doc);
  const one = places[roll(places.length)] ?? 1;
  const other = places[Math.min(places.length - 1, places.indexOf(one) + roll(6))] ?? one;
  const paragraphs: number[] = [];
  tr.doc.descendants((node, position) => {
    if (node.type.name === "paragraph") paragraphs.push(position);
  });
  const block = paragraphs[roll(paragraphs.length)] ?? 0;
  switch (roll(12)) {
    case 0:
    case 1:
      return tr.insertText(["x", "mới", "ề"][roll(3)] ?? "x", one);
    case 2:
      return tr.delete(one, other);
    case 3:
      return tr.insertText("thay", one, other);
    case 4:
      return tr.split(one);
    case 5:
      return tr.addMark(one, other, schema.marks["bold"]!.create());
    case 6:
      return tr.removeMark(one, other, schema.marks["bold"]!);
    case 7:
      return tr.setNodeAttribute(block, "style", ["body", "article", "clause"][roll(3)]);
    case 8:
      return tr.setNodeAttribute(block, "listed", [null, "bullet", "ordered", "none"][roll(4)]);
    case 9:
      return tr.setNodeAttribute(block, "nested", roll(3) - 1);
    case 10:
      return columnEdit(roll, tr);
    default:
      return tr.replace(one, other, new Slice(Fragment.from([p("dán"), p("vào")]), 1, 1));
  }
}
