/**
 * Where each thread's words are now, kept up while people edit.
 *
 * Everything is looked up again a moment after an edit, never in the way of typing. A
 * thread whose words were found by their quote is anchored there anew, by one of those
 * who may comment. Must never decide what a thread says.
 */
import type { Doc, Map as YMap, XmlFragment } from "yjs";
import { Text as YText } from "yjs";
import type { Readable } from "../collab/types";
import { cell } from "../collab/readable";
import { MOST_MOVED } from "./api";
import type { Found } from "./anchors";
import { choiceOf, isChoice } from "../fields/choices";
import { liveRange, makeAnchor, resolve } from "./anchors";
import { echoOf } from "./match";
import { bestAround, findReturned, freshIn } from "./near";
import type { Range } from "./match";
import type { Picture } from "./flat";
import { Flat, flatBody, flatChoice, flatField } from "./flat";
import type { Highlight } from "./highlights";
import { livePicture, PICTURE, pictureAnchor, pictureEcho } from "./pictures";
import type { Anchor, Thread } from "./types";

const QUIET_MS = 350;
const LONGEST_WAIT_MS = 2500;
/** Others may find the words too; the first who says so spares the rest the trouble. */
const MOVE_AFTER_MS = 1500;
const MOVE_SPREAD_MS = 2500;
/** Nobody waits for it: neither the typing here nor the server may feel it. */
const BETWEEN_MOVES_MS = 500;

export interface Place {
  readonly found: Found;
  /** ProseMirror range of an open thread of the body, if it has words there. */
  readonly span: { readonly from: number; readonly to: number } | null;
}

export interface PlacesParts {
  readonly doc: Doc;
  readonly body: XmlFragment;
  readonly fields: YMap<unknown>;
  readonly epoch: number;
  readonly leaves: ReadonlySet<string>;
  readonly threads: Readable<ReadonlyMap<string, Thread>>;
  readonly mayMove: () => boolean;
  /** Whether the server takes this person's word for where these words are now. */
  readonly leads: (thread: Thread) => boolean;
  /** At most `MOST_MOVED` of them. Never rejects. */
  readonly move: (anchors: ReadonlyMap<string, Anchor>) => Promise<void>;
}

export interface Places {
  readonly places: Readable<ReadonlyMap<string, Place>>;
  flatOf(part: string): Flat;
  /** Ranges of these threads in the body as it is now, also just after an edit. */
  highlights(ids: ReadonlySet<string>): readonly Highlight[];
  /** Ranges of these threads in the body, by their positions alone: quick. */
  locate(ids: ReadonlySet<string>): readonly Highlight[];
  destroy(): void;
}

const pause = (wait_ms: number) => new Promise((done) => setTimeout(done, wait_ms));
const EMPTY = new Flat([], new Map(), () => "");

interface Held {
  /** As it was when its words were found. */
  readonly thread: Thread;
  readonly anchor: Anchor;
  readonly isCopied?: boolean;
  /** They are not quite the quoted ones. */
  readonly isNear?: boolean;
}

const isSamePlace = (a: Anchor, b: Anchor) => a.start === b.start && a.end === b.end && a.epoch === b.epoch && a.echo === b.echo;
const nodeOf = ({ pos }: Picture) => ({ from: pos, to: pos + 1 });

function spanOf(part: string, found: Found, flat: Flat): Place["span"] {
  if (found.kind === "gone") return null;
  if (found.picture) return nodeOf(found.picture);
  return part === "body" ? flat.span(found.from, found.to) : null;
}

