/**
 * Ties a thread to words of the shared document, and finds them again.
 *
 * An anchor is two relative positions, which follow the words through everybody's edits,
 * and the quote with what stood around it, which finds words that were cut and pasted,
 * split off or brought back. Positions name letters by random numbers, so in a document
 * that was made anew they lead nowhere by themselves. Nothing of it is in the document.
 * Pure. Must never throw because of what an anchor holds: it may come from anybody; and
 * never lead to other people's words that happen to be the same.
 */
import type { Doc } from "yjs";
import { createRelativePositionFromTypeIndex } from "yjs";
import type { Choice } from "../fields/choices";
import { isChoice } from "../fields/choices";
import type { Flat, Picture } from "./flat";
import type { Range } from "./match";
import { echoOf, findElsewhere, findNear, plainOf, resembles, squeeze } from "./match";
import { PICTURE, resolvePicture } from "./pictures";
import { encoded, NOWHERE, placeOf, stoodHere } from "./positions";
import type { Anchor } from "./types";

export const QUOTE_LENGTH = 1000;
export const CONTEXT_LENGTH = 48;
/** Of a longer quote so little is left that it is not the same words any more. */
const REMNANT = 2;
const AROUND = 64;
const BODY = "body";

/**
 * - `here`: the positions hold; `isChanged` when the words are not the quoted ones.
 * - `moved`: found again by the quote, so the positions should be renewed.
 * - `gone`: nowhere; the thread is listed with its quote.
 * Offsets are those of the flat text; `picture`: what it is when it is no words.
 */
export type Found =
  | { readonly kind: "here"; readonly from: number; readonly to: number; readonly isChanged: boolean; readonly picture?: Picture }
  | { readonly kind: "moved"; readonly from: number; readonly to: number; readonly picture?: Picture }
  | { readonly kind: "gone" };

/** An anchor on the words between two flat offsets; null when there is none. */
export function makeAnchor(flat: Flat, range: Range, part: string, epoch: number): Anchor | null {
  const words = flat.text.slice(range.from, range.to);
  const from = range.from + (words.length - words.trimStart().length);
  const to = range.to - (words.length - words.trimEnd().length);
  const start = flat.startAt(from);
  const end = flat.endAt(to);
  if (from >= to || !start || !end) return null;
  const quoted = {
    quote: whole(flat.text.slice(from, Math.min(to, from + QUOTE_LENGTH))),
    before: whole(flat.text.slice(Math.max(0, from - CONTEXT_LENGTH), from)),
    after: whole(flat.text.slice(to, to + CONTEXT_LENGTH)),
  };
  return {
    part,
    // Each sticks to its letter of the quote: what is written beside it stays outside.
    start: encoded(createRelativePositionFromTypeIndex(start.piece.type, start.index, 0)),
    end: encoded(createRelativePositionFromTypeIndex(end.piece.type, end.index, -1)),
    epoch,
    ...quoted,
    echo: echoOf(flat.plain, quoted, { from, to }),
  };
}

/** An anchor on a field as such, for one in which nothing is written: it has no words. */
export function wholeAnchor(flat: Flat, part: string, epoch: number): Anchor | null {
  const [piece] = flat.pieces;
  if (!piece || part === BODY) return null;
  return {
    part,
    start: encoded(createRelativePositionFromTypeIndex(piece.type, 0, 0)),
    end: encoded(createRelativePositionFromTypeIndex(piece.type, 0, -1)),
    epoch,
    quote: "",
    before: "",
    after: "",
    echo: -1,
  };
}

/** An anchor on a field that is chosen: it has no letters, and keeps what it said. */
export function choiceAnchor(part: Choice, value: string, epoch: number): Anchor {
  return { part, start: NOWHERE, end: NOWHERE, epoch, quote: value, before: "", after: "", echo: -1 };
}

/** Where the anchor's words are in `flat`, the flat text of the anchor's part. */
export function resolve(anchor: Anchor, flat: Flat, doc: Doc): Found {
  if (anchor.part === PICTURE) return resolvePicture(anchor, flat, doc);
  if (isChoice(anchor.part)) {
    return { kind: "here", from: 0, to: flat.text.length, isChanged: flat.text !== anchor.quote };
  }
  if (anchor.quote === "") {
    // A field stays, whatever is written in it.
    return anchor.part === BODY ? { kind: "gone" } : { kind: "here", from: 0, to: flat.text.length, isChanged: false };
  }
  const live = liveRange(anchor, flat, doc);
  const quote = plainOf(anchor.quote);
  const now = live ? plainOf(flat.text.slice(live.from, live.to)) : "";
  if (live && isSame(now, quote, anchor)) return { kind: "here", ...live, isChanged: false };
  // The whole quote around what is left of it, or where it was: a paragraph was split or
  // joined, or somebody else's undo brought the words back.
  const around = live && findAround(live, anchor, flat);
  if (around) return { kind: "moved", ...around };
  if (live && now !== "" && resembles(now, quote)) return { kind: "here", ...live, isChanged: true };
  const found = findElsewhere(flat.plain, anchor, live?.from ?? null, stoodHere(anchor, doc));
  if (found) return { kind: "moved", from: found.from, to: found.to };
  const isRemnant = now.length <= REMNANT && quote.length > REMNANT * 2;
  if (live && now !== "" && !isRemnant) return { kind: "here", ...live, isChanged: true };
  return { kind: "gone" };
}

/** Where the positions are now, empty when their words are gone; null when they are
 * nowhere in this part. */
export function liveRange(anchor: Anchor, flat: Flat, doc: Doc): Range | null {
  const from = offsetOf(anchor.start, flat, doc);
  const to = offsetOf(anchor.end, flat, doc);
  return from !== null && to !== null && from <= to ? { from, to } : null;
}

/** The quote where it touches `live`; only a short stretch is searched. */
function findAround(live: Range, anchor: Anchor, flat: Flat): Range | null {
  const reach = anchor.quote.length * 2 + AROUND;
  const start = Math.max(0, live.from - reach);
  const near = squeeze(flat.text.slice(start, live.to + reach));
  const found = findNear(near, anchor, live.from - start);
  const range = found && { from: found.from + start, to: found.to + start };
  return range && range.from <= live.to && range.to >= live.from ? range : null;
}

function offsetOf(position: string, flat: Flat, doc: Doc): number | null {
  const place = placeOf(position, doc);
  return place && flat.offsetIn(place.type, place.index);
}

/** A long quote keeps its beginning only. */
function isSame(now: string, quote: string, anchor: Anchor): boolean {
  return now === quote || (anchor.quote.length >= QUOTE_LENGTH - 1 && now.startsWith(quote));
}

/** Without half of a letter at either end, and without signs no database holds. */
function whole(text: string): string {
  return text
    .replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, "")
    .replace(/\u0000/g, "")
    .normalize("NFC");
}
