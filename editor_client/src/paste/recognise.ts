/**
 * Finds typed structure ("Điều 1. …", "Chương I", "a) …", "Căn cứ …") in plain paragraphs.
 *
 * Old documents number by hand. Recognition only proposes; the writer accepts with one
 * click, because "1. " may just as well be plain text. Pure.
 */
import { Labeller } from "../schema/labels";
import type { ParagraphStyle } from "../schema/styles";

export interface PlainParagraph {
  readonly text: string;
  readonly style: string;
}

export interface Proposal {
  readonly index: number;
  readonly style: ParagraphStyle;
  /** Leading characters that repeat the label and go away. */
  readonly strip: number;
  /** Set where the typed label is not the automatic one. */
  readonly number: string | null;
  /** The label stood alone on the line before (an index), which goes away. */
  readonly labelLine: number | null;
}

interface Pattern {
  readonly style: ParagraphStyle;
  readonly pattern: RegExp;
  readonly label: (match: RegExpExecArray) => string;
}

const PATTERNS: readonly Pattern[] = [
  { style: "part", pattern: /^phần\s+([IVXLC]+)(?:[.:]\s*|\s+|$)/iu, label: (m) => `Phần ${(m[1] ?? "").toUpperCase()}` },
  { style: "chapter", pattern: /^chương\s+([IVXLC]+)(?:[.:]\s*|\s+|$)/iu, label: (m) => `Chương ${(m[1] ?? "").toUpperCase()}` },
  { style: "subsection", pattern: /^tiểu mục\s+(\d+)(?:[.:]\s*|\s+|$)/iu, label: (m) => `Tiểu mục ${m[1]}` },
  { style: "section", pattern: /^mục\s+(\d+)(?:[.:]\s*|\s+|$)/iu, label: (m) => `Mục ${m[1]}` },
  { style: "article", pattern: /^điều\s+(\d+[a-zđ]?)\s*[.:]\s*/iu, label: (m) => `Điều ${m[1]}.` },
  { style: "clause", pattern: /^(\d{1,3})\.\s+(?=\S)/u, label: (m) => `${m[1]}.` },
  { style: "point", pattern: /^([a-eghik-vxyđ]{1,2})\)\s+(?=\S)/u, label: (m) => `${m[1]})` },
];

export function recognise(paragraphs: readonly PlainParagraph[]): Proposal[] {
  const proposals: Proposal[] = [];
  const labeller = new Labeller();
  for (let index = 0; index < paragraphs.length; index += 1) {
    const paragraph = paragraphs[index];
    if (!paragraph || paragraph.style !== "body") {
      if (paragraph) labeller.label({ style: paragraph.style, number: null });
      continue;
    }
    if (/^căn cứ\s/iu.test(paragraph.text) && /[;.]\s*$/.test(paragraph.text)) {
      proposals.push({ index, style: "basis", strip: 0, number: null, labelLine: null });
      continue;
    }
    const found = match(paragraph.text);
    if (!found) continue;
    const title = paragraphs[index + 1];
    const isAlone = found.strip >= paragraph.text.trim().length;
    if (isAlone && (!title || title.style !== "body" || match(title.text))) continue;
    const automatic = new Labeller(labeller).label({ style: found.style, number: null });
    const number = automatic === found.label ? null : found.label;
    labeller.label({ style: found.style, number });
    proposals.push({
      index: isAlone ? index + 1 : index,
      style: found.style,
      strip: isAlone ? 0 : found.strip,
      number,
      labelLine: isAlone ? index : null,
    });
    if (isAlone) index += 1;
  }
  return proposals;
}

function match(text: string): { style: ParagraphStyle; strip: number; label: string } | null {
  for (const { style, pattern, label } of PATTERNS) {
    const found = pattern.exec(text);
    if (found) return { style, strip: found[0].length, label: label(found) };
  }
  return null;
}
