/**
 * Putting content in as a suggestion: text and blocks are marked as new, and where a
 * paragraph is cut in two, the first part's end is.
 */
import type { Node } from "@tiptap/pm/model";
import { Fragment, Slice } from "@tiptap/pm/model";
import { ReplaceStep } from "@tiptap/pm/transform";
import type { Suggested } from "../schema/suggestions";
import { SUGGESTION_NAMES } from "../schema/suggestions";
import { isBy } from "./author";
import { CELLS, lookOf } from "./blockLook";
import type { Edit } from "./edit";
import { NotPossible } from "./edit";
import { ended } from "./ended";
import { restyled } from "./look";

const UNITS = new Set(["table", "tableRow", "image", "pageBreak", "horizontalRule", "hardBreak"]);
const PLAIN_ENDS = { insertion: null, deletion: null };

export function insertSlice(edit: Edit, at: number, slice: Slice): void {
  const { tr } = edit;
  const suggestion = edit.suggestion(at);
  const $at = tr.doc.resolve(at);
  const above = $at.parent.type.name === "paragraph" ? { position: $at.before(), node: $at.parent } : null;
  const { parent } = $at;
  if (parent.type.name === "tableRow" && slice.content.content.every(({ type }) => CELLS.has(type.name))) {
    tr.insert(at, slice.content.content.map((cell) => withEnds(cell, suggestion, null)));
    return;
  }
  const made = marked(edit, slice.content, suggestion, slice.openEnd);
  const content = parent.type.name === "table" ? inColumns(made, $at.nodeBefore ?? $at.nodeAfter) : made;
  tr.step(new ReplaceStep(at, at, new Slice(content, slice.openStart, slice.openEnd)));
  if (above) cut(edit, above.position, above.node, at + slice.size, suggestion);
}

function withEnds(node: Node, insertion: unknown, deletion: unknown): Node {
  return node.type.create({ ...node.attrs, insertion, deletion }, node.content, node.marks);
}

/** New rows beside a row: their cells stand in columns that may come or go themselves. */
function inColumns(rows: Fragment, beside: Node | null): Fragment {
  const made = rows.content.map((row) => {
    if (row.childCount !== beside?.childCount) return row;
    const cells = row.content.content.map((cell, index) => {
      const like = beside.child(index);
      return withEnds(cell, ended(like, "insertion"), ended(like, "deletion"));
    });
    return row.copy(Fragment.from(cells));
  });
  return Fragment.from(made);
}

/** Everything in a fragment as new; `open`: how deep its right side is still open. */
function marked(edit: Edit, fragment: Fragment, suggestion: Suggested, open: number): Fragment {
  const nodes: Node[] = [];
  fragment.forEach((node, _, index) => {
    const isOpen = open > 0 && index === fragment.childCount - 1;
    nodes.push(markedNode(edit, node, suggestion, isOpen ? open : 0));
  });
  return Fragment.from(nodes);
}

function markedNode(edit: Edit, node: Node, suggestion: Suggested, open: number): Node {
  const { name } = node.type;
  if (node.isText) {
    const marks = node.marks.filter((mark) => !(SUGGESTION_NAMES as readonly string[]).includes(mark.type.name));
    return node.mark(edit.mark("insertion", suggestion).addToSet(marks));
  }
  if (CELLS.has(name)) throw new NotPossible("structure");
  if (UNITS.has(name)) {
    // A table that is open at its end goes on in one that is there: no unit.
    if (open > 0) throw new NotPossible("structure");
    return node.type.create({ ...node.attrs, insertion: suggestion, deletion: null }, node.content, node.marks);
  }
  const content = marked(edit, node.content, suggestion, Math.max(0, open - 1));
  if (name !== "paragraph") return node.copy(content);
  // The right part of a paragraph that is cut has the old end, which `cut` gives it.
  const ends = open > 0 ? PLAIN_ENDS : { insertion: suggestion, deletion: null };
  return node.type.create({ ...node.attrs, ...ends, formatting: null }, content);
}

/**
 * After content went into the paragraph at `position`: if it is two now, the first has
 * the new end, and the second the old one with all that was suggested about it.
 */
function cut(edit: Edit, position: number, was: Node, end: number, suggestion: Suggested): void {
  const $end = edit.tr.doc.resolve(end);
  const below = $end.parent;
  if (below.type.name !== "paragraph" || $end.before() === position) return;
  const [insertion, deletion] = [ended(was, "insertion"), ended(was, "deletion")];
  if (isBy(insertion, edit.author) && !was.attrs["formatting"]) {
    edit.setAttrs($end.before(), { insertion, deletion, formatting: null });
  } else {
    const look = restyled(edit, was, { ...lookOf(below.attrs) });
    edit.setAttrs($end.before(), { ...look, insertion, deletion });
  }
  edit.setAttrs(position, { insertion: suggestion, deletion: null, formatting: null });
}
