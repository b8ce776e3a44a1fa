// @vitest-environment jsdom
/** An editor that keeps its nodes shows the same as one that builds all anew. */
import { Editor } from "@tiptap/core";
import { Collaboration } from "@tiptap/extension-collaboration";
import { yXmlFragmentToProseMirrorRootNode } from "@tiptap/y-tiptap";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Doc, applyUpdate, encodeStateAsUpdate, encodeStateVector } from "yjs";
import { schemaExtensions } from "../schema";
import { Labels, labelsKey, labelsOf } from "./labels";
import { LastingNodes } from "./lastingMapping";
import { Structure } from "./structure";
import { createUndoManager } from "./undo";

interface Desk {
  readonly doc: Doc;
  readonly editor: Editor;
}

let desks: Desk[];

/** Editors that begin after the first text, as in the page. */
async function open(first: Uint8Array): Promise<Desk> {
  const doc = new Doc();
  applyUpdate(doc, first);
  const body = doc.getXmlFragment("body");
  const undoManager = createUndoManager(body, doc.getMap("fields"));
  const editor = new Editor({
    element: document.createElement("div"),
    extensions: [
      ...schemaExtensions,
      Collaboration.configure({ fragment: body, yUndoOptions: { undoManager } as never }),
      LastingNodes,
      Structure,
      Labels,
    ],
    enableInputRules: false,
  });
  await vi.waitFor(() => expect(editor.isInitialized).toBe(true));
  return { doc, editor };
}

function exchange(): void {
  const [one, other] = desks;
  if (!one || !other) return;
  const [forOther, forOne] = [
    encodeStateAsUpdate(one.doc, encodeStateVector(other.doc)),
    encodeStateAsUpdate(other.doc, encodeStateVector(one.doc)),
  ];
  applyUpdate(other.doc, forOther);
  applyUpdate(one.doc, forOne);
}

/** The same numbers each time. */
function dice(seed: number): (sides: number) => number {
  let state = seed + 1;
  return (sides) => {
    state = (state * 48271) % 2147483647;
    return state % sides;
  };
}

function edit({ editor }: Desk, roll: (sides: number) => number): void {
  const { doc } = editor.state;
  const at = 1 + roll(doc.content.size - 1);
  editor.commands.setTextSelection(at);
  const acts: (() => unknown)[] = [
    () => editor.view.dispatch(editor.state.tr.insertText("chữ ")),
    () => editor.commands.enterParagraph(),
    () => editor.commands.joinBackward(),
    () => editor.commands.setStyle(roll(2) ? "article" : "clause"),
    () => editor.commands.toggleBulletList(),
    () => editor.commands.insertTable({ rows: 2, cols: 2 }),
    () => editor.commands.setTextSelection({ from: at, to: Math.min(at + roll(30), doc.content.size - 1) }) && editor.commands.deleteSelection(),
    () => editor.commands.setTextSelection({ from: at, to: Math.min(at + 9, doc.content.size - 1) }) && editor.commands.toggleBold(),
    () => editor.commands.undo(),
  ];
  // Letters are what is mostly typed.
  acts[roll(3) ? roll(3) : roll(acts.length)]?.();
}

beforeEach(async () => {
  document.elementFromPoint = () => null;
  const doc = new Doc();
  desks = [];
  const first = await open(encodeStateAsUpdate(doc));
  const lines = Array.from({ length: 12 }, (_, n) => `<p data-style="clause">khoản ${n} có chữ</p>`);
  first.editor.commands.setContent(lines.join(""));
  const text = encodeStateAsUpdate(first.doc);
  first.editor.destroy();
  desks = [await open(text), await open(text)];
});

afterEach(() => desks.forEach(({ editor }) => editor.destroy()));

describe("an editor that keeps its nodes", () => {
  it("leaves paragraphs alone that a colleague did not touch", () => {
    const [one, other] = desks;
    if (!one || !other) throw new Error("two desks");
    const before = one.editor.state.doc;
    other.editor.view.dispatch(other.editor.state.tr.insertText("mới ", 1));
    exchange();
    const after = one.editor.state.doc;
    expect(after.child(0).textContent).toBe("mới khoản 0 có chữ");
    for (let index = 1; index < before.childCount; index += 1) expect(after.child(index)).toBe(before.child(index));
  });

  it.each(Array.from({ length: 40 }, (_, seed) => seed))("shows what the shared text says, after edits of two (%i)", (seed) => {
    const roll = dice(seed * 7919);
    for (let turn = 0; turn < 40; turn += 1) {
      const desk = desks[roll(2)];
      if (desk) edit(desk, roll);
      if (roll(3) === 0) exchange();
    }
    exchange();
    exchange();
    for (const { doc, editor } of desks) {
      const { schema } = editor.state;
      const anew = yXmlFragmentToProseMirrorRootNode(doc.getXmlFragment("body"), schema);
      expect(editor.state.doc.toJSON()).toEqual(anew.toJSON());
      editor.state.doc.check();
      const painted = labelsKey.getState(editor.state);
      const shown = painted?.decorations.find().map(({ from, spec }) => [from, (spec as { label: string }).label]);
      expect(new Map(shown as [number, string][])).toEqual(labelsOf(editor.state.doc));
      // A label that was left behind would stand in the page itself.
      const inPage = Array.from(editor.view.dom.querySelectorAll("[data-label]"), (each) => each.getAttribute("data-label"));
      expect(inPage).toEqual([...labelsOf(editor.state.doc).values()]);
    }
    expect(desks[0]?.editor.state.doc.toJSON()).toEqual(desks[1]?.editor.state.doc.toJSON());
  });
});
