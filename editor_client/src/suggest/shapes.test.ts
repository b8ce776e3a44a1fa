/** Looks in layers, lists and columns, decided as on the server: it reads the same cases. */
import type { Node } from "@tiptap/pm/model";
import { describe, expect, it } from "vitest";
import cases from "../../../tests/unit/collab/content/suggestion_shapes.json";
import { resolveNodes } from "./resolve";
import { schema } from "./trial";

type Line = [string, Record<string, unknown>, ...unknown[]];
interface Case {
  readonly name: string;
  readonly marked: Line[];
  readonly decisions: [Record<string, boolean>, Line[]][];
}

const CASES = cases as unknown as Case[];
const LOOK = { style: "body", align: null, indent: 0, number: null };
const by = (author: unknown) => ({ id: `s-${String(author)}`, author, at: "2026-11-27T08:00:00Z" });

function nodeOf([name, given, ...children]: Line): Node {
  const attrs: Record<string, unknown> = { ...given };
  for (const end of ["insertion", "deletion"]) if (end in attrs) attrs[end] = by(attrs[end]);
  if ("formatting" in attrs) {
    let made: object | null = null;
    for (const [author, before] of attrs["formatting"] as [string, object][]) {
      const layer = { ...by(author), before: { ...(name === "paragraph" ? LOOK : {}), ...before } };
      made = made ? { ...layer, under: made } : layer;
    }
    attrs["formatting"] = made;
  }
  const inner = name === "paragraph" ? (children as [string, Record<string, unknown>][]).map(textOf) : (children as Line[]).map(nodeOf);
  return schema.node(name, attrs, inner);
}

function textOf([text, given]: [string, Record<string, unknown>]): Node {
  const marks = Object.entries(given).flatMap(([name, value]) => {
    const type = schema.marks[name]!;
    if (name !== "formatting") return [type.create()];
    return (value as [string, string, string, number?][]).map(([author, about, before, rank = 0]) =>
      type.create({ ...by(author), about, before, href: null, rank }),
    );
  });
  return schema.text(text, marks);
}

const page = (lines: Line[]) => schema.node("doc", null, lines.map(nodeOf));

describe("suggestions of any shape are decided as on the server", () => {
  it.each(CASES)("$name", ({ marked, decisions }) => {
    for (const [verdicts, result] of decisions) {
      const nodes = resolveNodes(page(marked).content.content, ({ author }) => verdicts[author] ?? null);
      const decided = schema.node("doc", null, nodes);
      decided.check();
      expect(decided.toJSON()).toEqual(page(result).toJSON());
    }
  });
});
