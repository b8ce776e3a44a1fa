/**
 * A person's edit, turned into suggestions: nothing goes, what comes is marked.
 *
 * Takes the transaction that the editor would have made and gives one that does the same
 * as a suggestion, or the reason why it cannot be one (`Refusal`). What the person
 * suggested earlier is really changed. Pure but for `Author`; it must never let through
 * what is not only a suggestion: the result is checked as the server checks it.
 */
import type { EditorState, Transaction } from "@tiptap/pm/state";
import { Selection, TextSelection } from "@tiptap/pm/state";
import type { Step } from "@tiptap/pm/transform";
import { AddMarkStep, AttrStep, Mapping, RemoveMarkStep, ReplaceAroundStep, ReplaceStep } from "@tiptap/pm/transform";
import type { Author } from "./author";
import { isOwnGround } from "./author";
import { Edit, NotPossible } from "./edit";
import type { Refusal } from "./edit";
import { insertSlice } from "./insert";
import { reformat, restyle } from "./look";
import { remove } from "./remove";
import { isMovedCell, marksCells, reshow, resize } from "./units";
import { isOnlySuggestion } from "./window";

export type Outcome = { readonly tr: Transaction } | { readonly refused: Refusal };

export function suggest(state: EditorState, tr: Transaction, author: Author): Outcome {
  const edit = new Edit(state, author);
  edit.keepsSpans = marksCells(state.doc, tr, author);
  // Positions of a later step, taken back through the earlier ones and forth again.
  const mapping = new Mapping();
  for (const map of [...tr.mapping.maps].reverse()) mapping.appendMap(map.invert());
  let caret: number | null = null;
  try {
    tr.steps.forEach((step, index) => {
      const back = tr.steps.length - index;
      const map = (position: number, side: number) => mapping.slice(back).map(position, side);
      const done = edit.tr.steps.length;
      const mirrored = carryOut(edit, step, map);
      caret = caretAfter(tr, index, mirrored) ?? caret;
      edit.tr.mapping.maps.slice(done).forEach((stepMap, offset) => {
        const isMirror = mirrored !== null && done + offset === mirrored.step;
        mapping.appendMap(stepMap, isMirror ? back - 1 : undefined);
      });
    });
  } catch (error) {
    if (error instanceof NotPossible) return { refused: error.reason };
    // A step that does not fit where it is to go has no suggestion either.
    if (error instanceof RangeError || (error instanceof Error && error.name === "TransformError")) return { refused: "structure" };
    throw error;
  }
  if (!isOnlySuggestion(state.doc, edit.tr.doc, author.id)) return { refused: "structure" };
  return { tr: finish(state, tr, edit.tr, caret, mapping) };
}

interface Placed {
  /** The step of the result that puts the content in. */
  readonly step: number;
  readonly from: number;
  readonly at: number;
  readonly size: number;
}

function carryOut(edit: Edit, step: Step, map: (position: number, side: number) => number): Placed | null {
  if (step instanceof ReplaceStep) {
    const from = map(step.from, 1);
    const to = Math.max(from, map(step.to, step.from === step.to ? 1 : -1));
    if (isOwnGround(edit.tr.doc.resolve(from), edit.author) && isOwnGround(edit.tr.doc.resolve(to), edit.author)) {
      edit.tr.step(new ReplaceStep(from, to, step.slice));
      return { step: edit.tr.steps.length - 1, from: step.from, at: from, size: step.slice.size };
    }
    if (reshow(edit, from, to, step.slice) || isMovedCell(edit, from, step.slice)) return null;
    const at = remove(edit, from, to);
    if (!step.slice.size) return null;
    const first = edit.tr.steps.length;
    const begins = insertSlice(edit, at, step.slice);
    return { step: first, from: step.from, at: begins, size: step.slice.size };
  }
  if (step instanceof AddMarkStep || step instanceof RemoveMarkStep) {
    reformat(edit, map(step.from, 1), map(step.to, -1), step.mark, step instanceof AddMarkStep);
    return null;
  }
  if (step instanceof ReplaceAroundStep) {
    resize(edit, step, map);
    return null;
  }
  if (step instanceof AttrStep) {
    restyle(edit, map(step.pos, 1), step.attr, step.value);
    return null;
  }
  throw new NotPossible("structure");
}

/** Where the caret of the edit stands, if the content that this step put in says so. */
function caretAfter(tr: Transaction, index: number, placed: Placed | null): number | null {
  if (!placed || index !== tr.steps.length - 1) return null;
  const within = tr.selection.head - placed.from;
  return tr.selection.empty && within >= 0 && within <= placed.size ? placed.at + within : null;
}

function finish(state: EditorState, tr: Transaction, out: Transaction, caret: number | null, mapping: Mapping): Transaction {
  const limit = (position: number) => Math.min(Math.max(position, 0), out.doc.content.size);
  if (caret !== null) {
    out.setSelection(Selection.near(out.doc.resolve(limit(caret)), -1));
  } else if (tr.selection instanceof TextSelection) {
    const { anchor, head } = tr.selection;
    const side = isForwardDelete(state, tr) ? 1 : -1;
    const at = (position: number) => out.doc.resolve(limit(mapping.map(position, side)));
    out.setSelection(TextSelection.between(at(anchor), at(head)));
  }
  const metas = (tr as unknown as { meta: Record<string, unknown> }).meta;
  for (const [key, value] of Object.entries(metas)) out.setMeta(key, value);
  if (tr.storedMarksSet) out.setStoredMarks(tr.storedMarks);
  if (tr.scrolledIntoView) out.scrollIntoView();
  return out;
}

/** The Delete key: the caret goes past what is now marked, or it would never get on. */
function isForwardDelete(state: EditorState, tr: Transaction): boolean {
  const [step] = tr.steps;
  if (tr.steps.length !== 1 || !(step instanceof ReplaceStep) || step.slice.size) return false;
  return !state.selection.empty || state.selection.head === step.from;
}
