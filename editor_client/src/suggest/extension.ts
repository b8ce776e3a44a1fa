/**
 * Wires suggestions into the editor: each edit of this person is taken as it is or turned
 * into a suggestion, by the mode; pasted and moved text carries nobody's suggestions.
 *
 * Edits that come from the shared document, undo among them, are left alone.
 */
import { Extension } from "@tiptap/core";
import type { Mark, Slice } from "@tiptap/pm/model";
import { Fragment, Slice as PmSlice } from "@tiptap/pm/model";
import { Plugin } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import { fixTablesKey } from "@tiptap/pm/tables";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import { SUGGESTION_NAMES } from "../schema/suggestions";
import type { Author } from "./author";
import { neighbour } from "./author";
import { CELLS } from "./blockLook";
import { keepApart } from "./direct";
import type { Refusal } from "./edit";
import { ended, suggestedOn } from "./resolve";
import { tableMarksOf } from "./tableMarks";
import { suggest } from "./transform";

/** On a transaction that accepts or rejects: it is meant as it is. */
export const DECIDES = "suggestions-decided";

export interface SuggestingOptions {
  readonly author: Author;
  readonly isSuggesting: () => boolean;
  readonly onRefused: (reason: Refusal) => void;
}

export const Suggesting = Extension.create<SuggestingOptions>({
  name: "suggesting",
  addOptions: () => ({
    author: { id: "", now: () => "", newId: () => "" },
    isSuggesting: () => false,
    onRefused: () => undefined,
  }),
  dispatchTransaction({ transaction, next }) {
    const isForeign = transaction.getMeta(ySyncPluginKey) !== undefined || transaction.getMeta(DECIDES) === true;
    if (!transaction.docChanged || isForeign) {
      next(transaction);
      return;
    }
    const { author, isSuggesting, onRefused } = this.options;
    if (!isSuggesting()) {
      keepApart(transaction);
      next(transaction);
      return;
    }
    const { state } = this.editor;
    const outcome = suggest(state, transaction, author);
    if ("refused" in outcome) onRefused(outcome.refused);
    // Also after a refusal: the browser may have changed the page by itself.
    next("refused" in outcome ? state.tr : outcome.tr);
  },
  addProseMirrorPlugins() {
    const { options } = this;
    return [
      new Plugin({
        // Holes of a table are filled by who may change what stands.
        filterTransaction: (tr) => !(options.isSuggesting() && tr.getMeta(fixTablesKey) !== undefined),
        props: {
          decorations: (state) => tableMarksOf(state.doc),
          transformPasted: (slice) => withoutSuggestions(slice),
          handleDOMEvents: {
            compositionstart: (view) => {
              beginComposing(view, options);
              return false;
            },
          },
        },
      }),
    ];
  },
});

/**
 * An input method owns the text it composes in: the marks must be there before its first
 * letter, because marking later would replace that text under its hands.
 */
function beginComposing(view: EditorView, { author, isSuggesting }: SuggestingOptions): void {
  if (!view.editable) return;
  if (isSuggesting() && !view.state.selection.empty) view.dispatch(view.state.tr.deleteSelection());
  const { state } = view;
  const { $from } = state.selection;
  const now = state.storedMarks ?? $from.marks();
  let marks: readonly Mark[] = now.filter(({ type: { name } }) => !(SUGGESTION_NAMES as readonly string[]).includes(name));
  const insertion = state.schema.marks["insertion"];
  if (isSuggesting() && insertion) {
    const found = neighbour($from, author);
    const named = found ?? { id: author.newId(), author: author.id, at: author.now() };
    marks = insertion.create({ id: named.id, author: named.author, at: named.at }).addToSet(marks);
  }
  const isSame = marks.length === now.length && marks.every((mark, index) => now[index] && mark.eq(now[index]));
  if (!isSame) view.dispatch(state.tr.setStoredMarks(marks));
}

/** As a reader would take it along: what is to go stays behind, nothing is marked. */
export function withoutSuggestions(slice: Slice): Slice {
  return new PmSlice(cleaned(slice.content), slice.openStart, slice.openEnd);
}

const KEPT = new Set(["paragraph", "tableCell", "tableHeader"]);

function cleaned(fragment: Fragment): Fragment {
  const kept: Fragment[] = [];
  fragment.forEach((node) => {
    if (node.isText) {
      if (suggestedOn(node.marks, "deletion")) return;
      const marks = node.marks.filter(({ type: { name } }) => !(SUGGESTION_NAMES as readonly string[]).includes(name));
      kept.push(Fragment.from(node.mark(marks)));
      return;
    }
    // A row or block that is to go stays behind; a paragraph's own end is no block, and
    // without a cell there would be a hole.
    if (!KEPT.has(node.type.name) && ended(node, "deletion")) return;
    const attrs: Record<string, unknown> = { ...node.attrs };
    if (node.type.name === "paragraph") Object.assign(attrs, { listed: null, nested: 0 });
    if (CELLS.has(node.type.name)) Object.assign(attrs, { headed: null, shape: null });
    for (const name of SUGGESTION_NAMES) if (name in attrs) attrs[name] = null;
    kept.push(Fragment.from(node.type.create(attrs, cleaned(node.content), node.marks)));
  });
  return kept.reduce((all, each) => all.append(each), Fragment.empty);
}
