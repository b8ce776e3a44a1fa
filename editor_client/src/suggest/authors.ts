/**
 * Names and colours of those who suggest: people who are here, and others by the server.
 *
 * Colours go into a style sheet of the page's own: the text's elements must not be
 * touched from outside the editor.
 */
import type { Person, Readable } from "../collab/types";
import { cell } from "../collab/readable";

export interface KnownAuthor {
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  readonly colour: string;
}

export interface Authors {
  /** Changes when more is known. */
  readonly known: Readable<ReadonlyMap<string, KnownAuthor>>;
  /** Ask the server about those who are not known yet. */
  want(ids: Iterable<string>): void;
  of(id: string): KnownAuthor;
}

const AGAIN_MS = 20_000;
const FROM_WORD = "word:";
const COLOURS = ["#1c5d99", "#9c3b00", "#2f6b2f", "#7a2e8a", "#8a5a00", "#00696b", "#a8174b", "#4a4fb5"];
/** What several people may suggest of one cell, each in their own colour. */
const CELL_PARTS = ["headed", "shape", "width"] as const;
const COLOUR = /^#[0-9a-f]{6}$/i;

export function createAuthors(url: string, people: Readable<readonly Person[]>): Authors {
  const known = cell<ReadonlyMap<string, KnownAuthor>>(new Map());
  /** When each may be asked for again. */
  const asked = new Map<string, number>();
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const add = (found: readonly KnownAuthor[]) => {
    const all = new Map(known.get());
    for (const { id, name, unit, colour } of found) all.set(id, { id, name, unit, colour });
    known.set(all);
    paint(sheet, all.values());
  };
  people.subscribe((present) => {
    if (present.some(({ id }) => !known.get().has(id))) add(present);
  });
  return {
    known,
    of: (id) => known.get().get(id) ?? stranger(id),
    want(ids) {
      const missing = [...ids].filter((id) => !known.get().has(id) && (asked.get(id) ?? 0) <= Date.now());
      if (!missing.length) return;
      // Whoever is not named then, or if no answer comes, is asked for again later.
      for (const id of missing) asked.set(id, Date.now() + AGAIN_MS);
      const imported = missing.filter((id) => id.startsWith(FROM_WORD)).map(stranger);
      if (imported.length) add(imported);
      if (missing.length > imported.length) void fetchAuthors(url).then(add, () => undefined);
    },
  };
}

/** Somebody whose name is not known (yet): a colour that is always the same. */
function stranger(id: string): KnownAuthor {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 65521;
  const name = id.startsWith(FROM_WORD) ? `${id.slice(FROM_WORD.length)} (Word)` : "?";
  return { id, name, unit: "", colour: COLOURS[sum % COLOURS.length] ?? "#1c5d99" };
}

async function fetchAuthors(url: string): Promise<KnownAuthor[]> {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as KnownAuthor[];
}

function paint(sheet: CSSStyleSheet, authors: Iterable<KnownAuthor>): void {
  const rules = [...authors].flatMap(({ id, colour }) => {
    if (!COLOUR.test(colour)) return [];
    const name = CSS.escape(id);
    const places = ["data-author", "data-insertion-by", "data-deletion-by", "data-formatting-by"];
    const ofCells = CELL_PARTS.map((part) => `[data-${part}-by="${name}"]{--sg-${part}:${colour}}`);
    return [`:is(${places.map((place) => `[${place}="${name}"]`).join(",")}){--sg:${colour}}`, ...ofCells];
  });
  sheet.replaceSync(rules.join("\n"));
}
