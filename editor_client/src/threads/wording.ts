/** How a suggestion for a field stands to what the field says now. Pure. */
import type { TextField } from "../fields/names";
import type { FieldSuggestion, Thread } from "./types";

/** Fields that are written in lines (server/review/words.py: IN_LINES). */
const IN_LINES: ReadonlySet<string> = new Set<TextField>([
  "addressees",
  "recipients",
  "signer_authority",
  "enacting_authority",
  "contact",
]);

export const isInLines = (part: string) => IN_LINES.has(part);

/** What a field says, whatever blanks and empty lines stand around it. */
export function fieldWords(part: string, text: string): string {
  const lines = text.normalize("NFC").split(/\r\n?|\n/).map((line) => line.trim()).filter(Boolean);
  return lines.join(isInLines(part) ? "\n" : " ");
}

/**
 * - `open`: the field says what it said to whoever suggested.
 * - `changed`: it says something else by now.
 * - `said`: it says already what is suggested.
 */
export type Standing = "open" | "changed" | "said";

export function standingOf({ old, new: wanted }: FieldSuggestion, part: string, now: string): Standing {
  const words = fieldWords(part, now);
  if (words === wanted) return "said";
  return words === old ? "open" : "changed";
}

/** The suggestion of a thread that waits for a decision. */
export function waitingOf(thread: Thread): FieldSuggestion | null {
  const { suggestion, state } = thread;
  return state === "open" && suggestion?.state === "open" ? suggestion : null;
}

/** What a field would say if what waits for it were accepted, in the order in which it
 * was suggested; what must be looked at first is left out. */
export function finalWords(part: string, now: string, threads: Iterable<Thread>): string {
  const waiting = inOrder(threads).filter(({ anchor }) => anchor.part === part);
  return waiting.reduce((words, thread) => {
    const suggested = waitingOf(thread);
    return suggested && standingOf(suggested, part, words) === "open" ? suggested.new : words;
  }, now);
}

/** Threads whose suggestions wait, the first one first. */
export function inOrder(threads: Iterable<Thread>): Thread[] {
  const byTime = (a: Thread, b: Thread) => (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0);
  return [...threads].filter((each) => waitingOf(each)).sort(byTime);
}
