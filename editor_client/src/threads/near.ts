/**
 * Words that were gone and come back nearly the same: cut, rewritten and pasted, or typed
 * again with small differences.
 *
 * Official letters repeat themselves, so likeness alone proves nothing. Words are taken
 * for those that went only where they were just written, when nothing like them stood
 * there before, and nothing else like them stands there now. Pure.
 */
import type { Range, Squeezed } from "./match";
import { plainOf } from "./match";

/** Shorter quotes are like too much. */
const LEAST = 16;
/** What may differ: each missing or other letter costs one, each added one a half. */
const SAME = 1 / 6;
/** What is as like as this could be meant as well. */
const ALIKE = 0.4;
const ADDED = 0.5;
const WORD = /[\p{L}\p{N}]/u;
const MOST_HITS = 300;
const MOST_WINDOWS = 8;
/** Steps that comparing may take at once, some ten milliseconds. */
const STEPS = 2_000_000;

/** In letters without white space. */
interface Hit extends Range {
  readonly cost: number;
}

export interface Before {
  readonly text: Squeezed;
  /** Where the words themselves stood in it, as offsets of its source. */
  readonly own: Range | null;
}

/**
 * Where the words of `quote` came back, as offsets of the source of `now`; null when they
 * did not, or when it could be any of several places. `fresh`: what was written since the
 * last look, see `freshIn`.
 */
export function findReturned(now: Squeezed, quote: string, before: Before, fresh: Range): Range | null {
  const wanted = plainOf(quote);
  if (wanted.length < LEAST || fresh.from >= fresh.to) return null;
  const reach = wanted.length * 2;
  const around = { from: Math.max(0, fresh.from - reach), to: fresh.to + reach };
  const best = mostAlike(now.plain, wanted, around);
  if (!best || best.cost > SAME * wanted.length || !overlap(best, fresh)) return null;
  if (mostAlike(without(now.plain, best), wanted)) return null;
  if (mostAlike(without(before.text.plain, ownIn(before)), wanted)) return null;
  return sourceOf(now, wholeWords(now, best));
}

/** The stretch around `held` that is most like the words by now: they may have been found
 * while they were still being written. */
export function bestAround(now: Squeezed, quote: string, held: Range): Range {
  const wanted = plainOf(quote);
  const [from, to] = [indexAt(now, held.from), indexAt(now, held.to)];
  if (wanted.length > Math.sqrt(STEPS / 4)) return held;
  const window = { from: Math.max(0, from - wanted.length), to: Math.min(now.plain.length, to + wanted.length) };
  const best = aligned(now.plain, wanted, window);
  return best.cost <= SAME * wanted.length ? sourceOf(now, wholeWords(now, best)) : held;
}

/** What differs in `now` from `before`, in letters without white space. */
export function freshIn(before: Squeezed, now: Squeezed): Range {
  const [old, text] = [before.plain, now.plain];
  const most = Math.min(old.length, text.length);
  let from = 0;
  while (from < most && old[from] === text[from]) from += 1;
  let left = 0;
  while (left < most - from && old[old.length - 1 - left] === text[text.length - 1 - left]) left += 1;
  return { from, to: text.length - left };
}

/** The place that is most like the words, if any is like them at all. */
function mostAlike(text: string, wanted: string, within: Range = { from: 0, to: text.length }): Hit | null {
  const most = Math.max(3, Math.min(MOST_WINDOWS, Math.floor(STEPS / (wanted.length * wanted.length * 3))));
  let best: Hit | null = null;
  for (const window of windows(text, wanted, within).slice(0, most)) {
    const hit = aligned(text, wanted, window);
    if (hit.cost <= ALIKE * wanted.length && (!best || hit.cost < best.cost)) best = hit;
  }
  return best;
}

/** The text with a sign in the place of a stretch, which would outshine what is beside it. */
const without = (text: string, taken: Range | null) =>
  taken ? `${text.slice(0, taken.from)}\u0000${text.slice(taken.to)}` : text;

