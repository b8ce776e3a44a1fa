/** Bold, alignment, style and their kin as suggestions: changed, with what was before. */
import type { Mark, Node } from "@tiptap/pm/model";
import type { Reformatted, Restyled } from "../schema/suggestions";
import { isBy, isOwnGround } from "./author";
import type { Edit } from "./edit";
import { NotPossible } from "./edit";
import { FORMAT_MARKS, ended, lookOf, sameLook, suggestedOn } from "./resolve";

const LOOK = new Set(["style", "align", "indent", "number"]);

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly node: Node;
}

/** Add or take away one mark on a range of text. */
export function reformat(edit: Edit, from: number, to: number, mark: Mark, isAdded: boolean): void {
  const stretches: Stretch[] = [];
  edit.tr.doc.nodesBetween(from, to, (node, position) => {
    if (node.isText) stretches.push({ from: Math.max(from, position), to: Math.min(to, position + node.nodeSize), node });
    return true;
  });
  for (const stretch of stretches) reformatStretch(edit, stretch, mark, isAdded);
}

function reformatStretch(edit: Edit, { from, to, node }: Stretch, mark: Mark, isAdded: boolean): void {
  const { tr, author } = edit;
  const marks = isAdded ? mark.addToSet(node.marks) : mark.removeFromSet(node.marks);
  if (marks === node.marks) return;
  const isFree = isBy(suggestedOn(node.marks, "insertion"), author) || isOwnGround(tr.doc.resolve(from), author);
  const change = suggestedOn(node.marks, "formatting") as Reformatted | null;
  if (change && !isBy(change, author) && !isFree) throw new NotPossible("busy");
  if (isAdded) tr.addMark(from, to, mark);
  else tr.removeMark(from, to, mark);
  if (isFree) return;
  const before = change ? { before: change.before, href: change.href } : appearance(node.marks);
  const now = appearance(marks);
  if (now.before === before.before && now.href === before.href) {
    tr.removeMark(from, to, edit.mark("formatting", change ?? {}).type);
  } else if (!change) {
    tr.addMark(from, to, edit.mark("formatting", { ...edit.suggestion(), ...before }));
  }
}

function appearance(marks: readonly Mark[]): { before: string; href: string | null } {
  const names = new Set(marks.map(({ type }) => type.name));
  const link = marks.find(({ type }) => type.name === "link");
  const href = link?.attrs["href"] as unknown;
  return {
    before: FORMAT_MARKS.filter((name) => names.has(name)).join(" "),
    href: typeof href === "string" ? href : null,
  };
}

/** Change one attribute of the block at a position. */
export function restyle(edit: Edit, position: number, name: string, value: unknown): void {
  const { tr, author } = edit;
  const node = tr.doc.nodeAt(position);
  if (!node) return;
  const isOwn = isBy(ended(node, "insertion"), author) || isOwnGround(tr.doc.resolve(position), author);
  if (node.type.name !== "paragraph" && isOwn) {
    edit.setAttrs(position, { [name]: value });
    return;
  }
  if (node.type.name !== "paragraph" || !LOOK.has(name)) throw new NotPossible("structure");
  const change = node.attrs["formatting"] as Restyled | null;
  if (change && !isBy(change, author)) throw new NotPossible("busy");
  const before = change ? lookOf(change.before) : lookOf(node.attrs);
  edit.setAttrs(position, { [name]: value });
  if (isOwn) return;
  const now = lookOf(tr.doc.nodeAt(position)?.attrs ?? {});
  if (sameLook(before, now)) edit.setAttrs(position, { formatting: null });
  else if (!change) edit.setAttrs(position, { formatting: { ...edit.suggestion(), before } });
}
