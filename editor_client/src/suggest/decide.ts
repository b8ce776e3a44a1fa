/** Accept and reject: what stands afterwards, as one step of the undo history. */
import type { Editor } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import type { EditorState, Transaction } from "@tiptap/pm/state";
import { Selection } from "@tiptap/pm/state";
import type { UndoManager } from "yjs";
import { DECIDES } from "./extension";
import { keyOf, listSuggestions } from "./listing";
import type { Suggestion } from "./listing";
import type { Decide } from "./resolve";
import { goesAway, resolveNodes } from "./resolve";
import { decideTogether } from "./together";

/** A paragraph that loses more stretches than these is written anew in part. */
const MOST_ROUNDS = 60;

/** Decide in an editor, as one step of its history. Whether there was anything to decide. */
export function asOneStep(undoManager: UndoManager, editor: Editor, verdict: Decide, mayDecide = true): boolean {
  const { captureTimeout } = undoManager;
  undoManager.stopCapturing();
  // However long it takes in a long text.
  undoManager.captureTimeout = Infinity;
  try {
    // Under a name that others have, too, the server lets nobody write who only suggests.
    const isDone = mayDecide && decideTogether(editor, verdict);
    return decideIn(editor, verdict) || isDone;
  } finally {
    undoManager.captureTimeout = captureTimeout;
    undoManager.stopCapturing();
  }
}

function decideIn(editor: Editor, verdict: Decide): boolean {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const cut = cutLast(editor.state, verdict);
    if (!cut) break;
    editor.view.dispatch(cut);
  }
  const tr = decide(editor.state, verdict);
  if (tr) editor.view.dispatch(tr);
  return tr !== null;
}

/**
 * Takes the last stretch out of every line of text that is to lose several.
 *
 * The binding to the shared text sees one changed stretch in a line. If two went at once,
 * it would write the words between them anew: they would lose their comments, leave what
 * a colleague types in them at that moment where it does not belong, and stand there
 * twice when two people decide at once.
 */
function cutLast(state: EditorState, verdict: Decide): Transaction | null {
  const cuts: Cut[] = [];
  state.doc.descendants((node, position) => {
    if (!node.isTextblock) return true;
    for (const line of linesOf(node, position + 1, verdict)) {
      const last = line.length > 1 ? line.at(-1) : undefined;
      if (last) cuts.push(last);
    }
    return false;
  });
  if (!cuts.length) return null;
  const { tr } = state;
  for (const { from, to } of cuts.reverse()) tr.delete(from, to);
  return tr.setMeta(DECIDES, true);
}

interface Cut {
  readonly from: number;
  to: number;
}

/** What goes from each line of a paragraph; breaks and pictures part its lines. */
function linesOf(paragraph: Node, start: number, verdict: Decide): Cut[][] {
  const lines: Cut[][] = [[]];
  paragraph.forEach((child, offset) => {
    const line = lines.at(-1) ?? [];
    const from = start + offset;
    const to = from + child.nodeSize;
    if (!child.isText) lines.push([]);
    else if (goesAway(child, verdict)) {
      const last = line.at(-1);
      if (last?.to === from) last.to = to;
      else line.push({ from, to });
    }
  });
  return lines;
}

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

/** What is decided about these, and nothing about the others. */
export function onlyThese(keys: ReadonlySet<string>, isAccepted: boolean): Decide {
  return (suggested) => (keys.has(keyOf(suggested)) ? isAccepted : null);
}

export function decideThese(state: EditorState, keys: ReadonlySet<string>, isAccepted: boolean): Transaction | null {
  return decide(state, onlyThese(keys, isAccepted));
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
