/**
 * Offsets of the server in a text as it stands here.
 *
 * The server counts code points of the text in NFC, without characters that paper cannot
 * carry; the editor counts UTF-16 units of what was typed, which may be in any form. Pure.
 */

export interface Span {
  readonly from: number;
  readonly to: number;
}

// Exactly what the server leaves out.
const NOT_CARRIED = /[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]/gu;

interface Counted {
  /** The code points that the server counts. */
  readonly points: readonly string[];
  /** Where each begins here, and the end of the text. */
  readonly at: readonly number[];
}

export function counted(text: string): Counted {
  const points: string[] = [];
  const at: number[] = [];
  // A letter with the marks on it is one step of NFC.
  for (const match of text.matchAll(/\P{M}\p{M}*|\p{M}+/gu)) {
    for (const point of match[0].replace(NOT_CARRIED, "").normalize("NFC")) {
      points.push(point);
      at.push(match.index);
    }
  }
  at.push(text.length);
  return { points, at };
}

/**
 * Where the words that a fault means stand now: at its place, else where they are
 * nearest to it; null when they are gone. `words` "" is a place between two letters: it
 * holds only at the end, blanks aside, because nothing else tells that it is the same.
 */
export function findWords(text: string, start: number, end: number, words: string): Span | null {
  const { points, at } = counted(text);
  const span = (from: number, to: number): Span => ({ from: at[from] ?? text.length, to: at[to] ?? text.length });
  if (words === "") {
    return start <= points.length && points.slice(start).every((each) => each.trim() === "")
      ? span(start, points.length)
      : null;
  }
  const wanted = [...words];
  const isAt = (index: number) => wanted.every((each, offset) => points[index + offset] === each);
  if (end - start === wanted.length && isAt(start)) return span(start, end);
  let best: number | null = null;
  for (let index = 0; index + wanted.length <= points.length; index += 1) {
    if (isAt(index) && (best === null || Math.abs(index - start) < Math.abs(best - start))) best = index;
  }
  return best === null ? null : span(best, best + wanted.length);
}

/** The letters from `start` to `end` as far as the text has them; for showing alone. */
export function spanOf(text: string, start: number, end: number): Span {
  const { at } = counted(text);
  const last = at.length - 1;
  return { from: at[Math.min(start, last)] ?? 0, to: at[Math.min(Math.max(start, end), last)] ?? 0 };
}
