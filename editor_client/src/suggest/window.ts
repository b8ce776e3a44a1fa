/**
 * Whether an edit was only a suggestion: with the person's suggestions rejected, and with
 * all rejected, the blocks are what they were. The server asks the same of each update.
 */
import type { Node } from "@tiptap/pm/model";
import { Fragment } from "@tiptap/pm/model";
import type { Decide } from "./resolve";
import { ended, resolveNodes } from "./resolve";

export function isOnlySuggestion(before: Node, after: Node, author: string): boolean {
  const [old, now] = changedBlocks(before, after);
  const mine: Decide = (suggested) => (suggested.author === author ? false : null);
  const all: Decide = () => false;
  return [mine, all].every((decide) =>
    Fragment.from(resolveNodes(old, decide)).eq(Fragment.from(resolveNodes(now, decide))),
  );
}

/** The blocks that differ, with those around them that an end without effect joins. */
function changedBlocks(before: Node, after: Node): [Node[], Node[]] {
  const old = before.content.content;
  const now = after.content.content;
  const most = Math.min(old.length, now.length);
  let left = 0;
  while (left < most && old[left] === now[left]) left += 1;
  let right = 0;
  while (right < most - left && old[old.length - 1 - right] === now[now.length - 1 - right]) right += 1;
  while (left > 0 && isOpen(old[left - 1])) left -= 1;
  while (right > 0 && (isOpen(old[old.length - 1 - right]) || isOpen(now[now.length - 1 - right]))) right -= 1;
  return [old.slice(0, old.length - right).slice(left), now.slice(0, now.length - right).slice(left)];
}

function isOpen(node: Node | undefined): boolean {
  return node !== undefined && Boolean(ended(node, "insertion") ?? ended(node, "deletion"));
}
