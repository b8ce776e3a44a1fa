/**
 * Putting content in as a suggestion: text and blocks are marked as new, and where a
 * paragraph is cut in two, the first part's end is.
 */
import type { Node } from "@tiptap/pm/model";
import { Fragment, Slice } from "@tiptap/pm/model";
import { ReplaceStep } from "@tiptap/pm/transform";
import type { Restyled, Suggested } from "../schema/suggestions";
import { SUGGESTION_NAMES } from "../schema/suggestions";
import { isBy } from "./author";
import type { Edit } from "./edit";
import { NotPossible } from "./edit";
import { ended, lookOf, sameLook } from "./resolve";

const UNITS = new Set(["table", "tableRow", "image", "pageBreak", "horizontalRule", "hardBreak"]);
const PLAIN_ENDS = { insertion: null, deletion: null };

export function insertSlice(edit: Edit, at: number, slice: Slice): void {
  const { tr } = edit;
  const suggestion = edit.suggestion(at);
  const $at = tr.doc.resolve(at);
  const above = $at.parent.type.name === "paragraph" ? { position: $at.before(), node: $at.parent } : null;
  const content = marked(edit, slice.content, suggestion, slice.openEnd);
  tr.step(new ReplaceStep(at, at, new Slice(content, slice.openStart, slice.openEnd)));
  if (above) cut(edit, above.position, above.node, at + slice.size, suggestion);
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
  if (name === "tableCell" || name === "tableHeader") throw new NotPossible("structure");
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
  const change = was.attrs["formatting"] as Restyled | null;
  const look = lookOf(was.attrs);
  if (isBy(insertion, edit.author)) {
    edit.setAttrs($end.before(), { insertion, deletion, formatting: null });
  } else if (change && !isBy(change, edit.author)) {
    edit.setAttrs($end.before(), { ...look, insertion, deletion, formatting: change });
  } else {
    const before = change?.before ?? look;
    const isSame = sameLook(lookOf(before), lookOf(below.attrs));
    const formatting = isSame ? null : { ...(change ?? suggestion), before };
    edit.setAttrs($end.before(), { insertion, deletion, formatting });
  }
  edit.setAttrs(position, { insertion: suggestion, deletion: null, formatting: null });
}
