/**
 * Suggestions in the schema (since version 2): three marks on text, and the same two names as
 * attributes of whatever is no text.
 *
 * `insertion` = suggested, `deletion` = to go; of a paragraph the two speak of its END.
 * Never parsed from HTML: pasted text must not carry anybody's suggestions. The marks'
 * attributes are flat, because the binding to Yjs compares them flat; a nested one would
 * be written anew with every letter.
 */
import type { Attributes } from "@tiptap/core";
import { Mark } from "@tiptap/core";

export interface Suggested {
  readonly id: string;
  /** The person's id; "word:<name>" when it came from a Word file. */
  readonly author: string;
  /** ISO time. */
  readonly at: string;
}

/** What a paragraph was before it was suggested to be otherwise. */
export interface Look {
  readonly style: string;
  readonly align: string | null;
  readonly indent: number;
  readonly number: string | null;
  /** The list that it is suggested to stand in, and how many levels deeper. */
  readonly listed: string | null;
  readonly nested: number;
}

/** A suggestion about the look of a block; `under` is the one that was there before. */
export interface Layered extends Suggested {
  readonly before: object;
  readonly under?: Layered | null;
}

export interface Restyled extends Layered {
  readonly before: Look;
}

/**
 * `about`: names of what is suggested, in a row (null: all that differs); `before`: which
 * of these were there; `href`: the link that there was; `rank`: above how many others.
 */
export interface Reformatted extends Suggested {
  readonly before: string;
  readonly href: string | null;
  readonly about: string | null;
  readonly rank: number;
}

export const SUGGESTION_NAMES = ["insertion", "deletion", "formatting"] as const;
export type SuggestionName = (typeof SUGGESTION_NAMES)[number];

const plain = { default: null, rendered: false, parseHTML: () => null };

function mark(name: SuggestionName, tag: string, more: Attributes = {}, excludes?: string) {
  return Mark.create({
    name,
    ...(excludes === undefined ? {} : { excludes }),
    // Outside of bold and its kin, so that one suggestion is one stretch.
    priority: 1001,
    inclusive: false,
    addAttributes: () => ({ id: plain, author: plain, at: plain, ...more }),
    parseHTML: () => [],
    renderHTML({ mark: { attrs } }) {
      const { id, author } = attrs as Suggested;
      return [tag, { class: `sg-${name}`, "data-suggestion": String(id), "data-author": String(author) }, 0];
    },
  });
}

export const Insertion = mark("insertion", "ins");
export const Deletion = mark("deletion", "del");
// Several people may suggest another look of the same text: none shuts out the others.
export const Formatting = mark(
  "formatting",
  "span",
  { before: plain, href: plain, about: plain, rank: { ...plain, default: 0 } },
  "",
);

function attribute(name: SuggestionName) {
  return {
    default: null,
    keepOnSplit: false,
    parseHTML: () => null,
    renderHTML: (attrs: Record<string, unknown>): Record<string, string> => {
      const value = attrs[name] as Suggested | null;
      return value ? { [`data-${name}`]: String(value.id), [`data-${name}-by`]: String(value.author) } : {};
    },
  };
}

/** For nodes that can be suggested to come or to go. */
export const endAttributes = () => ({
  insertion: attribute("insertion"),
  deletion: attribute("deletion"),
});

/** For paragraphs, images and cells, which can be suggested to look otherwise, too. */
export const restyleAttribute = () => ({ formatting: attribute("formatting") });

/** For cells: a header or none, one with others or several. `shape` names a merge. */
export const cellLookAttributes = () => ({
  headed: {
    default: null,
    parseHTML: () => null,
    renderHTML: ({ headed }: Record<string, unknown>): Record<string, string> =>
      typeof headed === "boolean" ? { "data-headed": headed ? "yes" : "no" } : {},
  },
  shape: {
    default: null,
    parseHTML: () => null,
    renderHTML: ({ shape }: Record<string, unknown>): Record<string, string> =>
      typeof shape === "string" ? { "data-shape": shape === "split" ? "split" : "merge" } : {},
  },
});

/** For paragraphs: what list they are suggested to stand in. */
export const listingAttributes = () => ({
  listed: {
    default: null,
    parseHTML: () => null,
    renderHTML: ({ listed }: Record<string, unknown>): Record<string, string> =>
      typeof listed === "string" ? { "data-listed": listed } : {},
  },
  nested: {
    default: 0,
    parseHTML: () => 0,
    renderHTML: ({ nested }: Record<string, unknown>): Record<string, string> =>
      nested ? { "data-nested": String(nested) } : {},
  },
});
