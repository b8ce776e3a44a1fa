/**
 * Shows in the body which words threads speak of: a tint that deepens where they overlap.
 *
 * What is typed here moves the tints with it. A change that comes from elsewhere replaces
 * the whole ProseMirror document, so they are laid anew from the shared document. Must
 * never put anything into the document.
 */
import type { Editor } from "@tiptap/core";
import { Extension } from "@tiptap/core";
import type { Node as ProseMirrorNode } from "@tiptap/pm/model";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { ySyncPluginKey } from "@tiptap/y-tiptap";

export interface Highlight {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

export interface Highlighted {
  readonly ranges: readonly Highlight[];
  readonly active: string | null;
}

interface State extends Highlighted {
  readonly shown: DecorationSet;
}

interface Hooks {
  /** Where the threads are in the shared document at this moment. */
  locate: () => readonly Highlight[];
  /** The person clicked on these threads' words, the shortest first. */
  onClick: (ids: readonly string[]) => void;
}

const key = new PluginKey<State>("threads");

function draw(doc: ProseMirrorNode, { ranges, active }: Highlighted): DecorationSet {
  const size = doc.content.size;
  return DecorationSet.create(
    doc,
    ranges
      .filter(({ from, to }) => from < to && to <= size)
      .map(({ id, from, to }) =>
        Decoration.inline(from, to, { class: id === active ? "ed-thread is-active" : "ed-thread" }, { id }),
      ),
  );
}

export const Highlights = Extension.create<object, { hooks: Hooks | null }>({
  name: "threads",
  addStorage: () => ({ hooks: null }),
  addProseMirrorPlugins() {
    const { storage } = this;
    return [
      new Plugin<State>({
        key,
        state: {
          init: () => ({ ranges: [], active: null, shown: DecorationSet.empty }),
          apply(tr, value): State {
            const given = tr.getMeta(key) as Highlighted | undefined;
            if (given) return { ...given, shown: draw(tr.doc, given) };
            if (!tr.docChanged) return value;
            const sync = tr.getMeta(ySyncPluginKey) as { isChangeOrigin?: boolean } | undefined;
            if (sync?.isChangeOrigin && storage.hooks) {
              const next = { ranges: storage.hooks.locate(), active: value.active };
              return { ...next, shown: draw(tr.doc, next) };
            }
            return { ...value, shown: value.shown.map(tr.mapping, tr.doc) };
          },
        },
        props: {
          decorations: (state) => key.getState(state)?.shown,
          handleClick(view, pos) {
            const found = key.getState(view.state)?.shown.find(pos, pos) ?? [];
            const ids = [...found]
              .sort((a, b) => a.to - a.from - (b.to - b.from))
              .map(({ spec }) => (spec as { id: string }).id);
            if (ids.length) storage.hooks?.onClick(ids);
            return false;
          },
        },
      }),
    ];
  },
});

export function hookHighlights(editor: Editor, hooks: Hooks): void {
  (editor.storage as unknown as { threads: { hooks: Hooks | null } }).threads.hooks = hooks;
}

export function showHighlights(editor: Editor, highlighted: Highlighted): void {
  if (editor.isDestroyed || isShown(key.getState(editor.state), highlighted)) return;
  editor.view.dispatch(editor.state.tr.setMeta(key, highlighted).setMeta("addToHistory", false));
}

/** Ranges that were mapped through what was typed are compared as they stand now. */
function isShown(state: State | undefined, wanted: Highlighted): boolean {
  if (!state || state.active !== wanted.active) return false;
  const shown = state.shown.find();
  if (shown.length !== wanted.ranges.length) return false;
  const places = new Map(shown.map(({ from, to, spec }) => [(spec as { id: string }).id, `${from}-${to}`]));
  return wanted.ranges.every(({ id, from, to }) => places.get(id) === `${from}-${to}`);
}
