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
import type { Transaction } from "@tiptap/pm/state";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { changesOf, isForeign, mappingOf, quick } from "../extensions/decorations";

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
  /** Where these threads are in the shared document at this moment. */
  locate: (ids: ReadonlySet<string>) => readonly Highlight[];
  /** The person clicked on these threads' words, the shortest first. */
  onClick: (ids: readonly string[]) => void;
}

const key = new PluginKey<State>("threads");

function tints(doc: ProseMirrorNode, { ranges, active }: Highlighted): Decoration[] {
  const size = doc.content.size;
  return ranges
    .filter(({ from, to }) => from < to && to <= size)
    .map(({ id, from, to }) => {
      const attributes = { class: id === active ? "ed-thread is-active" : "ed-thread" };
      // A picture is a node; what is inline would not be seen upon it.
      const isPicture = doc.nodeAt(from)?.type.name === "image" && to === from + 1;
      return isPicture ? Decoration.node(from, to, attributes, { id }) : Decoration.inline(from, to, attributes, { id });
    });
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
            if (given) return { ...given, shown: quick(DecorationSet.create(tr.doc, tints(tr.doc, given))) };
            if (!tr.docChanged) return value;
            const shown = isForeign(tr) ? carry(value, tr, storage.hooks) : value.shown.map(tr.mapping, tr.doc);
            return { ...value, shown: quick(shown) };
          },
        },
        props: {
          decorations: (state) => key.getState(state)?.shown,
          handleClick(view, pos) {
            const found = key.getState(view.state)?.shown.find(pos, pos) ?? [];
            const ids = [...found].sort((a, b) => a.to - a.from - (b.to - b.from)).map(idOf);
            if (ids.length) storage.hooks?.onClick(ids);
            return false;
          },
        },
      }),
    ];
  },
});

/**
 * Tints of a document that was replaced as a whole, as if only what differs had been.
 * Those that begin or end in it are looked up, for they may have moved with their words.
 */
function carry({ shown, active }: State, tr: Transaction, hooks: Hooks | null): DecorationSet {
  const mapped = shown.map(mappingOf(tr), tr.doc);
  const torn = changesOf(tr).flatMap(({ start, before }) => {
    const isIn = (place: number) => place >= start && place <= before;
    return shown.find(start, before).filter(({ from, to }) => isIn(from) || isIn(to));
  });
  if (!torn.length || !hooks) return mapped;
  const ids = new Set(torn.map(idOf));
  const stale = mapped.find().filter((each) => ids.has(idOf(each)));
  return mapped.remove(stale).add(tr.doc, tints(tr.doc, { ranges: hooks.locate(ids), active }));
}

const idOf = ({ spec }: Decoration) => (spec as { id: string }).id;

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
  const places = new Map(shown.map((each) => [idOf(each), `${each.from}-${each.to}`]));
  return wanted.ranges.every(({ id, from, to }) => places.get(id) === `${from}-${to}`);
}
