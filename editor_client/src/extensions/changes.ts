/**
 * What really differs when a colleague's edit has replaced the whole document.
 *
 * Blocks that nobody touched are the same objects before and after, so they are found at
 * once; between them single letters are compared. Several colleagues in one edit are
 * several changes, not one from the first to the last. Pure.
 */
import type { Node } from "@tiptap/pm/model";
import { Fragment } from "@tiptap/pm/model";

export interface Change {
  /** In the document before. */
  readonly start: number;
  /** Ends of the changed stretch in the document before, and how long it is after. */
  readonly before: number;
  readonly length: number;
}

/** The stretches that differ, in order; positions are those of `before`. */
export function changesBetween(before: Node, after: Node): Change[] {
  const places = new Map<Node, number>();
  for (let index = 0; index < after.childCount; index += 1) places.set(after.child(index), index);
  const changes: Change[] = [];
  let gap: Node[] = [];
  let gapStart = 0;
  let next = 0;
  let position = 0;
  const close = (upTo: number) => {
    const fresh = Array.from({ length: upTo - next }, (_, index) => after.child(next + index));
    changes.push(...inGap(gap, fresh, gapStart));
    gap = [];
  };
  for (let index = 0; index < before.childCount; index += 1) {
    const child = before.child(index);
    const place = places.get(child);
    if (place !== undefined && place >= next) {
      close(place);
      next = place + 1;
      gapStart = position + child.nodeSize;
    } else gap.push(child);
    position += child.nodeSize;
  }
  close(after.childCount);
  return changes;
}

function inGap(old: readonly Node[], fresh: readonly Node[], start: number): Change[] {
  if (old.length !== fresh.length) return inStretch(Fragment.fromArray([...old]), Fragment.fromArray([...fresh]), start);
  const changes: Change[] = [];
  let position = start;
  old.forEach((node, index) => {
    const other = fresh[index];
    if (other) changes.push(...inStretch(Fragment.from(node), Fragment.from(other), position));
    position += node.nodeSize;
  });
  return changes;
}

function inStretch(old: Fragment, fresh: Fragment, position: number): Change[] {
  const start = old.findDiffStart(fresh, position);
  const end = old.findDiffEnd(fresh, position + old.size, position + fresh.size);
  if (start === null || !end) return [];
  // Repeated letters let the two searches overlap.
  const overlap = Math.max(0, start - Math.min(end.a, end.b));
  return [{ start, before: end.a + overlap, length: end.b + overlap - start }];
}
