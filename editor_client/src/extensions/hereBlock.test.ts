import { Editor } from "@tiptap/core";
import { afterEach, describe, expect, it } from "vitest";

import { schemaExtensions } from "../schema";
import { HERE, HereBlock } from "./hereBlock";

let editor: Editor | null = null;
afterEach(() => editor?.destroy());

function marked(): string[] {
  return [...editor!.view.dom.children].filter((e) => e.classList.contains(HERE)).map((e) => e.tagName);
}

describe("the block that the caret is in", () => {
  it("is marked from the moment it is there, and only it", () => {
    editor = new Editor({
      extensions: [...schemaExtensions, HereBlock],
      content: "<p>một</p><ul><li><p>hai</p></li></ul>",
    });
    editor.commands.setTextSelection(4);
    expect(marked()).toEqual(["P"]);
    editor.commands.splitBlock();
    expect([...editor.view.dom.children].map((e) => e.classList.contains(HERE))).toEqual([
      false,
      true,
      false,
    ]);
    editor.commands.setTextSelection(editor.state.doc.content.size - 3);
    expect(marked()).toEqual(["UL"]);
  });

  it("is no part of the text", () => {
    editor = new Editor({ extensions: [...schemaExtensions, HereBlock], content: "<p>một</p>" });
    expect(editor.getHTML()).not.toContain(HERE);
  });
});
