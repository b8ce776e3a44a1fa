/**
 * What keeps decorations of a long document cheap while people type in it.
 *
 * - A colleague's edit replaces the whole ProseMirror document, in which no decoration
 *   would survive: they are carried through what really differs.
 * - ProseMirror asks every set about every block and looks through the whole set each
 *   time, which is hundreds of thousands of steps for a letter. `quick` finds the block.
 */
import type { Node } from "@tiptap/pm/model";
import type { Transaction } from "@tiptap/pm/state";
import { Mapping, StepMap } from "@tiptap/pm/transform";
import type { Decoration } from "@tiptap/pm/view";
import { DecorationSet } from "@tiptap/pm/view";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import type { Change } from "./changes";
import { changesBetween } from "./changes";

/** True when the document was replaced by the shared one. */
export function isForeign(tr: Transaction): boolean {
  const sync = tr.getMeta(ySyncPluginKey) as { isChangeOrigin?: boolean } | undefined;
  return sync?.isChangeOrigin === true;
}

const known = new WeakMap<Transaction, readonly Change[]>();

/** The stretches that differ: several plugins ask about one transaction. */
export function changesOf(tr: Transaction): readonly Change[] {
  const changes = known.get(tr) ?? changesBetween(tr.before, tr.doc);
  known.set(tr, changes);
  return changes;
}

/** How positions move with a transaction, as if only what differs had been replaced. */
export function mappingOf(tr: Transaction): Mapping {
  if (!isForeign(tr)) return tr.mapping;
  const ranges = changesOf(tr).flatMap(({ start, before, length }) => [start, before - start, length]);
  return new Mapping(ranges.length > 0 ? [new StepMap(ranges)] : []);
}

/** How a set is made inside: triples of start, end and set, in order, and its own. */
interface Inside {
  readonly children: readonly (number | DecorationSet)[];
  readonly local: readonly (Decoration & { readonly inline?: boolean })[];
}

/** The same set, quicker where it has many parts. */
export function quick(set: DecorationSet): DecorationSet {
  if (set === DecorationSet.empty || Object.hasOwn(set, "forChild")) return set;
  const { children, local } = set as unknown as Inside;
  const lines = local.filter(({ inline }) => inline === true);
  set.forChild = (offset: number, node: Node): ReturnType<DecorationSet["forChild"]> => {
    if (node.isLeaf) return DecorationSet.empty;
    const [from, to] = [offset + 1, offset + 1 + node.content.size];
    // Letters of several blocks in a row: ProseMirror cuts them.
    if (lines.some((each) => each.from < to && each.to > from)) return DecorationSet.prototype.forChild.call(set, offset, node);
    return childAt(children, offset) ?? DecorationSet.empty;
  };
  return set;
}

function childAt(children: Inside["children"], offset: number): DecorationSet | null {
  let [low, high] = [0, children.length / 3];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((children[middle * 3] as number) < offset) low = middle + 1;
    else high = middle;
  }
  return children[low * 3] === offset ? (children[low * 3 + 2] as DecorationSet) : null;
}
