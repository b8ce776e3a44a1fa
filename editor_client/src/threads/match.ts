/**
 * Finds quoted words again in a text that was edited around them.
 *
 * The same words may stand in many places, so elsewhere than where they were they are
 * taken only when nothing but they can be meant. White space does not count, so a paragraph that was split or joined still holds its
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
  /** Letters of this context that another place with the same words shared when it was
   * quoted, the best of them; -1 when the words stood nowhere else. */
  readonly echo: number;
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

const BLANK = /[\s\u200b\u2060\ufeff\ufffc]/;
const CLUSTER = /\P{M}\p{M}*|\p{M}+/gu;
const MOST_CANDIDATES = 300;
/** Letters that must agree before words count as the same ones. */
const SURE = 10;
/** A quote that stands only once may be this short; and by so many letters of context a
 * place must be ahead of those that stood there already. */
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

/** The quote in a short stretch of `text`, where its words were a moment ago. */
export function findNear(text: Squeezed, quoted: Quoted, near: number): Range | null {
  const best = bestOf(placesOf(text, quoted), near);
  if (!best) return null;
  const length = plainOf(quoted.quote).length;
  const isSure = length + best.score >= SURE || (best.of === 1 && length >= SHORT);
  return isSure ? best : null;
}

/**
 * Where the quote stands in `text`, as offsets of its source; null when it does not, or
 * when it could be any of several places.
 *
 * Among several places the context decides, then the distance to `near`. `mayBeCopy`:
 * the words did stand in this text, so a place with the same words may have been there
 * all the time, and its context must say that it is not.
 */
export function findElsewhere(text: Squeezed, quoted: Quoted, near: number | null, mayBeCopy: boolean): Range | null {
  const best = bestOf(placesOf(text, quoted), near);
  if (!best) return null;
  const wasAlone = !mayBeCopy || quoted.echo < 0;
  const isAlone = wasAlone && best.of === 1 && plainOf(quoted.quote).length >= SHORT;
  return isAlone || best.score >= Math.max(SURE, quoted.echo + SHORT) ? best : null;
}

/** How much of the context of these words the same words elsewhere in `text` share. */
export function echoOf(text: Squeezed, quoted: Omit<Quoted, "echo">, own: Range): number {
  const others = placesOf(text, quoted).filter(({ from, to }) => from >= own.to || to <= own.from);
  return others.reduce((most, { score }) => Math.max(most, score), -1);
}

interface Candidate extends Range {
  readonly score: number;
}

function placesOf(text: Squeezed, quoted: Omit<Quoted, "echo">): Candidate[] {
  const quote = plainOf(quoted.quote);
  const before = plainOf(quoted.before);
  const after = plainOf(quoted.after);
  const found: Candidate[] = [];
  if (quote === "") return found;
  for (let at = text.plain.indexOf(quote); at >= 0; at = text.plain.indexOf(quote, at + 1)) {
    const score = sameBefore(text.plain, at, before) + sameAfter(text.plain, at + quote.length, after);
    found.push({ from: text.start[at] ?? 0, to: text.end[at + quote.length - 1] ?? 0, score });
    if (found.length === MOST_CANDIDATES) break;
  }
  return found;
}

function bestOf(places: readonly Candidate[], near: number | null): (Candidate & { of: number }) | null {
  let best: Candidate | null = null;
  const far = ({ from }: Candidate) => (near === null ? 0 : Math.abs(from - near));
  for (const each of places) {
    if (!best || each.score > best.score || (each.score === best.score && far(each) < far(best))) best = each;
  }
  return best && { ...best, of: places.length };
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
