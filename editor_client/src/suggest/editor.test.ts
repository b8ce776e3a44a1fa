// @vitest-environment jsdom
/** Suggestions in a real editor bound to a shared document: modes, undo, input methods. */
import { Editor } from "@tiptap/core";
import { Collaboration } from "@tiptap/extension-collaboration";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Doc, applyUpdate, encodeStateAsUpdate } from "yjs";
import { Structure } from "../extensions/structure";
import { createUndoManager } from "../extensions/undo";
import { schemaExtensions } from "../schema";
import { asOneStep, decideThese } from "./decide";
import { Suggesting } from "./extension";
import { listSuggestions } from "./listing";
import type { Refusal } from "./edit";
import { author, show } from "./trial";

let doc: Doc;
let undoManager: ReturnType<typeof createUndoManager>;
let editor: Editor;
let isSuggesting = false;
const refusals: Refusal[] = [];

function open(shared: Doc): Editor {
  const body = shared.getXmlFragment("body");
  undoManager = createUndoManager(body, shared.getMap("fields"));
  return new Editor({
    element: document.createElement("div"),
    extensions: [
      ...schemaExtensions,
      Collaboration.configure({ fragment: body, yUndoOptions: { undoManager } as never }),
      Structure,
      Suggesting.configure({
        author: author("an"),
        isSuggesting: () => isSuggesting,
        onRefused: (reason) => refusals.push(reason),
      }),
    ],
    enableInputRules: false,
  });
}

const text = () => show(editor.state.doc);
const type = (words: string) => editor.view.dispatch(editor.state.tr.insertText(words));
const step = () => undoManager.stopCapturing();

beforeEach(() => {
  document.elementFromPoint = () => null;
  doc = new Doc();
  editor = open(doc);
  isSuggesting = false;
  refusals.length = 0;
  editor.commands.setContent("<p>một hai</p>");
  editor.commands.setTextSelection(4);
  step();
});

afterEach(() => editor.destroy());

describe("the mode", () => {
  it("decides what an edit becomes", () => {
    type("!");
    isSuggesting = true;
    type("?");
    expect(text()).toBe("một!{+?+} hai¶");
  });

  it("leaves the shared document with the marks, for everybody", () => {
    isSuggesting = true;
    type(" mới");
    editor.commands.setTextSelection({ from: 1, to: 3 });
    editor.commands.deleteSelection();
    const other = new Doc();
    applyUpdate(other, encodeStateAsUpdate(doc));
    const theirs = open(other);
    expect(show(theirs.state.doc)).toBe("{-mộ-}t{+ mới+} hai¶");
    theirs.destroy();
  });

  it("refuses a list with a reason, and the text stays", () => {
    isSuggesting = true;
    editor.commands.toggleBulletList();
    expect(refusals).toEqual(["structure"]);
    expect(text()).toBe("một hai¶");
  });

  it("lets Enter of the editor suggest a new paragraph", () => {
    isSuggesting = true;
    editor.commands.enterParagraph();
    expect(text()).toBe("một¶+ hai¶");
  });
});

describe("undo", () => {
  it("takes back a suggestion and brings it again", () => {
    isSuggesting = true;
    type("x");
    step();
    editor.commands.setTextSelection({ from: 1, to: 3 });
    editor.commands.deleteSelection();
    step();
    const marked = text();
    editor.commands.undo();
    expect(text()).toBe("một{+x+} hai¶");
    editor.commands.undo();
    expect(text()).toBe("một hai¶");
    editor.commands.redo();
    editor.commands.redo();
    expect(text()).toBe(marked);
  });

  it("takes back an acceptance in one step", () => {
    isSuggesting = true;
    editor.commands.enterParagraph();
    type("x");
    step();
    const marked = text();
    const [found] = listSuggestions(editor.state.doc);
    const tr = decideThese(editor.state, new Set([found!.key]), true);
    editor.view.dispatch(tr!);
    expect(text()).toBe("một¶x hai¶");
    step();
    editor.commands.undo();
    expect(text()).toBe(marked);
  });
});

