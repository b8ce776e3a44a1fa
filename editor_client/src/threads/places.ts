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
import type { Found } from "./anchors";
import { liveRange, makeAnchor, resolve } from "./anchors";
import { Flat, flatBody, flatField } from "./flat";
import type { Highlight } from "./highlights";
import type { Anchor, Thread } from "./types";

const QUIET_MS = 200;
const LONGEST_WAIT_MS = 1200;
/** Others may find the words too; the first who says so spares the rest the trouble. */
const MOVE_AFTER_MS = 1500;
const MOVE_SPREAD_MS = 2500;

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
  readonly move: (thread: Thread, anchor: Anchor) => void;
}

export interface Places {
  readonly places: Readable<ReadonlyMap<string, Place>>;
  flatOf(part: string): Flat;
  /** Ranges of these threads in the body, by their positions alone: quick. */
  locate(ids: ReadonlySet<string>): readonly Highlight[];
  destroy(): void;
}

const EMPTY = new Flat([], new Map(), () => "");

export function createPlaces(parts: PlacesParts): Places {
  const { doc, body, fields, epoch, threads } = parts;
  const places = cell<ReadonlyMap<string, Place>>(new Map());
  let flats = new Map<string, Flat>();
  let quiet: ReturnType<typeof setTimeout> | undefined;
  let longest: ReturnType<typeof setTimeout> | undefined;
  let moving: ReturnType<typeof setTimeout> | undefined;

  const flatOf = (part: string): Flat => {
    const known = flats.get(part);
    if (known) return known;
    const field = part === "body" ? null : fields.get(part);
    const made = part === "body" ? flatBody(body, parts.leaves) : field instanceof YText ? flatField(field) : EMPTY;
    flats.set(part, made);
    return made;
  };

  const look = () => {
    clearTimeout(quiet);
    clearTimeout(longest);
    longest = undefined;
    const next = new Map<string, Place>();
    for (const thread of threads.get().values()) {
      const flat = flatOf(thread.anchor.part);
      const found = resolve(thread.anchor, flat, doc, epoch);
      const isInBody = thread.anchor.part === "body" && found.kind !== "gone";
      next.set(thread.id, { found, span: isInBody ? flat.span(found.from, found.to) : null });
    }
    places.set(next);
    planMoves();
  };

  const planMoves = () => {
    clearTimeout(moving);
    const isDue = [...places.get().values()].some(({ found }) => found.kind === "moved");
    if (isDue && parts.mayMove()) moving = setTimeout(move, MOVE_AFTER_MS + Math.random() * MOVE_SPREAD_MS);
  };
  const move = () => {
    if (!parts.mayMove()) return;
    for (const [id, { found }] of places.get()) {
      const thread = threads.get().get(id);
      if (!thread || found.kind !== "moved") continue;
      const { part } = thread.anchor;
      const anchor = makeAnchor(flatOf(part), found, part, epoch);
      // The quote is what the first comment speaks of: it stays.
      if (anchor) parts.move(thread, { ...anchor, quote: thread.anchor.quote });
    }
  };

  const onEdit = () => {
    flats = new Map();
    clearTimeout(quiet);
    quiet = setTimeout(look, QUIET_MS);
    longest ??= setTimeout(look, LONGEST_WAIT_MS);
  };
  doc.on("update", onEdit);
  const stop = threads.subscribe(look);

  return {
    places,
    flatOf,
    locate(ids) {
      flats = new Map();
      const flat = flatOf("body");
      const found: Highlight[] = [];
      for (const id of ids) {
        const anchor = threads.get().get(id)?.anchor;
        const range = anchor?.part === "body" && anchor.epoch === epoch ? liveRange(anchor, flat, doc) : null;
        const span = range && flat.span(range.from, range.to);
        if (span) found.push({ id, ...span });
      }
      return found;
    },
    destroy() {
      doc.off("update", onEdit);
      stop();
      clearTimeout(quiet);
      clearTimeout(longest);
      clearTimeout(moving);
    },
  };
}
