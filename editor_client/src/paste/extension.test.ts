/** What a paste leaves in the draft, on a real editor: the page's looks, not the source's. */
import { Editor } from "@tiptap/core";
import { afterEach, describe, expect, it } from "vitest";
import type { ImageContext } from "../images/insert";
import { schemaExtensions } from "../schema";
import { Paste } from "./extension";

let editor: Editor;

function open(withPaste: boolean): void {
  const context = {
    get editor() {
      return editor;
    },
    target: { url: "/api/v1/drafts/x/images" },
  } as unknown as ImageContext;
  const paste = Paste.configure({ context: () => context });
  editor = new Editor({
    extensions: withPaste ? [...schemaExtensions, paste] : [...schemaExtensions],
    content: "<p></p>",
  });
}

/** Without the event's handler: what every way into the schema goes through. */
function pasteHtml(html: string): void {
  const event = new Event("paste") as ClipboardEvent;
  Object.assign(event, { clipboardData: { getData: () => "", files: [] } });
  editor.view.pasteHTML(html, event);
}

const LOUD = '<p>Trước <span style="font-size:20pt;font-family:Arial">chữ <b>to</b></span> sau</p>';
const QUIET = [
  { type: "text", text: "Trước chữ " },
  { type: "text", text: "to", marks: [{ type: "bold" }] },
  { type: "text", text: " sau" },
];

afterEach(() => editor.destroy());

describe("a font and a size on the clipboard", () => {
  it.each([
    ["cleaned", true],
    ["as it comes, by the schema alone", false],
  ])("do not come into the draft: %s", (_how, withPaste) => {
    open(withPaste);
    pasteHtml(LOUD);
    const { content } = editor.getJSON();
    expect(content?.[0]?.content).toEqual(QUIET);
    expect(editor.getHTML()).not.toMatch(/Arial|20pt|font/);
  });
});
