/**
 * What a direct edit owes to the suggestions around it: text that is typed inside a
 * suggestion is not part of it, and the end of a paragraph keeps what is suggested of it.
 *
 * Adds steps to the transaction; a document without suggestions gets none.
 */
import type { Node, ResolvedPos } from "@tiptap/pm/model";
import type { Transaction } from "@tiptap/pm/state";
import { ReplaceAroundStep, ReplaceStep } from "@tiptap/pm/transform";
import { SUGGESTION_NAMES } from "../schema/suggestions";
import { CELLS } from "./blockLook";
import { respanned } from "./cellLook";

interface End {
  /** A position inside the paragraph, in the document after the step. */
  readonly place: number;
  readonly insertion: unknown;
  readonly deletion: unknown;
}

export function keepApart(tr: Transaction): void {
  const { schema } = tr.doc.type;
  const { storedMarks } = tr;
  const count = tr.steps.length;
  for (let index = 0; index < count; index += 1) {
    const step = tr.steps[index];
    const before = tr.docs[index];
    if (step instanceof ReplaceAroundStep && before) respan(tr, index, step, before);
    if (!(step instanceof ReplaceStep) || !before) continue;
    const after = tr.docs[index + 1] ?? tr.doc;
    const end = step.from + step.slice.size;
    const later = tr.mapping.slice(index + 1);
    if (isText(step)) {
      const [from, to] = [later.map(step.from, -1), later.map(end, 1)];
      for (const name of SUGGESTION_NAMES) {
        const type = schema.marks[name];
        if (type && tr.doc.rangeHasMark(from, to, type)) tr.removeMark(from, to, type);
      }
    }
    for (const { place, insertion, deletion } of endsOf(before, after, step, end)) {
      const $place = tr.doc.resolve(later.map(place, -1));
      if ($place.parent.type.name !== "paragraph") continue;
      for (const [name, value] of Object.entries({ insertion, deletion })) {
        if (($place.parent.attrs[name] ?? null) !== value) tr.setNodeAttribute($place.before(), name, value);
      }
    }
  }
  if (storedMarks && tr.steps.length > count) tr.setStoredMarks(storedMarks);
}

/** What is suggested about the widths under a cell stays with its columns. */
function respan(tr: Transaction, index: number, step: ReplaceAroundStep, before: Node): void {
  const cell = before.nodeAt(step.from);
  const made = step.slice.content.firstChild;
  if (!cell?.attrs["formatting"] || !made || !CELLS.has(cell.type.name) || !CELLS.has(made.type.name)) return;
  const formatting = respanned(cell, made.attrs);
  const position = tr.mapping.slice(index + 1).map(step.from, 1);
  if (formatting !== cell.attrs["formatting"]) tr.setNodeAttribute(position, "formatting", formatting);
}

function isText(step: ReplaceStep): boolean {
  const { content } = step.slice;
  return content.childCount > 0 && content.content.every((node) => node.isText);
}

/** How the ends of the paragraphs on both sides of a step are to be. */
function endsOf(before: Node, after: Node, step: ReplaceStep, end: number): End[] {
  const [$from, $to] = [before.resolve(step.from), before.resolve(step.to)];
  const isOne = $from.sameParent($to);
  if (isOne && !step.slice.openStart && !step.slice.openEnd) return [];
  const old = paragraphAt($to);
  const left = paragraphAt(after.resolve(step.from));
  const right = paragraphAt(after.resolve(end));
  if (!old || !right) return [];
  const { insertion, deletion } = old.attrs;
  const ends = [{ place: end, insertion, deletion }];
  // Where a paragraph was cut, the first part's end is new and nobody's suggestion.
  if (left && left !== right) ends.push({ place: step.from, insertion: null, deletion: null });
  return ends;
}

function paragraphAt($place: ResolvedPos): Node | null {
  return $place.parent.type.name === "paragraph" ? $place.parent : null;
}
