/** Accept and reject: what stands afterwards, as one step of the undo history. */
import type { EditorState, Transaction } from "@tiptap/pm/state";
import { Selection } from "@tiptap/pm/state";
import { DECIDES } from "./extension";
import { keyOf, listSuggestions } from "./listing";
import type { Suggestion } from "./listing";
import type { Decide } from "./resolve";
import { resolveNodes } from "./resolve";

/** Null when nothing is decided. */
export function decide(state: EditorState, verdict: Decide): Transaction | null {
  const { doc } = state;
  const old = doc.content.content;
  const now = resolveNodes(old, verdict);
  const paragraph = state.schema.nodes["paragraph"];
  if (!now.length && paragraph) now.push(paragraph.create());
  const most = Math.min(old.length, now.length);
  let left = 0;
  while (left < most && old[left] === now[left]) left += 1;
  let right = 0;
  while (right < most - left && old[old.length - 1 - right] === now[now.length - 1 - right]) right += 1;
  if (left === old.length && left === now.length) return null;
  const size = (nodes: readonly { nodeSize: number }[]) => nodes.reduce((sum, node) => sum + node.nodeSize, 0);
  const from = size(old.slice(0, left));
  const to = doc.content.size - size(old.slice(old.length - right));
  const tr = state.tr.replaceWith(from, to, now.slice(left, now.length - right));
  const { head } = state.selection;
  const place = head >= to ? tr.mapping.map(head) : Math.min(head, tr.doc.content.size);
  return tr.setSelection(Selection.near(tr.doc.resolve(place))).setMeta(DECIDES, true);
}

export function decideThese(state: EditorState, keys: ReadonlySet<string>, isAccepted: boolean): Transaction | null {
  return decide(state, (suggested) => (keys.has(keyOf(suggested)) ? isAccepted : null));
}

/** The suggestions that a range touches. */
export function suggestionsIn(state: EditorState, from: number, to: number): Suggestion[] {
  return listSuggestions(state.doc).filter((each) => each.from <= to && each.to >= from);
}

/** The next suggestion after a position, or the first; `step` -1 goes back. */
export function nextSuggestion(list: readonly Suggestion[], position: number, step: 1 | -1): Suggestion | null {
  if (step > 0) return list.find((each) => each.from > position) ?? list[0] ?? null;
  return list.findLast((each) => each.to < position) ?? list.at(-1) ?? null;
}
