/**
 * Marks the block that the caret is in, so that the browser always lays it out.
 *
 * Why: blocks out of sight are spared (ui/offscreen.ts), and a new one counts as out of
 * sight until the next frame. Chrome puts the caret before a letter that is typed into a
 * block it has not laid out: on a slow computer, where keys wait for each other, the first
 * letter after Enter went to the end of the line. Must never change the document.
 */
import { Extension } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { Plugin, type EditorState } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";

export const HERE = "is-here";

/** The block of the text (not of a list or a table in it) with the caret. */
export function hereBlock(state: EditorState): { from: number; to: number } | null {
  const { $head } = state.selection;
  if ($head.depth === 0) return null;
  return { from: $head.before(1), to: $head.after(1) };
}

export const HereBlock = Extension.create({
  name: "hereBlock",
  addProseMirrorPlugins() {
    let known: { doc: Node; from: number; set: DecorationSet } | null = null;
    const decorations = (state: EditorState): DecorationSet | null => {
      const here = hereBlock(state);
      if (!here) return null;
      if (known?.doc !== state.doc || known.from !== here.from) {
        const mark = Decoration.node(here.from, here.to, { class: HERE });
        known = { doc: state.doc, from: here.from, set: DecorationSet.create(state.doc, [mark]) };
      }
      return known.set;
    };
    return [new Plugin({ props: { decorations } })];
  },
});
