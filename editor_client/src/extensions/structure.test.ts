/** What the keyboard does to structure, on a real editor without collaboration. */
import { Editor } from "@tiptap/core";
import { TextSelection } from "@tiptap/pm/state";
import { afterEach, describe, expect, it } from "vitest";
import { schemaExtensions } from "../schema";
import { cleanHtml } from "../paste/clean";
import { Copying } from "./copying";
import { Labels, labelsOf } from "./labels";
import { Structure } from "./structure";

let editor: Editor;

function open(...paragraphs: readonly (readonly [style: string, text: string])[]): void {
  const content = paragraphs.map(([style, text]) => `<p data-style="${style}">${text}</p>`).join("");
  editor = new Editor({
    extensions: [...schemaExtensions, Structure, Labels, Copying],
    content,
    enableInputRules: false,
    enablePasteRules: false,
  });
}

/** Put the caret in a paragraph, at an offset or at its end. */
function caret(index: number, offset?: number): void {
  let position = 0;
  for (let i = 0; i < index; i += 1) position += editor.state.doc.child(i).nodeSize;
  const at = position + 1 + (offset ?? editor.state.doc.child(index).content.size);
  editor.view.dispatch(editor.state.tr.setSelection(TextSelection.create(editor.state.doc, at)));
}

function press(key: string, modifiers: KeyboardEventInit = {}): boolean {
  const event = new KeyboardEvent("keydown", { key, ...modifiers, bubbles: true, cancelable: true });
  return editor.view.someProp("handleKeyDown", (handle) => handle(editor.view, event)) ?? false;
}

function shown(): string[] {
  const labels = labelsOf(editor.state.doc);
  const lines: string[] = [];
  editor.state.doc.forEach((node, position) => {
    lines.push(`${labels.get(position) ?? ""}|${node.textContent}`);
  });
  return lines;
}

afterEach(() => editor.destroy());

describe("Enter", () => {
  it("goes from Điều to khoản and from điểm to the next điểm", () => {
    open(["article", "Phạm vi"], ["clause", "Một"], ["point", "x"]);
    caret(2);
    press("Enter");
    caret(0);
    press("Enter");
    expect(shown()).toEqual(["Điều 1.|Phạm vi", "1.|", "2.|Một", "a)|x", "b)|"]);
  });

  it("in an empty paragraph climbs one level instead of adding another", () => {
    open(["article", "A"], ["clause", "B"], ["point", ""]);
    caret(2);
    press("Enter");
    expect(shown()).toEqual(["Điều 1.|A", "1.|B", "2.|"]);
    press("Enter");
    press("Enter");
    expect(editor.getAttributes("paragraph")["style"]).toBe("body");
  });

  it("in the middle keeps the style, and a number of one's own stays with the first part", () => {
    open(["article", "Phạm vi"]);
    caret(0, 4);
    editor.commands.setNumber("Điều 5a.");
    press("Enter");
    expect(shown()).toEqual(["Điều 5a.|Phạm", "Điều 1.| vi"]);
  });
});

describe("Tab", () => {
  it("makes a điểm of a khoản and back, and indents the rest up to the limit", () => {
    open(["clause", "x"], ["body", "y"]);
    caret(0);
    press("Tab");
    expect(editor.getAttributes("paragraph")["style"]).toBe("point");
    press("Tab", { shiftKey: true });
    expect(editor.getAttributes("paragraph")["style"]).toBe("clause");
    caret(1);
    for (let i = 0; i < 12; i += 1) press("Tab");
    expect(editor.getAttributes("paragraph")["indent"]).toBe(8);
  });
});

describe("Vietnamese typing", () => {
  it("leaves Backspace and the space bar inside text to the browser", () => {
    open(["article", "tao"]);
    caret(0);
    expect(press("Backspace")).toBe(false);
    expect(press(" ")).toBe(false);
    caret(0, 1);
    expect(press("Backspace")).toBe(false);
  });
});

describe("changing a style", () => {
  it("sets one attribute and never replaces the paragraph", () => {
    open(["body", "một"], ["body", "hai"]);
    caret(0);
    const { tr } = editor.state;
    const steps: string[] = [];
    editor.on("transaction", ({ transaction }) => steps.push(...transaction.steps.map((s) => s.toJSON().stepType as string)));
    editor.commands.setStyle("article");
    expect(tr.steps).toEqual([]);
    expect(steps).toEqual(["attr"]);
  });
});

describe("copying", () => {
  it("takes along the labels that were seen, and pasting back drops them", () => {
    open(["chapter", "CHUNG"], ["article", "Phạm vi"], ["point", "x"]);
    editor.commands.selectAll();
    const { dom, text } = editor.view.serializeForClipboard(editor.state.selection.content());
    expect(text).toBe("Chương I\nCHUNG\nĐiều 1. Phạm vi\na) x");
    expect(dom.textContent).toBe("Chương ICHUNGĐiều 1. Phạm via) x");
    const cleaned = cleanHtml(dom.innerHTML, "/images");
    expect(cleaned.document.body.textContent).toBe("CHUNGPhạm vix");
  });

  it("of a few words is those words", () => {
    open(["article", "Phạm vi điều chỉnh"]);
    caret(0);
    editor.commands.setTextSelection({ from: 1, to: 8 });
    expect(editor.view.serializeForClipboard(editor.state.selection.content()).text).toBe("Phạm vi");
  });
});
