/** The list of suggestions, the way from one to the next, and deciding some of them. */
import { describe, expect, it } from "vitest";
import { cell } from "../collab/readable";
import type { Level } from "../collab/types";
import { decide, decideThese, nextSuggestion, suggestionsIn } from "./decide";
import { hasNoLabel } from "./goes";
import { changesOf, listSuggestions } from "./listing";
import { createMode } from "./mode";
import { AN, BINH, act, at, doc, p, schema, show, stateOf } from "./trial";

function page() {
  let state = stateOf(doc("một hai", p("ba", { style: "clause" }), "bốn"), 1);
  state = act(state, (tr) => tr.insertText("xx", 4));
  state = act(state, (tr) => tr.delete(at(tr.doc, "ba"), at(tr.doc, "ba") + 2), BINH);
  return act(state, (tr) => tr.addMark(at(tr.doc, "bốn"), at(tr.doc, "bốn") + 3, schema.marks["bold"]!.create()));
}

describe("the list", () => {
  it("names each suggestion once, in the order of the text", () => {
    const state = page();
    const found = listSuggestions(state.doc);
    expect(found.map(({ author, parts }) => [author, parts[0]?.kind, parts[0]?.text])).toEqual([
      ["an", "insert", "xx"],
      ["binh", "delete", "ba"],
      ["an", "format", "bốn"],
    ]);
    expect(changesOf(state.doc, found[2]!)).toEqual(["bold"]);
  });

  it("is walked from one to the next and round again", () => {
    const found = listSuggestions(page().doc);
    const [first, second, third] = found;
    expect(nextSuggestion(found, 0, 1)).toBe(first);
    expect(nextSuggestion(found, first!.from, 1)).toBe(second);
    expect(nextSuggestion(found, third!.to, 1)).toBe(first);
    expect(nextSuggestion(found, second!.from, -1)).toBe(first);
    expect(nextSuggestion(found, 0, -1)).toBe(third);
    expect(nextSuggestion([], 0, 1)).toBeNull();
  });
});

describe("deciding", () => {
  it("one leaves the others", () => {
    const state = page();
    const [first] = listSuggestions(state.doc);
    const tr = decideThese(state, new Set([first!.key]), false);
    expect(listSuggestions(tr!.doc).map(({ author }) => author)).toEqual(["binh", "an"]);
  });

  it("those in a selection, or of one author", () => {
    const state = page();
    const [first, second] = listSuggestions(state.doc);
    expect(suggestionsIn(state, 1, second!.from).map(({ key }) => key)).toEqual([first!.key, second!.key]);
    const tr = decide(state, ({ author }) => (author === "binh" ? true : null));
    expect(show(tr!.doc)).toContain("[clause]¶");
    expect(listSuggestions(tr!.doc)).toHaveLength(2);
  });

  it("nothing makes no step", () => {
    expect(decide(stateOf(doc("a")), () => true)).toBeNull();
  });
});

it("a paragraph that goes, or runs on from the one above, takes no number", () => {
  const state = act(stateOf(doc(p("một", { style: "clause" }), p("hai", { style: "clause" }), "ba"), 1), (tr) => tr.delete(5, 10), AN);
  const [first, gone, last] = [0, 1, 2].map((index) => state.doc.child(index));
  expect(hasNoLabel(gone!, first!)).toBe(true);
  expect(hasNoLabel(last!, gone!)).toBe(false);
  const joined = act(stateOf(doc("một", "hai"), 5), (tr) => tr.join(5));
  expect(hasNoLabel(joined.doc.child(1), joined.doc.child(0))).toBe(true);
});

it("whoever may only suggest has no other mode, and decides nothing", () => {
  const level = cell<Level>("edit");
  const canWrite = cell(true);
  const choice = createMode(level, canWrite, { read: () => "direct", write: () => undefined });
  expect([choice.mode.get(), choice.isForced.get(), choice.mayDecide.get()]).toEqual(["direct", false, true]);
  choice.choose("suggest");
  expect(choice.mode.get()).toBe("suggest");
  choice.choose("direct");
  level.set("suggest");
  choice.choose("direct");
  expect([choice.mode.get(), choice.isForced.get(), choice.mayDecide.get()]).toEqual(["suggest", true, false]);
  level.set("own");
  canWrite.set(false);
  expect([choice.mode.get(), choice.mayDecide.get()]).toEqual(["direct", false]);
});
