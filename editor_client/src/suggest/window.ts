/**
 * Whether an edit was only a suggestion: with the person's suggestions rejected, and with
 * all rejected, the blocks are what they were. The server asks the same of each update.
 */
import type { Node } from "@tiptap/pm/model";
import { Fragment } from "@tiptap/pm/model";
import { attrsOf, blockStack } from "./blockLook";
import { ended } from "./ended";
import type { Decide } from "./layers";
import { befores } from "./layers";
import { isList } from "./relist";
import { resolveNodes } from "./resolve";
import { claim, marksOf, textStack } from "./textLook";

export function isOnlySuggestion(before: Node, after: Node, author: string): boolean {
  const [old, now] = changedBlocks(before, after);
  const mine: Decide = (suggested) => (suggested.author === author ? false : null);
  const all: Decide = () => false;
  return [mine, all].every((decide) =>
    Fragment.from(resolveNodes(old, decide).map(plainly)).eq(Fragment.from(resolveNodes(now, decide).map(plainly))),
  );
}

/** With all suggestions about looks written in one way: peers may hold them in any order. */
function plainly(node: Node): Node {
  if (node.isText) {
    if (!node.marks.some(({ type }) => type.name === "formatting")) return node;
    const stack = textStack(node.marks);
    const found = befores(stack);
    const layers = stack.layers.map(({ by: { id, author, at }, wishes }, index) => {
      const said = claim(Object.keys(wishes), found[index] ?? {});
      return { by: { id, author, at, rank: index, ...said }, wishes };
    });
    return node.mark([...marksOf({ base: stack.base, layers }, node)]);
  }
  if (node.isLeaf) return withLayers(node);
  return withLayers(node).copy(Fragment.from(node.content.content.map(plainly)));
}

function withLayers(node: Node): Node {
  if (!node.attrs["formatting"]) return node;
  return node.type.create({ ...node.attrs, ...attrsOf(blockStack(node)) }, node.content, node.marks);
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
  while (left > 0 && (isOpen(old[left - 1]) || mayJoin(old[left - 1]))) left -= 1;
  while (
    right > 0 &&
    (isOpen(old[old.length - 1 - right]) || isOpen(now[now.length - 1 - right]) || mayJoin(old[old.length - right]))
  ) {
    right -= 1;
  }
  return [old.slice(0, old.length - right).slice(left), now.slice(0, now.length - right).slice(left)];
}

function isOpen(node: Node | undefined): boolean {
  return node !== undefined && Boolean(ended(node, "insertion") ?? ended(node, "deletion"));
}

/** Whether an item that is made beside it would become one of it. */
function mayJoin(node: Node | undefined): boolean {
  return node !== undefined && (isList(node) || Boolean(node.attrs["listed"]));
}
