/**
 * Finds quoted words again in a text that was edited around them.
 *
 * White space does not count, so a paragraph that was split or joined still holds its
 * words; nor does the way in which an accented letter is stored. Pure.
 */

/** A text without its white space; `start[i]` and `end[i]`: where letter i stood. */
export interface Squeezed {
  readonly plain: string;
  readonly start: readonly number[];
  readonly end: readonly number[];
}

export interface Quoted {
  readonly quote: string;
  readonly before: string;
  readonly after: string;
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

const BLANK = /[\s\u200b\u2060\ufeff\ufffc]/;
const CLUSTER = /\P{M}\p{M}*|\p{M}+/gu;
const MOST_CANDIDATES = 300;
/** Letters of quote and context that must agree before words count as the same ones. */
const SURE = 10;
/** A quote that stands only once may be this short. */
const SHORT = 4;

export function squeeze(text: string): Squeezed {
  const plain: string[] = [];
  const start: number[] = [];
  const end: number[] = [];
  const keep = (letter: string, from: number, to: number) => {
    if (BLANK.test(letter)) return;
    plain.push(letter);
    start.push(from);
    end.push(to);
  };
  if (text.normalize("NFC") === text) {
    for (let at = 0; at < text.length; at += 1) keep(text.charAt(at), at, at + 1);
  } else {
    for (const { 0: cluster, index } of text.matchAll(CLUSTER)) {
      const stored = cluster.normalize("NFC");
      for (let at = 0; at < stored.length; at += 1) keep(stored.charAt(at), index, index + cluster.length);
    }
  }
  return { plain: plain.join(""), start, end };
}

export function plainOf(text: string): string {
  return squeeze(text).plain;
}

/**
 * Where the quote stands in `text`, as offsets of its source; null when it does not, or
 * when it could be any of several places.
 *
 * Among several places the context decides, then the distance to `near`.
 */
export function findQuote(text: Squeezed, quoted: Quoted, near: number | null): Range | null {
  const quote = plainOf(quoted.quote);
  if (quote === "") return null;
  const before = plainOf(quoted.before);
  const after = plainOf(quoted.after);
  let best: { at: number; score: number; distance: number } | null = null;
  let count = 0;
  for (let at = text.plain.indexOf(quote); at >= 0; at = text.plain.indexOf(quote, at + 1)) {
    count += 1;
    if (count > MOST_CANDIDATES) break;
    const score = sameBefore(text.plain, at, before) + sameAfter(text.plain, at + quote.length, after);
    const distance = near === null ? 0 : Math.abs((text.start[at] ?? 0) - near);
    if (!best || score > best.score || (score === best.score && distance < best.distance)) {
      best = { at, score, distance };
    }
  }
  if (!best) return null;
  const isSure = quote.length + best.score >= SURE || (count === 1 && quote.length >= SHORT);
  if (!isSure) return null;
  return { from: text.start[best.at] ?? 0, to: text.end[best.at + quote.length - 1] ?? 0 };
}

/** Whether two texts without white space share enough pairs of letters. */
export function resembles(now: string, quote: string): boolean {
  if (now === quote) return true;
  const pairs = new Map<string, number>();
  for (let at = 0; at + 1 < quote.length; at += 1) {
    const pair = quote.slice(at, at + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  let shared = 0;
  for (let at = 0; at + 1 < now.length; at += 1) {
    const pair = now.slice(at, at + 2);
    const left = pairs.get(pair) ?? 0;
    if (left === 0) continue;
    pairs.set(pair, left - 1);
    shared += 1;
  }
  // Words written between the quoted ones do not make them less.
  return shared * 2 >= Math.max(1, quote.length - 1);
}

function sameBefore(text: string, at: number, before: string): number {
  let count = 0;
  while (count < before.length && count < at && text[at - 1 - count] === before[before.length - 1 - count]) count += 1;
  return count;
}

function sameAfter(text: string, at: number, after: string): number {
  let count = 0;
  while (count < after.length && text[at + count] === after[count]) count += 1;
  return count;
}
