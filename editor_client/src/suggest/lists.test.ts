// @vitest-environment jsdom
/** The editor's commands for lists, while suggesting: said of the paragraphs, done later. */
import { Editor } from "@tiptap/core";
import { Collaboration } from "@tiptap/extension-collaboration";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Doc } from "yjs";
import { Structure } from "../extensions/structure";
import { schemaExtensions } from "../schema";
import { decide } from "./decide";
import type { Refusal } from "./edit";
import { Suggesting } from "./extension";
import { SuggestedLists, listAt } from "./lists";
import { author, final, original, show } from "./trial";

let editor: Editor;
let isSuggesting = false;
const refusals: Refusal[] = [];

function open(html: string, caret: number | { from: number; to: number }): void {
  editor.commands.setContent(html);
  editor.commands.setTextSelection(caret);
  isSuggesting = true;
}

beforeEach(() => {
  document.elementFromPoint = () => null;
  isSuggesting = false;
  refusals.length = 0;
  editor = new Editor({
    element: document.createElement("div"),
    extensions: [
      ...schemaExtensions,
      Collaboration.configure({ fragment: new Doc().getXmlFragment("body") }),
      Structure,
      Suggesting.configure({
        author: author("an"),
        isSuggesting: () => isSuggesting,
        onRefused: (reason) => refusals.push(reason),
      }),
      SuggestedLists.configure({ isSuggesting: () => isSuggesting }),
    ],
    enableInputRules: false,
  });
});

afterEach(() => {
  expect(refusals).toEqual([]);
  editor.destroy();
});

const LINES = "<p>một</p><p>hai</p><p>ba</p>";
const ITEMS = "<ul><li><p>một</p></li><li><p>hai</p></li><li><p>ba</p></li></ul>";
const item = (...text: string[]) => text.map((each) => `listItem(${each}¶)`).join("");

describe("a list", () => {
  it("is suggested of paragraphs, and made when it is accepted", () => {
    open(LINES, { from: 1, to: 8 });
    const before = show(editor.state.doc);
    editor.commands.toggleBulletList();
    expect(listAt(editor)).toBe("bullet");
    expect(editor.state.doc.childCount).toBe(3);
    expect(original(editor.state.doc)).toBe(before);
    expect(final(editor.state.doc)).toBe(`bulletList(${item("một", "hai")})ba¶`);
  });

  it("twice is nothing, and another kind goes over it", () => {
    open(LINES, { from: 1, to: 8 });
    editor.commands.toggleBulletList();
    editor.commands.toggleOrderedList();
    expect(final(editor.state.doc)).toBe(`orderedList(${item("một", "hai")})ba¶`);
    editor.commands.toggleOrderedList();
    expect(decide(editor.state, () => true)).toBeNull();
  });

  it("goes on with Enter, and ends with Enter in an empty item", () => {
    open(LINES, 4);
    editor.commands.toggleBulletList();
    editor.commands.enterParagraph();
    editor.view.dispatch(editor.state.tr.insertText("mới"));
    expect(final(editor.state.doc)).toBe(`bulletList(${item("một", "mới")})hai¶ba¶`);
    editor.commands.enterParagraph();
    editor.commands.enterParagraph();
    expect(final(editor.state.doc)).toBe(`bulletList(${item("một", "mới")})¶hai¶ba¶`);
    expect(original(editor.state.doc)).toBe("một¶hai¶ba¶");
  });

  it("is suggested to be none", () => {
    open(ITEMS, 10);
    editor.commands.toggleBulletList();
    expect(listAt(editor)).toBeNull();
    expect(final(editor.state.doc)).toBe(`bulletList(${item("một")})hai¶bulletList(${item("ba")})`);
    expect(original(editor.state.doc)).toBe(`bulletList(${item("một", "hai", "ba")})`);
    editor.commands.toggleBulletList();
    expect(decide(editor.state, () => true)).toBeNull();
  });

  it("is suggested to be of the other kind", () => {
    open(ITEMS, { from: 3, to: 19 });
    editor.commands.toggleOrderedList();
    expect(final(editor.state.doc)).toBe(`orderedList(${item("một", "hai", "ba")})`);
  });
});

describe("a level", () => {
  it("goes deeper below the item before, and back", () => {
    open(ITEMS, 10);
    expect(editor.commands.sinkListItem("listItem")).toBe(true);
    expect(final(editor.state.doc)).toBe(`bulletList(listItem(một¶bulletList(${item("hai")}))${item("ba")})`);
    expect(editor.commands.sinkListItem("listItem")).toBe(false);
    editor.commands.liftListItem("listItem");
    expect(decide(editor.state, () => true)).toBeNull();
  });

  it("has nothing to go below at the first item", () => {
    open(ITEMS, 3);
    expect(editor.commands.sinkListItem("listItem")).toBe(false);
  });

  it("takes along the items inside, up and down", () => {
    open("<ul><li><p>một</p></li><li><p>hai</p><ul><li><p>ba</p></li></ul></li></ul>", 10);
    editor.commands.sinkListItem("listItem");
    expect(final(editor.state.doc)).toBe(`bulletList(listItem(một¶bulletList(listItem(hai¶bulletList(${item("ba")})))))`);
    editor.commands.liftListItem("listItem");
    editor.commands.liftListItem("listItem");
    expect(final(editor.state.doc)).toBe(`bulletList(${item("một")})hai¶bulletList(${item("ba")})`);
  });

  it("of a list that is only suggested", () => {
    open(LINES, { from: 1, to: 8 });
    editor.commands.toggleBulletList();
    editor.commands.setTextSelection(8);
    expect(editor.commands.sinkListItem("listItem")).toBe(true);
    expect(final(editor.state.doc)).toBe(`bulletList(listItem(một¶bulletList(${item("hai")})))ba¶`);
    expect(original(editor.state.doc)).toBe("một¶hai¶ba¶");
  });
});
