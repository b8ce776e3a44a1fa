/**
 * Faults of the text in the open document: where they are now, and their mending.
 *
 * A place is kept as a relative position of Yjs, so that it moves with what colleagues
 * write meanwhile. A fix is an ordinary edit of this person: undoable, seen by all. It is
 * made only where the words that it corrects still stand.
 */
import type { Node as ProseMirrorNode } from "@tiptap/pm/model";
import type { EditorState, Transaction } from "@tiptap/pm/state";
import { toAbsolute, toRelative } from "../images/placeholders";
import { diff } from "../fields/textDiff";
import type { Fault } from "./faults";
import type { Span } from "./text";
import { findWords, spanOf } from "./text";

export interface Anchor {
  readonly place: unknown;
}

export interface Paragraph {
  readonly node: ProseMirrorNode;
  /** Before the node. */
  readonly position: number;
}

/** Every paragraph in document order, those in lists and tables too. */
export function paragraphsOf(doc: ProseMirrorNode): Paragraph[] {
  const found: Paragraph[] = [];
  doc.descendants((node, position) => {
    if (node.type.name !== "paragraph") return !node.isTextblock;
    found.push({ node, position });
    return false;
  });
  return found;
}

/** Its own text, one unit for each unit of the node; a line break is one. */
export function textOf(node: ProseMirrorNode): string {
  return node.textBetween(0, node.content.size, "", "\n");
}

type Meant = Pick<Fault, "place" | "quote" | "fix">;

/** Whether what the fault corrects stands in this paragraph. */
function holds({ fix, place }: Meant, { node }: Paragraph): boolean {
  if (!fix) return true;
  if (fix.kind === "remove") return textOf(node).trim() === "";
  if (fix.kind === "number") return node.attrs["number"] === fix.from;
  return findWords(textOf(node), place.start, place.end, fix.from) !== null;
}

/** The paragraph that a fault means: by number, else the nearest that holds the same.
 * A label or the end of a text tells too little to be looked for elsewhere. */
export function paragraphOf(doc: ProseMirrorNode, fault: Meant, number = fault.place.paragraph): Paragraph | null {
  if (number === null) return null;
  const all = paragraphsOf(doc);
  const { fix } = fault;
  const mayMove = fix?.kind === "remove" || (fix?.kind === "replace" && fix.from !== "");
  for (let step = 0; step < (mayMove ? all.length : 1); step += 1) {
    for (const index of [number - step, number + step]) {
      const found = all[index];
      if (found && holds(fault, found)) return found;
    }
  }
  return null;
}

export function anchorOf(state: EditorState, fault: Meant): Anchor | null {
  const found = paragraphOf(state.doc, fault);
  if (!found) return null;
  const place = toRelative(state, found.position + 1);
  return place === null ? null : { place };
}

/**
 * The paragraph of an anchor now; null when what the fault corrects is gone. A paragraph
 * that somebody split lives on in a new one, which is found by its words.
 */
export function anchored(state: EditorState, fault: Meant, anchor: Anchor | null): Paragraph | null {
  const position = anchor ? toAbsolute(state, anchor.place) : null;
  if (position === null) return null;
  const resolved = state.doc.resolve(position);
  const before = resolved.parent.type.name === "paragraph" ? resolved.before() : position;
  const number = paragraphsOf(state.doc).findIndex((each) => each.position >= before);
  return number < 0 ? null : paragraphOf(state.doc, fault, number);
}

/** What to show of a fault, in document positions; `from` = `to`: the whole paragraph. */
export function shownSpan(fault: Meant, paragraph: Paragraph): Span {
  const { start, end } = fault.place;
  const text = textOf(paragraph.node);
  const inside = paragraph.position + 1;
  const words = fault.fix?.kind === "replace" ? fault.fix.from : fault.quote;
  const span = (words && end > start ? findWords(text, start, end, words) : null) ?? spanOf(text, start, end);
  return { from: inside + span.from, to: inside + span.to };
}

/** The edit that mends the fault, or null when its place has changed. */
export function fixOf(state: EditorState, fault: Fault, paragraph: Paragraph): Transaction | null {
  const { fix, place } = fault;
  if (!fix) return null;
  const { node, position } = paragraph;
  const tr = state.tr;
  if (fix.kind === "number") {
    if (node.attrs["number"] !== fix.from) return null;
    return tr.setNodeAttribute(position, "number", fix.to === "" ? null : fix.to);
  }
  if (fix.kind === "remove") {
    const parent = state.doc.resolve(position).parent;
    if (textOf(node).trim() !== "" || parent.childCount < 2) return null;
    return tr.delete(position, position + node.nodeSize);
  }
  const span = findWords(textOf(node), place.start, place.end, fix.from);
  if (!span) return null;
  // Only what differs is written, so that a colleague's caret beside it stays.
  const before = textOf(node).slice(span.from, span.to);
  const edit = diff(before, fix.to, fix.to.length);
  if (!edit) return null;
  const from = position + 1 + span.from + edit.index;
  const to = from + edit.remove;
  return edit.insert === "" ? tr.delete(from, to) : tr.insertText(edit.insert, from, to);
}
