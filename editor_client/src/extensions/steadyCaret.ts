/**
 * Keeps the caret at its word when a colleague presses Enter before it.
 *
 * A split reaches us as "the rest was deleted here and written there", so the shared
 * position of the caret dies with the deleted text and the caret would stay behind, at
 * the end of the first part: the next word is then typed in the wrong place. Text after
 * the changed stretch did not change, so a caret in it keeps its distance to the end.
 */
import { Extension } from "@tiptap/core";
import type { Node as ProseMirrorNode } from "@tiptap/pm/model";
import { Plugin, TextSelection } from "@tiptap/pm/state";
import { ySyncPluginKey } from "@tiptap/y-tiptap";

interface SyncMeta {
  readonly isChangeOrigin?: boolean;
  readonly isUndoRedoOperation?: boolean;
}

/** Where a position is in `after`, if it lies beyond all that changed; else null. */
export function placeAfterChange(
  before: ProseMirrorNode,
  after: ProseMirrorNode,
  position: number,
): number | null {
  const start = before.content.findDiffStart(after.content);
  const end = before.content.findDiffEnd(after.content);
  if (start === null || !end) return null;
  // Repeated letters let the two searches overlap; what lies before is not ours to say.
  if (position <= Math.max(start, end.a)) return null;
  return position + after.content.size - before.content.size;
}

export const SteadyCaret = Extension.create({
  name: "steadyCaret",
  addProseMirrorPlugins() {
    return [
      new Plugin({
        appendTransaction(transactions, before, after) {
          const isRemote = transactions.some((tr) => {
            const meta = tr.getMeta(ySyncPluginKey) as SyncMeta | undefined;
            return meta?.isChangeOrigin && !meta.isUndoRedoOperation && tr.docChanged;
          });
          const { selection } = before;
          if (!isRemote || !(selection instanceof TextSelection)) return null;
          const anchor = placeAfterChange(before.doc, after.doc, selection.anchor);
          const head = placeAfterChange(before.doc, after.doc, selection.head);
          if (anchor === null || head === null) return null;
          if (after.selection.anchor === anchor && after.selection.head === head) return null;
          const { doc } = after;
          return after.tr
            .setSelection(TextSelection.between(doc.resolve(anchor), doc.resolve(head)))
            .setMeta("addToHistory", false);
        },
      }),
    ];
  },
});