describe("several places of one paragraph", () => {
  const peers: { doc: Doc; undo: ReturnType<typeof createUndoManager>; editor: Editor }[] = [];
  const swap = () => {
    const [one, other] = peers;
    const [left, right] = [encodeStateAsUpdate(one!.doc), encodeStateAsUpdate(other!.doc)];
    applyUpdate(one!.doc, right);
    applyUpdate(other!.doc, left);
  };
  const said = () => peers.map((peer) => show(peer.editor.state.doc));

  /** "hai" and "bốn" are to go, from the text of two people. */
  beforeEach(() => {
    editor.commands.setContent("<p>một hai ba bốn năm</p>");
    isSuggesting = true;
    for (const [from, to] of [[5, 9], [12, 16]] as const) {
      step();
      editor.commands.setTextSelection({ from, to });
      editor.commands.deleteSelection();
    }
    isSuggesting = false;
    expect(text()).toBe("một {-hai -}ba {-bốn -}năm¶");
    for (let number = 0; number < 2; number += 1) {
      const shared = new Doc();
      applyUpdate(shared, encodeStateAsUpdate(doc));
      const made = open(shared);
      peers.push({ doc: shared, undo: undoManager, editor: made });
    }
  });
  afterEach(() => peers.splice(0).forEach((peer) => peer.editor.destroy()));

  it("say everything once when two people accept all at the same moment", () => {
    for (const peer of peers) asOneStep(peer.undo, peer.editor, () => true);
    swap();
    expect(said()).toEqual(["một ba năm¶", "một ba năm¶"]);
  });

  it("keep what a colleague types between them in its place", () => {
    const [one, other] = peers;
    asOneStep(one!.undo, one!.editor, () => true);
    other!.editor.view.dispatch(other!.editor.state.tr.insertText("x", 10));
    swap();
    expect(said()).toEqual(["một bxa năm¶", "một bxa năm¶"]);
  });

  it("are decided in one step of the history", () => {
    const [one] = peers;
    asOneStep(one!.undo, one!.editor, () => true);
    expect(said()[0]).toBe("một ba năm¶");
    one!.undo.undo();
    expect(said()[0]).toBe("một {-hai -}ba {-bốn -}năm¶");
  });

  it("are left alone where nothing is decided", () => {
    const [one] = peers;
    expect(asOneStep(one!.undo, one!.editor, () => null)).toBe(false);
    expect(said()[0]).toBe("một {-hai -}ba {-bốn -}năm¶");
  });
});

describe("a direct edit", () => {
  beforeEach(() => {
    isSuggesting = true;
    type("đề nghị");
    isSuggesting = false;
  });

  it("inside a suggestion is no part of it", () => {
    editor.commands.setTextSelection(6);
    type("!");
    expect(text()).toBe("một{+đề+}!{+ nghị+} hai¶");
  });

  it("leaves the end of a paragraph to what is suggested of it", () => {
    isSuggesting = true;
    editor.commands.setTextSelection(13);
    editor.commands.enterParagraph();
    isSuggesting = false;
    expect(text()).toBe("một{+đề nghị+} h¶+ai¶");
    editor.commands.setTextSelection(3);
    editor.commands.enterParagraph();
    expect(text()).toBe("mộ¶t{+đề nghị+} h¶+ai¶");
    editor.view.dispatch(editor.state.tr.join(4));
    expect(text()).toBe("một{+đề nghị+} h¶+ai¶");
  });
});

describe("an input method", () => {
  const begin = () => editor.view.dom.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
  const stored = () => editor.state.storedMarks?.map(({ type: { name } }) => name);

  it("finds the mark before its first letter, so that its text is not replaced", () => {
    isSuggesting = true;
    begin();
    expect(stored()).toEqual(["insertion"]);
    expect(text()).toBe("một hai¶");
  });

  it("over a selection finds it already marked to go", () => {
    isSuggesting = true;
    editor.commands.setTextSelection({ from: 1, to: 4 });
    begin();
    expect(text()).toBe("{-một-} hai¶");
    expect(editor.state.selection.empty).toBe(true);
  });

  it("in direct mode is kept out of a suggestion around it", () => {
    isSuggesting = true;
    type("xyz");
    isSuggesting = false;
    editor.commands.setTextSelection(6);
    begin();
    expect(stored()).toEqual([]);
  });
});
