/** Which threads the panel shows, and in which order: that of the document. Pure. */
import { CHOICES } from "../fields/choices";
import { TEXT_FIELDS } from "../fields/names";
import { PICTURE } from "./pictures";
import type { Place } from "./places";
import type { Thread } from "./types";

export type Shelf = "open" | "mine" | "resolved";

export interface Filter {
  readonly shelf: Shelf;
  /** Id of the unit whose people began the thread; "" for all. */
  readonly unit: string;
}

export function isOn(shelf: Shelf, thread: Thread, userId: string): boolean {
  if (shelf === "resolved") return thread.state === "resolved";
  if (thread.state !== "open") return false;
  return shelf === "open" || isMine(thread, userId);
}

/** Begun by the person, in the person's hands, or naming the person. */
export function isMine(thread: Thread, userId: string): boolean {
  return (
    thread.author.id === userId ||
    thread.assignee?.id === userId ||
    thread.comments.some(({ mentions, removed_at }) => !removed_at && mentions.some(({ id }) => id === userId))
  );
}

export function filtered(
  threads: Iterable<Thread>,
  places: ReadonlyMap<string, Place>,
  { shelf, unit }: Filter,
  userId: string,
  /** It stays where it is read, though somebody settles it meanwhile. */
  active: string | null,
): Thread[] {
  return [...threads]
    .filter((thread) => thread.id === active || (isOn(shelf, thread, userId) && (unit === "" || thread.unit?.id === unit)))
    .map((thread) => ({ thread, rank: rankOf(thread, places.get(thread.id)) }))
    .sort((a, b) => compare(a.rank, b.rank) || (a.thread.id < b.thread.id ? -1 : 1))
    .map(({ thread }) => thread);
}

/** As the page shows them: the strip above it, then the letterhead. */
const FIELDS: readonly string[] = [
  ...CHOICES.slice(0, 3),
  ...TEXT_FIELDS.flatMap((name) => (name === "notation" ? ["number", name] : name === "place" ? [name, "date"] : [name])),
];

/** Fields, then the body, then what has lost its words, oldest first. */
function rankOf({ anchor }: Thread, place: Place | undefined): readonly [number, number, number] {
  if (!place || place.found.kind === "gone") return [2, 0, 0];
  const { from } = place.found;
  if (anchor.part === "body" || anchor.part === PICTURE) return [1, 0, from];
  return [0, FIELDS.indexOf(anchor.part), from];
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < a.length; at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference) return difference;
  }
  return 0;
}

/** Units that have begun threads, by name. */
export function unitsOf(threads: Iterable<Thread>): { id: string; name: string }[] {
  const units = new Map<string, string>();
  for (const { unit } of threads) if (unit) units.set(unit.id, unit.name);
  return [...units].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name, "vi"));
}
