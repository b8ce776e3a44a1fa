/** The cases that the server reads too: both decide suggestions alike. */
import type { Node } from "@tiptap/pm/model";
import { describe, expect, it } from "vitest";
import cases from "../../../tests/unit/collab/content/suggestion_cases.json";
import { final, original, schema, show } from "./trial";

type Line = string | readonly Line[];

interface Case {
  readonly name: string;
  readonly marked: readonly Line[];
  readonly original: readonly Line[];
  readonly final: readonly Line[];
}

const CASES = cases as unknown as readonly Case[];
const MARK = { id: "s", author: "an", at: "2026-11-27T08:00:00Z" };
const PART = /\{\+\{-(.*?)-\}\+\}|\{\+(.*?)\+\}|\{-(.*?)-\}|([^{}]+)/g;

function block(line: Line): Node {
  if (typeof line !== "string") {
    const items = line.map((item) => schema.node("listItem", null, [block(item)]));
    return schema.node("bulletList", null, items);
  }
  if (line.startsWith("---")) return schema.node("horizontalRule", ends(line.slice(3)));
  const [, style = "body", before, text = "", end = ""] = /^(?:(\w+)(?:~(\w+))?:)?(.*)¶([+-]?)$/.exec(line) ?? [];
  const formatting = before ? { ...MARK, before: { style: before, align: null, indent: 0, number: null } } : null;
  const runs = [...text.matchAll(PART)].map(([, both, fresh, gone, plain]) => {
    const marks = [];
    if (both ?? fresh) marks.push(schema.marks["insertion"]!.create(MARK));
    if (both ?? gone) marks.push(schema.marks["deletion"]!.create(MARK));
    return schema.text(both ?? fresh ?? gone ?? plain ?? "", marks);
  });
  return schema.node("paragraph", { style, formatting, ...ends(end) }, runs);
}

const ends = (end: string) => ({ insertion: end === "+" ? MARK : null, deletion: end === "-" ? MARK : null });
const page = (lines: readonly Line[]) => schema.node("doc", null, lines.map(block));

describe("suggestions are decided as on the server", () => {
  it.each(CASES)("$name", (each) => {
    const marked = page(each.marked);
    // The editor adds the paragraph that an empty page needs when it decides.
    const shown = (lines: readonly Line[]) => show(page(lines));
    expect(original(marked) || "¶").toBe(shown(each.original));
    expect(final(marked) || "¶").toBe(shown(each.final));
  });
});
