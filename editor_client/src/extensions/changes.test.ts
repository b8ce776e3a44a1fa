// @vitest-environment jsdom
/** What differs between two documents, and decorations that are carried through it. */
import { getSchema } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { Slice } from "@tiptap/pm/model";
import { Transform } from "@tiptap/pm/transform";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { describe, expect, it } from "vitest";
import { schemaExtensions } from "../schema";
import { changesBetween } from "./changes";
import { quick } from "./decorations";

const schema = getSchema([...schemaExtensions]);
const paragraph = (text: string): Node => schema.node("paragraph", null, text ? [schema.text(text)] : []);
const page = (...blocks: Node[]): Node => schema.node("doc", null, blocks);

function dice(seed: number): (sides: number) => number {
  let state = seed + 1;
  return (sides) => {
    state = (state * 48271) % 2147483647;
    return state % sides;
  };
}

/** The document after the changes, made from the one before and nothing else. */
function carriedOut(before: Node, after: Node): Node {
  const tr = new Transform(before);
  let moved = 0;
  for (const { start, before: end, length } of changesBetween(before, after)) {
    const slice = length > 0 ? after.slice(start + moved, start + moved + length) : Slice.empty;
    tr.replace(start + moved, end + moved, slice);
    moved += length - (end - start);
  }
  return tr.doc;
}

describe("what differs", () => {
  const blocks = ["một", "hai", "ba", "bốn"].map(paragraph);
  const [one, two, three, four] = blocks as [Node, Node, Node, Node];

  it("is nothing between a document and itself", () => {
    expect(changesBetween(page(...blocks), page(...blocks))).toEqual([]);
  });

  it("are letters, each where its writer is", () => {
    const after = page(paragraph("một!"), two, three, paragraph("bốn?"));
    expect(changesBetween(page(...blocks), after)).toEqual([
      { start: 4, before: 4, length: 1 },
      { start: 18, before: 18, length: 1 },
    ]);
  });

  it("is a block that came or went, not those around it", () => {
    expect(changesBetween(page(one, two, four), page(...blocks))).toEqual([{ start: 10, before: 10, length: 4 }]);
    expect(changesBetween(page(...blocks), page(one, three, four))).toEqual([{ start: 5, before: 10, length: 0 }]);
  });

  it.each(Array.from({ length: 60 }, (_, seed) => seed))("turns the one document into the other (%i)", (seed) => {
    const roll = dice(seed * 104729);
    const word = () => ["", "a", "aa", "ab", "một hai", "aab"][roll(6)] ?? "";
    const before = page(...Array.from({ length: 1 + roll(8) }, () => paragraph(word())));
    const kept: Node[] = [];
    before.forEach((block) => {
      if (roll(6) > 0) kept.push(roll(4) > 0 ? block : paragraph(word()));
      if (roll(5) === 0) kept.push(paragraph(word()));
      if (roll(9) === 0 && kept.length > 1) kept.push(...kept.splice(0, 1));
    });
    const after = page(...(kept.length > 0 ? kept : [paragraph("")]));
    expect(carriedOut(before, after).eq(after)).toBe(true);
  });
});

describe("a quick set of decorations", () => {
  it.each(Array.from({ length: 30 }, (_, seed) => seed))("answers as the slow one (%i)", (seed) => {
    const roll = dice(seed * 15485863);
    const doc = page(...Array.from({ length: 12 }, (_, n) => paragraph(`khoản ${n} có chữ`)));
    const size = doc.content.size;
    const some = Array.from({ length: roll(12) }, () => {
      const from = roll(size);
      // Some go over several paragraphs.
      return Decoration.inline(from, Math.min(size, from + 1 + roll(roll(3) ? 9 : 60)), { class: "x" });
    });
    doc.forEach((node, offset) => {
      if (roll(2)) some.push(Decoration.node(offset, offset + node.nodeSize, { class: "y" }));
    });
    const slow = DecorationSet.create(doc, [...some]);
    const fast = quick(DecorationSet.create(doc, [...some]));
    doc.forEach((node, offset) => {
      const places = (set: DecorationSet) => {
        const found: [number, number][] = [];
        set.forChild(offset, node).forEachSet((each) => found.push(...each.find().map(({ from, to }): [number, number] => [from, to])));
        return found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      };
      expect(places(fast)).toEqual(places(slow));
    });
    expect(fast.find().length).toBe(slow.find().length);
  });
});
