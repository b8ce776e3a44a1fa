/** Columns, spans of cells and looks of images, as steps of the editor that suggest them. */
import type { Node, Slice } from "@tiptap/pm/model";
import type { Transaction } from "@tiptap/pm/state";
import type { ReplaceAroundStep } from "@tiptap/pm/transform";
import { ReplaceStep } from "@tiptap/pm/transform";
import type { Author } from "./author";
import { isBy, isOwnGround } from "./author";
import type { Edit } from "./edit";
import { NotPossible } from "./edit";
import { CELLS } from "./blockLook";
import { respanned } from "./cellLook";
import { ended } from "./ended";
import { restyle } from "./look";

const SHOWN = ["alt", "width", "align"] as const;

/** Whether an edit takes away cells or rows that are not the person's own insertion. */
export function marksCells(doc: Node, tr: Transaction, author: Author): boolean {
  return tr.steps.some((step, index) => {
    if (!(step instanceof ReplaceStep) || step.from === step.to) return false;
    const from = tr.mapping.slice(0, index).invert().map(step.from, 1);
    const node = doc.nodeAt(from);
    if (!node || !(CELLS.has(node.type.name) || node.type.name === "tableRow")) return false;
    return !isBy(ended(node, "insertion"), author) && !isOwnGround(doc.resolve(from), author);
  });
}

/** A cell that reaches below a row that goes is moved down when that is accepted, not now. */
export function isMovedCell(edit: Edit, from: number, slice: Slice): boolean {
  const first = slice.content.firstChild;
  return edit.keepsSpans && first !== null && CELLS.has(first.type.name) && edit.tr.doc.resolve(from).parent.type.name === "tableRow";
}

/**
 * A cell that changes. One that reaches over what comes or goes grows now, and shrinks when
 * it is decided; of all others it is said what they are to become.
 */
export function resize(edit: Edit, step: ReplaceAroundStep, map: (position: number, side: number) => number): void {
  const position = map(step.from, 1);
  const node = edit.tr.doc.nodeAt(position);
  const wanted = step.slice.content.firstChild;
  const isWhole = step.gapFrom === step.from + 1 && step.gapTo === step.to - 1 && step.slice.size === 2;
  const isCell = node && wanted && isWhole && CELLS.has(wanted.type.name) && CELLS.has(node.type.name);
  if (!isCell) throw new NotPossible("structure");
  const isOwn = isBy(ended(node, "insertion"), edit.author) || isOwnGround(edit.tr.doc.resolve(position), edit.author);
  if (isOwn && !edit.keepsSpans && !node.attrs["formatting"]) {
    edit.tr.setNodeMarkup(position, wanted.type, wanted.attrs);
    return;
  }
  if (node.type !== wanted.type) {
    restyle(edit, position, "headed", wanted.type.name === "tableHeader");
    return;
  }
  const isOverSame = ["colspan", "rowspan"].every((name) => node.attrs[name] === wanted.attrs[name]);
  if (isOverSame) {
    restyle(edit, position, "colwidth", wanted.attrs["colwidth"]);
    return;
  }
  if (!edit.keepsSpans) edit.setAttrs(position, { formatting: respanned(node, wanted.attrs) });
  for (const name of ["colspan", "rowspan", "colwidth"]) {
    const isSmaller = Number(wanted.attrs[name]) < Number(node.attrs[name]);
    if (edit.keepsSpans && (isSmaller || name === "colwidth")) continue;
    edit.setAttrs(position, { [name]: wanted.attrs[name] as unknown });
  }
}

/** An image that is replaced by itself, shown otherwise. */
export function reshow(edit: Edit, from: number, to: number, slice: Slice): boolean {
  const node = edit.tr.doc.nodeAt(from);
  const made = slice.content.childCount === 1 ? slice.content.firstChild : null;
  if (node?.type.name !== "image" || made?.type !== node.type || to !== from + node.nodeSize) return false;
  if (node.attrs["src"] !== made.attrs["src"]) return false;
  for (const name of SHOWN) {
    if (node.attrs[name] !== made.attrs[name]) restyle(edit, from, name, made.attrs[name]);
  }
  return true;
}
