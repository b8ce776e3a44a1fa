/**
 * Automatic labels of numbered paragraphs: "Chương I", "Điều 1.", "a)" …
 *
 * They follow from the order of paragraphs and are never stored, so that two people who
 * insert a Điều each do not collide. The server computes the same labels for export
 * (collab/content/labels.py); both read tests/unit/collab/content/label_cases.json.
 * Pure; must never touch the editor.
 */
import { fromLetters, fromRoman, toLetters, toRoman } from "./numerals";
import type { ParagraphStyle } from "./styles";

export interface Labelled {
  readonly style: string;
  /** null = automatic; a string replaces the label ("" = none). */
  readonly number: string | null;
}

type Numbered = Extract<
  ParagraphStyle,
  "part" | "chapter" | "section" | "subsection" | "article" | "clause" | "point"
>;

const FORMS: Record<Numbered, readonly [before: string, after: string]> = {
  part: ["Phần ", ""],
  chapter: ["Chương ", ""],
  section: ["Mục ", ""],
  subsection: ["Tiểu mục ", ""],
  article: ["Điều ", "."],
  clause: ["", "."],
  point: ["", ")"],
};

const RESTARTS: Record<string, readonly Numbered[]> = {
  part: ["chapter", "section", "subsection", "clause", "point"],
  chapter: ["section", "subsection", "clause", "point"],
  section: ["subsection", "clause", "point"],
  subsection: ["clause", "point"],
  article: ["clause", "point"],
  heading: ["clause", "point"],
  clause: ["point"],
};

/** Gives labels to paragraphs that come in document order. */
export class Labeller {
  private readonly counts: Map<string, number>;

  /** Starts at 1 everywhere, or where another labeller stands. */
  constructor(from?: Labeller) {
    this.counts = new Map(from?.counts);
  }

  /** The label without the space after it; "" when there is none. */
  label({ style, number }: Labelled): string {
    for (const lower of RESTARTS[style] ?? []) this.counts.set(lower, 0);
    if (!isNumbered(style)) return number ?? "";
    if (number !== null) {
      // "Điều 7." moves the count on; "Điều 5a." stands beside it.
      const value = parseLabel(style, number);
      if (value !== null) this.counts.set(style, value);
      return number;
    }
    const count = (this.counts.get(style) ?? 0) + 1;
    this.counts.set(style, count);
    return formatLabel(style, count);
  }
}

export function labelParagraphs(paragraphs: Iterable<Labelled>): string[] {
  const labeller = new Labeller();
  return Array.from(paragraphs, (paragraph) => labeller.label(paragraph));
}

/** `formatLabel("article", 3)` → "Điều 3."; "" for a style without labels. */
export function formatLabel(style: string, value: number): string {
  if (!isNumbered(style)) return "";
  const [before, after] = FORMS[style];
  return before + writeNumber(style, value) + after;
}

/** The number in a label of exactly the automatic form, else null. */
export function parseLabel(style: string, label: string): number | null {
  if (!isNumbered(style)) return null;
  const [before, after] = FORMS[style];
  const text = label.trim();
  if (!text.startsWith(before) || !text.endsWith(after)) return null;
  const middle = text.slice(before.length, text.length - after.length);
  if (middle === "" || middle.length > 15) return null;
  const value = readNumber(style, middle);
  // Only the one spelling of a number counts: "01." is a choice, not a place.
  return value !== null && formatLabel(style, value) === text ? value : null;
}

function isNumbered(style: string): style is Numbered {
  return style in FORMS;
}

function writeNumber(style: Numbered, value: number): string {
  if (style === "part" || style === "chapter") return toRoman(value);
  return style === "point" ? toLetters(value) : String(value);
}

function readNumber(style: Numbered, text: string): number | null {
  if (style === "part" || style === "chapter") return fromRoman(text);
  if (style === "point") return fromLetters(text);
  return /^[0-9]{1,6}$/.test(text) ? Number(text) || null : null;
}