/** Stretches of `text` that share pieces with the words, those that share most first. */
function windows(text: string, wanted: string, within: Range): Range[] {
  const size = Math.max(4, Math.floor(wanted.length / 8));
  const slack = Math.max(size, wanted.length >> 2);
  const shared = new Map<number, { pieces: Set<number>; low: number; high: number }>();
  for (let offset = 0; offset + size <= wanted.length; offset += size) {
    const piece = wanted.slice(offset, offset + size);
    let hits = 0;
    for (let at = text.indexOf(piece, within.from); at >= 0 && at + size <= within.to && hits < MOST_HITS; at = text.indexOf(piece, at + 1)) {
      hits += 1;
      const begins = at - offset;
      const near = Math.floor(begins / slack);
      // One that lies at the edge of two counts in both.
      for (const key of [near, near - 1]) {
        const known = shared.get(key) ?? { pieces: new Set<number>(), low: begins, high: begins };
        known.pieces.add(offset);
        known.low = Math.min(known.low, begins);
        known.high = Math.max(known.high, begins);
        shared.set(key, known);
      }
    }
  }
  return [...shared.values()]
    .sort((a, b) => b.pieces.size - a.pieces.size || a.low - b.low)
    .map(({ low, high }) => ({
      from: Math.max(0, low - slack),
      to: Math.min(text.length, high + wanted.length * 2),
    }));
}

/** The stretch of the window that is most like the words. */
function aligned(text: string, wanted: string, window: Range): Hit {
  const width = window.to - window.from;
  let costs = new Float64Array(width + 1);
  let begins = Int32Array.from({ length: width + 1 }, (_none, at) => at);
  for (let row = 1; row <= wanted.length; row += 1) {
    const letter = wanted.charCodeAt(row - 1);
    const next = new Float64Array(width + 1);
    const from = new Int32Array(width + 1);
    next[0] = row;
    for (let at = 1; at <= width; at += 1) {
      const matched = (costs[at - 1] ?? 0) + (text.charCodeAt(window.from + at - 1) === letter ? 0 : 1);
      const missing = (costs[at] ?? 0) + 1;
      const added = (next[at - 1] ?? 0) + ADDED;
      const least = Math.min(matched, missing, added);
      next[at] = least;
      from[at] = (least === matched ? begins[at - 1] : least === missing ? begins[at] : from[at - 1]) ?? 0;
    }
    costs = next;
    begins = from;
  }
  let end = 0;
  // Of two ends the later one: another letter in the place of the last one belongs to it.
  for (let at = 1; at <= width; at += 1) if ((costs[at] ?? 0) <= (costs[end] ?? 0)) end = at;
  return { from: window.from + (begins[end] ?? 0), to: window.from + end, cost: costs[end] ?? wanted.length };
}

const ownIn = ({ text, own }: Before): Range | null =>
  own && { from: indexAt(text, own.from), to: indexAt(text, own.to) };

const overlap = (a: Range, b: Range) => a.from < b.to && b.from < a.to;

const sourceOf = (text: Squeezed, { from, to }: Range) => ({ from: text.start[from] ?? 0, to: text.end[to - 1] ?? 0 });

/** The first letter at or behind an offset of the source. */
function indexAt({ start }: Squeezed, offset: number): number {
  let [low, high] = [0, start.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((start[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** With the words at its ends as a whole, or without them when most of them is outside. */
function wholeWords(text: Squeezed, { from, to }: Range): Range {
  const [first, last] = [wordAt(text, from), wordAt(text, to)];
  const begin = from - first.from <= first.to - from ? first.from : first.to;
  const end = last.to - to <= to - last.from ? last.to : last.from;
  return begin < end ? { from: begin, to: end } : { from, to };
}

function wordAt(text: Squeezed, at: number): Range {
  let [from, to] = [at, at];
  while (isInside(text, from)) from -= 1;
  while (isInside(text, to)) to += 1;
  return { from, to };
}

const isInside = ({ plain, start, end }: Squeezed, at: number) =>
  at > 0 && at < plain.length && end[at - 1] === start[at] && WORD.test(plain[at - 1] ?? "") && WORD.test(plain[at] ?? "");