export function createPlaces(parts: PlacesParts): Places {
  const { doc, body, fields, epoch, threads } = parts;
  const places = cell<ReadonlyMap<string, Place>>(new Map());
  let flats = new Map<string, Flat>();
  let isMoving = false;
  let isBehind = false;
  const looked = new Map<string, Thread>();
  const held = new Map<string, Held>();
  /** The text in which each thread last had its words, and where. */
  const whole = new Map<string, { readonly flat: Flat; readonly range: Range }>();
  /** Where words were never seen here: the text in which they were first missed. */
  const missed = new Map<string, Flat>();
  /** Texts of the look before, and what was written since in each part. */
  let seen = new Map<string, Flat>();
  let fresh = new Map<string, Range>();
  let quiet: ReturnType<typeof setTimeout> | undefined;
  let longest: ReturnType<typeof setTimeout> | undefined;
  let moving: ReturnType<typeof setTimeout> | undefined;

  const flatOf = (part: string): Flat => {
    // Pictures stand in the body.
    const name = part === PICTURE ? "body" : part;
    const known = flats.get(name);
    if (known) return known;
    const made = flatAnew(name);
    flats.set(name, made);
    return made;
  };

  const flatAnew = (part: string): Flat => {
    if (part === "body") return flatBody(body, parts.leaves);
    if (isChoice(part)) return flatChoice(choiceOf(fields, part));
    const field = fields.get(part);
    return field instanceof YText ? flatField(field) : EMPTY;
  };

  /** All threads, a moment after an edit. */
  const look = () => {
    clearTimeout(quiet);
    clearTimeout(longest);
    longest = undefined;
    isBehind = false;
    looked.clear();
    lookForChanged();
    seen = new Map(flats);
    fresh = new Map();
  };
  /** What was found for the others holds until the text is looked through again. */
  const lookForChanged = () => {
    const next = new Map<string, Place>();
    const before = places.get();
    for (const thread of threads.get().values()) {
      const known = before.get(thread.id);
      if (known && looked.get(thread.id) === thread) {
        next.set(thread.id, known);
        continue;
      }
      looked.set(thread.id, thread);
      const flat = flatOf(thread.anchor.part);
      const found = lookFor(thread, flat);
      next.set(thread.id, { found, span: spanOf(thread.anchor.part, found, flat) });
    }
    places.set(next);
    for (const [part, flat] of flats) if (!seen.has(part)) seen.set(part, flat);
    planMoves();
  };

  /** Words that were found by their quote are held by positions of our own from then on,
   * so that nothing typed until the server has them can lose them again. */
  const lookFor = (thread: Thread, flat: Flat): Found => {
    const own = held.get(thread.id);
    if (own && own.thread.revision !== thread.revision) {
      // A word in the thread moves nothing.
      if (isSamePlace(own.thread.anchor, thread.anchor)) held.set(thread.id, { ...own, thread });
      else held.delete(thread.id);
    }
    const anchor = held.get(thread.id)?.anchor ?? thread.anchor;
    const found = resolve(anchor, flat, doc);
    const isWhole = found.kind === "here" && !found.isChanged && (anchor.quote !== "" || anchor.part === PICTURE);
    if (isWhole) whole.set(thread.id, { flat, range: found });
    if (found.kind === "gone") return cameBack(thread, flat) ?? found;
    missed.delete(thread.id);
    if (found.kind === "here" && held.get(thread.id)?.isNear) return polished(thread, found, flat);
    if (found.kind !== "moved") return found;
    const echo = anchor.echo < 0 ? copiesOf(thread.id, anchor) : anchor.echo;
    if (echo !== anchor.echo) {
      held.set(thread.id, { thread, anchor: { ...anchor, echo }, isCopied: true });
      return lookFor(thread, flat);
    }
    const { part, quote } = thread.anchor;
    const made = found.picture ? pictureAnchor(found.picture, flat, epoch) : makeAnchor(flat, found, part, epoch);
    // The quote is what the first comment speaks of: it stays.
    if (made) held.set(thread.id, { thread, anchor: { ...made, quote } });
    return found;
  };

  /** Words that were gone and were written again a little differently. */
  const cameBack = (thread: Thread, flat: Flat): Found | null => {
    const { part, quote } = thread.anchor;
    if (part === PICTURE || quote === "") return null;
    const last = whole.get(thread.id);
    const before = last ?? missed.get(thread.id);
    if (!before) {
      missed.set(thread.id, flat);
      return null;
    }
    const known = before instanceof Flat ? { text: before.plain, own: null } : { text: before.flat.plain, own: before.range };
    const range = findReturned(flat.plain, quote, known, freshOf(part, flat));
    return range && holdNear(thread, range, flat);
  };
  const holdNear = (thread: Thread, range: Range, flat: Flat): Found | null => {
    const { part, quote } = thread.anchor;
    const made = makeAnchor(flat, range, part, epoch);
    if (!made) return null;
    const echo = echoOf(flat.plain, { quote, before: made.before, after: made.after }, range);
    held.set(thread.id, { thread, anchor: { ...made, quote, echo }, isNear: true });
    return { kind: "here", ...range, isChanged: true };
  };
  /** They may have been found before they were written to the end. */
  const polished = (thread: Thread, found: Range & Found, flat: Flat): Found => {
    const range = bestAround(flat.plain, thread.anchor.quote, found);
    const isOther = range.from !== found.from || range.to !== found.to;
    return (isOther && holdNear(thread, range, flat)) || found;
  };
  const freshOf = (part: string, flat: Flat): Range => {
    const before = seen.get(part);
    const known = fresh.get(part) ?? (before && before !== flat ? freshIn(before.plain, flat.plain) : { from: 0, to: 0 });
    fresh.set(part, known);
    return known;
  };

  /** Words that stood alone when they were quoted may have been written elsewhere since:
   * what is left now is then no move. Seen in the text as it was before they went. */
  const copiesOf = (id: string, anchor: Anchor): number => {
    const last = whole.get(id);
    if (!last) return anchor.echo;
    return anchor.part === PICTURE ? pictureEcho(last.flat, anchor.before) : echoOf(last.flat.plain, anchor, last.range);
  };

  const planMoves = () => {
    clearTimeout(moving);
    const isDue = held.size > 0;
    if (isDue && !isMoving && parts.mayMove()) moving = setTimeout(() => void move(), MOVE_AFTER_MS + Math.random() * MOVE_SPREAD_MS);
  };
  /** Many together: a text that was made anew makes all threads of a draft due at once. */
  const move = async () => {
    isMoving = true;
    // Others may be at it too: they begin elsewhere.
    const due = [...held.keys()].sort(() => Math.random() - 0.5);
    while (due.length > 0 && parts.mayMove()) {
      const anchors = stillDue(due.splice(0, MOST_MOVED));
      if (anchors.size === 0) continue;
      await parts.move(anchors);
      await pause(BETWEEN_MOVES_MS);
    }
    isMoving = false;
  };
  /** Those that nobody has moved meanwhile, and whose words are there or known to be gone. */
  const stillDue = (ids: readonly string[]): Map<string, Anchor> => {
    const anchors = new Map<string, Anchor>();
    for (const id of ids) {
      const own = held.get(id);
      const isFound = own?.isCopied === true || places.get().get(id)?.found.kind !== "gone";
      const isTaken = own?.isNear !== true || parts.leads(own.thread);
      if (own && isFound && isTaken && threads.get().get(id)?.revision === own.thread.revision) anchors.set(id, own.anchor);
    }
    return anchors;
  };

  const onEdit = () => {
    flats = new Map();
    fresh = new Map();
    isBehind = true;
    clearTimeout(quiet);
    quiet = setTimeout(look, QUIET_MS);
    longest ??= setTimeout(look, LONGEST_WAIT_MS);
  };
  doc.on("update", onEdit);
  const stop = threads.subscribe(lookForChanged);

  const locate = (ids: ReadonlySet<string>): readonly Highlight[] => {
    flats = new Map();
    const flat = flatOf("body");
    const found: Highlight[] = [];
    for (const id of ids) {
      const anchor = held.get(id)?.anchor ?? threads.get().get(id)?.anchor;
      const range = anchor?.part === "body" ? liveRange(anchor, flat, doc) : null;
      const picture = anchor?.part === PICTURE ? livePicture(anchor, flat, doc) : null;
      const span = picture ? nodeOf(picture) : range && flat.span(range.from, range.to);
      if (span) found.push({ id, ...span });
    }
    return found;
  };

  return {
    places,
    flatOf,
    highlights(ids) {
      // A comment may come together with an edit: its words are elsewhere by then.
      if (isBehind) return locate(ids);
      return [...ids].flatMap((id) => {
        const span = places.get().get(id)?.span;
        return span ? [{ id, ...span }] : [];
      });
    },
    locate,
    destroy() {
      doc.off("update", onEdit);
      stop();
      clearTimeout(quiet);
      clearTimeout(longest);
      clearTimeout(moving);
    },
  };
}
