/**
 * The paragraph styles of the trade and what the keyboard does with them.
 *
 * A style is an attribute of the one paragraph node: changing it must not replace the
 * node, so that a colleague's typing in it merges. Pure data; no DOM.
 */

export const PARAGRAPH_STYLES = [
  "body",
  "basis",
  "part",
  "chapter",
  "section",
  "subsection",
  "article",
  "clause",
  "point",
  "heading",
  "caption",
  "center_title",
] as const;

export type ParagraphStyle = (typeof PARAGRAPH_STYLES)[number];

export const ALIGNMENTS = ["left", "center", "right", "justify"] as const;
export type Alignment = (typeof ALIGNMENTS)[number];

export const MAX_INDENT = 8;

/** Styles whose label stands on a line of its own above the title. */
export const OWN_LINE_STYLES: ReadonlySet<ParagraphStyle> = new Set([
  "part",
  "chapter",
  "section",
  "subsection",
]);

/** The style of a new paragraph after Enter at the end of one of this style. */
const NEXT: Record<ParagraphStyle, ParagraphStyle> = {
  body: "body",
  basis: "basis",
  part: "chapter",
  chapter: "article",
  section: "article",
  subsection: "article",
  article: "clause",
  clause: "clause",
  point: "point",
  heading: "body",
  caption: "body",
  center_title: "body",
};

/** Where Enter in an empty paragraph goes instead of making another empty one. */
const OUT: Record<ParagraphStyle, ParagraphStyle | null> = {
  body: null,
  basis: "body",
  part: "body",
  chapter: "body",
  section: "body",
  subsection: "body",
  article: "body",
  clause: "article",
  point: "clause",
  heading: "body",
  caption: "body",
  center_title: "body",
};

export function styleAfter(style: ParagraphStyle): ParagraphStyle {
  return NEXT[style];
}

export function styleOutOf(style: ParagraphStyle): ParagraphStyle | null {
  return OUT[style];
}

export function isParagraphStyle(value: unknown): value is ParagraphStyle {
  return (PARAGRAPH_STYLES as readonly unknown[]).includes(value);
}

export function isAlignment(value: unknown): value is Alignment {
  return (ALIGNMENTS as readonly unknown[]).includes(value);
}
