/**
 * Deleting as a suggestion: text, ends of paragraphs and whole blocks are marked to go.
 * What is the person's own insertion really goes.
 */
import type { Node } from "@tiptap/pm/model";
import type { Restyled } from "../schema/suggestions";
import { isBy, isOwnGround } from "./author";
import { CELLS, attrsOf, blockStack, lookOf, sameLook } from "./blockLook";
import type { Edit } from "./edit";
import { NotPossible } from "./edit";
import { ended, suggestedOn } from "./ended";
import { restyled } from "./look";

const UNITS = new Set(["table", "tableRow", "image", "pageBreak", "horizontalRule", "hardBreak"]);
interface Part {
  /** Parts are handled from the end, so that positions before them stay right. */
  readonly at: number;
  readonly run: () => void;
}

/** Mark a range to go; returns where content that replaces it is to stand. */
export function remove(edit: Edit, from: number, to: number): number {
  if (from >= to) return to;
  const { doc } = edit.tr;
  edit.suggestion(from, to);
  const start = doc.resolve(from);
  const isInRow = start.parent.type.name === "tableRow" && start.sameParent(doc.resolve(to));
  const parts: Part[] = [];
  const ends: { position: number; node: Node }[] = [];
  doc.nodesBetween(from, to, (node, position) => {
    const end = position + node.nodeSize;
    const isWhole = position >= from && end <= to;
    if (node.isText) {
      const [left, right] = [Math.max(from, position), Math.min(to, end)];
      parts.push({ at: left, run: () => removeText(edit, node, left, right) });
      return false;
    }
    if (UNITS.has(node.type.name) && isWhole) {
      parts.push({ at: position, run: () => removeUnit(edit, node, position) });
      return false;
    }
    if (CELLS.has(node.type.name) && isWhole) {
      // A column goes cell by cell; else cells stay, whatever is selected around them.
      if (!isInRow) throw new NotPossible("structure");
      parts.push({ at: position, run: () => removeUnit(edit, node, position) });
      return false;
    }
    if (node.type.name === "paragraph" && end - 1 >= from && end <= to) ends.push({ position, node });
    return true;
  });
  // From inside a paragraph to between two blocks: the last end stays, as it did for PM.
  const isInText = start.parent.isTextblock;
  if (isInText && !doc.resolve(to).parent.isTextblock) ends.pop();
  for (const { position, node } of ends) {
    parts.push({ at: position + node.nodeSize - 1, run: () => removeEnd(edit, position) });
  }
  const before = edit.tr.steps.length;
  for (const { run } of parts.sort((a, b) => b.at - a.at)) run();
  const at = edit.tr.mapping.slice(before).map(to, -1);
  if (ends.length && isInText) takeLook(edit, from, at);
  return at;
}

function removeText(edit: Edit, node: Node, from: number, to: number): void {
  if (isBy(suggestedOn(node.marks, "insertion"), edit.author)) edit.tr.delete(from, to);
  else if (!suggestedOn(node.marks, "deletion")) edit.tr.addMark(from, to, edit.mark("deletion", edit.suggestion()));
}

function removeUnit(edit: Edit, node: Node, position: number): void {
  const isOwn = isBy(ended(node, "insertion"), edit.author) || isOwnGround(edit.tr.doc.resolve(position), edit.author);
  if (isOwn) edit.tr.delete(position, position + node.nodeSize);
  else if (!ended(node, "deletion")) edit.setAttrs(position, { deletion: edit.suggestion() });
}

/** The end of the paragraph at a position: marked, or undone if it is one's own. */
function removeEnd(edit: Edit, position: number): void {
  const node = edit.tr.doc.nodeAt(position);
  if (!node) return;
  const insertion = ended(node, "insertion");
  if (isBy(insertion, edit.author)) {
    joinOwn(edit, position, insertion.id);
    return;
  }
  const $end = edit.tr.doc.resolve(position + node.nodeSize);
  // The last of a cell has nothing to run into.
  if (CELLS.has($end.parent.type.name) && !$end.nodeAfter) return;
  if (!ended(node, "deletion")) edit.setAttrs(position, { deletion: edit.suggestion() });
}

/** Really join: the next paragraph keeps what it is, as if the break had never been. */
function joinOwn(edit: Edit, position: number, id: string): void {
  const { tr, author } = edit;
  const node = tr.doc.nodeAt(position);
  if (!node) return;
  const end = position + node.nodeSize - 1;
  const next = nextParagraph(edit, end + 1);
  if (next === null) {
    if (!node.content.size) tr.delete(position, position + node.nodeSize);
    return;
  }
  const after = tr.doc.nodeAt(next);
  if (!after) return;
  tr.delete(end, next + 1);
  const { insertion, deletion } = after.attrs as Record<string, unknown>;
  const stack = blockStack(after);
  const top = stack.layers.at(-1)?.by ?? null;
  const isFree = isBy(ended(after, "insertion"), author) && !top;
  const isUndone = isBy(top, author) && top.id === id;
  const below = isUndone ? { base: stack.base, layers: stack.layers.slice(0, -1) } : stack;
  edit.setAttrs(position, { ...(isFree ? { formatting: null } : attrsOf(below)), insertion, deletion });
}

/** The paragraph that follows a place: a sibling, or the first of the next list item. */
function nextParagraph(edit: Edit, place: number): number | null {
  const $place = edit.tr.doc.resolve(place);
  const after = $place.nodeAfter;
  if (after) return after.type.name === "paragraph" ? place : null;
  if ($place.parent.type.name !== "listItem") return null;
  const item = edit.tr.doc.resolve($place.after()).nodeAfter;
  return item?.firstChild?.type.name === "paragraph" ? $place.after() + 1 : null;
}

/**
 * Text that stays before a marked end takes the paragraph below into its own: so that
 * one is suggested to look like it, as joining the two would have made it.
 */
function takeLook(edit: Edit, from: number, at: number): void {
  const { tr, author } = edit;
  const $from = tr.doc.resolve(from);
  const $at = tr.doc.resolve(at);
  const [above, below] = [$from.parent, $at.parent];
  if (above === below || below.type.name !== "paragraph" || !isBy(ended(above, "deletion"), author)) return;
  if (!$from.sameParent($at) && $from.depth !== $at.depth) return;
  let stays = false;
  above.content.cut(0, $from.parentOffset).forEach((node) => {
    if (!suggestedOn(node.marks, "deletion")) stays = true;
  });
  const change = below.attrs["formatting"] as Restyled | null;
  const [look, now] = [lookOf(above.attrs), lookOf(below.attrs)];
  if (!stays || change || sameLook(look, now) || isBy(ended(below, "insertion"), author)) return;
  edit.setAttrs($at.before(), restyled(edit, below, { ...look }));
}
