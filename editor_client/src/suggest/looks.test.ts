/** Several people about the same look: nobody waits, and each is decided by himself. */
import type { Node } from "@tiptap/pm/model";
import { describe, expect, it } from "vitest";
import { decide, decideThese } from "./decide";
import { changesOf, listSuggestions } from "./listing";
import { AN, BINH, act, author, doc, final, original, refusal, schema, show, stateOf } from "./trial";

const bold = () => schema.marks["bold"]!.create();
const italic = () => schema.marks["italic"]!.create();

describe("a second look of the same words", () => {
  const first = act(stateOf(doc("đậm nhạt")), (tr) => tr.addMark(1, 4, bold()), BINH);

  it("stands above the first, and each is accepted or rejected alone", () => {
    const both = act(first, (tr) => tr.addMark(1, 9, italic()));
    expect(original(both.doc)).toBe("đậm nhạt¶");
    expect(final(both.doc)).toBe("<bold,italic:đậm><italic: nhạt>¶");
    const only = (state: typeof both, by: string, isAccepted: boolean) =>
      state.apply(decide(state, (suggested) => (suggested.author === by ? isAccepted : null))!);
    expect(show(only(both, "binh", false).doc)).toBe("{~<italic:đậm nhạt>~}¶");
    expect(final(only(both, "an", false).doc)).toBe("<bold:đậm> nhạt¶");
    expect(original(only(both, "an", true).doc)).toBe("<italic:đậm nhạt>¶");
  });

  it("may undo what a colleague wants, and take that back", () => {
    const undone = act(first, (tr) => tr.removeMark(1, 4, bold().type));
    expect(original(undone.doc)).toBe("đậm nhạt¶");
    expect(final(undone.doc)).toBe("đậm nhạt¶");
    expect(listSuggestions(undone.doc).map(({ author: by }) => by).sort()).toEqual(["an", "binh"]);
    const again = act(undone, (tr) => tr.addMark(1, 4, bold()));
    expect(again.doc.eq(first.doc)).toBe(true);
  });

  it("says of each what it is about", () => {
    const both = act(first, (tr) => tr.addMark(1, 4, italic()));
    const said = listSuggestions(both.doc).map((each) => [each.author, changesOf(both.doc, each)]);
    expect(Object.fromEntries(said)).toEqual({ an: ["italic"], binh: ["bold"] });
  });

  it("waits only when very many are there already", () => {
    let state = first;
    for (let index = 0; index < 12; index += 1) {
      const mark = index % 2 ? bold() : italic();
      const edit = (tr: typeof state.tr) => (mark.isInSet(tr.doc.nodeAt(1)!.marks) ? tr.removeMark(1, 4, mark.type) : tr.addMark(1, 4, mark));
      const by = author(`n${index}`);
      if (refusal(state, edit, by)) {
        expect(index).toBe(7);
        return;
      }
      state = act(state, edit, by);
    }
    throw new Error("never");
  });
});

describe("a second look of the same paragraph", () => {
  const restyle = (name: string, value: unknown) => (tr: ReturnType<typeof stateOf>["tr"]) => tr.setNodeAttribute(0, name, value);
  const styled = act(stateOf(doc("chữ")), restyle("style", "article"), BINH);
  const both = act(styled, restyle("align", "center"));

  it("stands above the first, and each is decided alone", () => {
    expect(original(both.doc)).toBe("chữ¶");
    expect(final(both.doc)).toBe("[article,center]chữ¶");
    const keys = (by: string) => new Set(listSuggestions(both.doc).filter((each) => each.author === by).map(({ key }) => key));
    expect(final(both.apply(decideThese(both, keys("binh"), false)!).doc)).toBe("[center]chữ¶");
    expect(original(both.apply(decideThese(both, keys("an"), true)!).doc)).toBe("[center]chữ¶");
  });

  it("of the same part goes over it", () => {
    const over = act(styled, restyle("style", "clause"));
    expect(final(over.doc)).toBe("[clause]chữ¶");
    const kept = over.apply(decide(over, (suggested) => (suggested.author === "an" ? false : null))!);
    expect(kept.doc.eq(styled.doc)).toBe(true);
  });
});

describe("an image", () => {
  const image = (attrs: object): Node => schema.node("image", { src: "/x", alt: "", ...attrs });

  it("is suggested to be larger or to stand elsewhere, not replaced", () => {
    const before = doc("a", image({}));
    let state = act(stateOf(before), (tr) => tr.setNodeMarkup(3, null, { ...tr.doc.nodeAt(3)!.attrs, width: 120 }));
    state = act(state, (tr) => tr.setNodeMarkup(3, null, { ...tr.doc.nodeAt(3)!.attrs, align: "left" }), BINH);
    expect(state.doc.childCount).toBe(2);
    const shown = (isFinal: boolean) => decide(state, () => isFinal)!.doc.child(1).attrs;
    expect(shown(true)).toMatchObject({ width: 120, align: "left", formatting: null });
    expect(shown(false)).toMatchObject({ width: null, align: "center", formatting: null });
    expect(listSuggestions(state.doc).map((each) => changesOf(state.doc, each))).toEqual([["width"], ["align"]]);
    const other = refusal(state, (tr) => tr.setNodeMarkup(3, null, { ...tr.doc.nodeAt(3)!.attrs, src: "/y" }), AN);
    expect(other).toBeNull();
  });
});
