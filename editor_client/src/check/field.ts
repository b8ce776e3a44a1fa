/** Faults of the letterhead: their mending as an edit of the shared text. */
import type { Map as YMap } from "yjs";
import { Text as YText } from "yjs";
import { FIELD_ORIGIN } from "../extensions/undo";
import { diff } from "../fields/textDiff";
import type { Fault } from "./faults";
import { findWords } from "./text";

/** Writes `text` into a shared text by its smallest edit. */
export function rewrite(shared: YText, text: string): void {
  const edit = diff(shared.toString(), text, text.length);
  if (!edit) return;
  if (edit.remove) shared.delete(edit.index, edit.remove);
  if (edit.insert) shared.insert(edit.index, edit.insert);
}

/** Whether it was mended; not when the words that it corrects are gone. */
export function fixField(fields: YMap<unknown>, fault: Fault): boolean {
  const { fix, place } = fault;
  const shared = place.field === null ? undefined : fields.get(place.field);
  if (fix?.kind !== "replace" || !(shared instanceof YText)) return false;
  const text = shared.toString();
  const span = findWords(text, place.start, place.end, fix.from);
  if (!span) return false;
  shared.doc?.transact(() => rewrite(shared, text.slice(0, span.from) + fix.to + text.slice(span.to)), FIELD_ORIGIN);
  return true;
}
