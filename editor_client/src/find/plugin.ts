/**
 * Highlights matches in the body and replaces them. "Replace all" is one undo step.
 *
 * Matches are found again after every change of the document; nothing is stored in it.
 */
import { Extension } from "@tiptap/core";
import type { Node as ProseMirrorNode } from "@tiptap/pm/model";
import type { EditorState } from "@tiptap/pm/state";
import { Plugin, PluginKey, TextSelection } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import type { FindOptions, Match } from "./match";
import { findAll } from "./match";

export interface Query extends FindOptions {
  readonly text: string;
}

export interface FindState {
  readonly query: Query | null;
  readonly matches: readonly Match[];
  /** Index of the match that is shown, or -1. */
  readonly current: number;
  readonly decorations: DecorationSet;
}

const NOTHING: FindState = {
  query: null,
  matches: [],
  current: -1,
  decorations: DecorationSet.empty,
};

export const findKey = new PluginKey<FindState>("find");

type FindMeta = { readonly query: Query | null } | { readonly current: number };

/** Matches in document positions. A match never crosses a paragraph. */
export function findInDocument(doc: ProseMirrorNode, query: Query): Match[] {
  const matches: Match[] = [];
  doc.descendants((node, position) => {
    if (!node.isTextblock) return true;
    // One unit for each leaf, so that offsets in the text are offsets in the node.
    const text = node.textBetween(0, node.content.size, "", "\ufffc");
    for (const { from, to } of findAll(text, query.text, query)) {
      matches.push({ from: position + 1 + from, to: position + 1 + to });
    }
    return false;
  });
  return matches;
}

function paint(doc: ProseMirrorNode, query: Query | null, wanted: number): FindState {
  if (!query?.text) return { ...NOTHING, query };
  const matches = findInDocument(doc, query);
  const current = Math.min(wanted, matches.length - 1);
  const decorations = matches.map(({ from, to }, index) =>
    Decoration.inline(from, to, {
      class: index === current ? "ed-match ed-match-current" : "ed-match",
    }),
  );
  return { query, matches, current, decorations: DecorationSet.create(doc, decorations) };
}

export function findStateOf(state: EditorState): FindState {
  return findKey.getState(state) ?? NOTHING;
}

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    find: {
      setQuery: (query: Query | null) => ReturnType;
      goToMatch: (step: 1 | -1) => ReturnType;
      replaceMatch: (replacement: string) => ReturnType;
      replaceAllMatches: (replacement: string) => ReturnType;
    };
  }
}

export const Find = Extension.create({
  name: "find",
  addCommands() {
    return {
      setQuery:
        (query) =>
        ({ tr }) => {
          tr.setMeta(findKey, { query } satisfies FindMeta);
          return true;
        },
      goToMatch:
        (step) =>
        ({ tr, state }) => {
          const { matches, current } = findStateOf(state);
          if (!matches.length) return false;
          const next = (Math.max(current, step > 0 ? -1 : 0) + step + matches.length) % matches.length;
          const match = matches[next];
          if (!match) return false;
          tr.setMeta(findKey, { current: next } satisfies FindMeta);
          tr.setSelection(TextSelection.create(tr.doc, match.from, match.to));
          return true;
        },
      replaceMatch:
        (replacement) =>
        ({ tr, state }) => {
          const { matches, current } = findStateOf(state);
          const match = matches[current];
          if (!match) return false;
          tr.insertText(replacement.normalize("NFC"), match.from, match.to);
          return true;
        },
      replaceAllMatches:
        (replacement) =>
        ({ tr, state }) => {
          const { matches } = findStateOf(state);
          // From the end, so that earlier positions stay right.
          for (const { from, to } of [...matches].reverse()) {
            tr.insertText(replacement.normalize("NFC"), from, to);
          }
          return matches.length > 0;
        },
    };
  },
  addProseMirrorPlugins() {
    return [
      new Plugin<FindState>({
        key: findKey,
        state: {
          init: () => NOTHING,
          apply(tr, value, _old, state) {
            const meta = tr.getMeta(findKey) as FindMeta | undefined;
            if (meta && "query" in meta) {
              const found = paint(state.doc, meta.query, -1);
              const here = found.matches.findIndex(({ from }) => from >= state.selection.from);
              return paint(state.doc, meta.query, here >= 0 ? here : 0);
            }
            if (meta) return paint(state.doc, value.query, meta.current);
            if (!tr.docChanged || !value.query) return value;
            return paint(state.doc, value.query, value.current);
          },
        },
        props: { decorations: (state) => findKey.getState(state)?.decorations },
      }),
    ];
  },
});
