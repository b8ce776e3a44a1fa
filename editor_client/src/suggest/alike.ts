/**
 * Changes of the shared text that are the same change when several people make them.
 *
 * What two people write is two things to the engine, though the words be the same: each
 * letter is named by its writer and a number. Here a change is written under a name that
 * follows from all that it depends on. Whoever does the same to the same text at the same
 * moment writes the very same letters, and the engine keeps one of them. Must only be
 * used for changes that depend on nothing but what is in the seed: the same name for
 * different letters would part the copies for ever.
 */
import type { AbstractType, Doc, Item } from "yjs";
import { ContentFormat, ContentType, XmlElement } from "yjs";

/** Which rules make the change: pages of another age may make it otherwise. */
const RULES = 1;

/** Carry out a change, inside a transaction, as a hand that all who make it have. */
export function alike(doc: Doc, seed: unknown, change: () => void): void {
  const own = doc.clientID;
  const name = nameOf(JSON.stringify([RULES, seed]));
  // It was made before, and taken back: what is made now is another.
  if (!doc.store.clients.has(name)) doc.clientID = name;
  try {
    change();
  } finally {
    doc.clientID = own;
  }
}

/** A client id, which has 32 bits everywhere. FNV-1a, stirred at the end. */
function nameOf(words: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < words.length; index += 1) {
    const code = words.charCodeAt(index);
    hash = Math.imul(hash ^ (code & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (code >>> 8), 0x01000193);
  }
  for (const shift of [16, 13, 16]) hash = Math.imul(hash ^ (hash >>> shift), 0x85ebca6b);
  return hash >>> 0 || 1;
}

type Shared = Pick<AbstractType<unknown>, "_map" | "_start" | "_searchMarker">;
type Trace = readonly unknown[];

/**
 * All that an edit inside this part may depend on: the names of its letters and blocks,
 * what is deleted among them, its looks and attributes. How the engine happens to keep
 * them together in memory is left out.
 */
export function traceOf(type: Shared): Trace {
  const attributes = [...type._map].map(([key, item]) => [key, ...endOf(item), item.deleted]);
  attributes.sort(([one], [other]) => (String(one) < String(other) ? -1 : 1));
  return [type instanceof XmlElement ? type.nodeName : "", attributes, chainOf(type._start, null)];
}

/** What stands side by side from one to another, both with it; with all inside, or not. */
export function chainOf(first: Item | null, last: Item | null, isDeep = true): Trace {
  const chain: unknown[][] = [];
  for (let item = first; item; item = item.right) {
    const { client, clock } = item.id;
    const { content, deleted, length } = item;
    const before = chain.at(-1);
    if (!deleted && content instanceof ContentType) chain.push(isDeep ? [client, clock, traceOf(content.type)] : [client, clock]);
    else if (!deleted && content instanceof ContentFormat) chain.push([client, clock, content.key, content.value]);
    else if (before?.length === 4 && before[0] === client && before[2] === clock && before[3] === deleted) before[2] = clock + length;
    else chain.push([client, clock, clock + length, deleted]);
    if (item === last) break;
  }
  return chain;
}

function endOf({ lastId }: Item): [number, number] {
  return [lastId.client, lastId.clock];
}

/**
 * Forget where in this part somebody typed last: the engine starts to look from there,
 * and comes to another side of what is deleted at the same place.
 */
export function withoutShortcuts(type: Shared, change: () => void): void {
  const all = [...within(type)];
  for (const each of all) each._searchMarker = null;
  try {
    change();
  } finally {
    for (const each of all) each._searchMarker = [];
  }
}

function* within(type: Shared): Generator<Shared> {
  yield type;
  for (let item = type._start; item; item = item.right) {
    if (!item.deleted && item.content instanceof ContentType) yield* within(item.content.type);
  }
}
