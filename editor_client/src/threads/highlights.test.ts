/** Tints on two editors of one document: what is shown is where the words are, at once. */
import { Editor } from "@tiptap/core";
import { Collaboration } from "@tiptap/extension-collaboration";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyUpdate, Doc, encodeStateAsUpdate, XmlElement, XmlText } from "yjs";
import { cell } from "../collab/readable";
import { schemaExtensions } from "../schema";
import { makeAnchor } from "./anchors";
import { Highlights, hookHighlights, showHighlights } from "./highlights";
import type { Places } from "./places";
import { createPlaces } from "./places";
import type { Thread } from "./types";

const LEAVES = new Set(["hardBreak", "image", "pageBreak", "horizontalRule"]);
const TEXTS = ["Căn cứ Luật Tổ chức", "Quy định trách nhiệm của người đứng đầu", "Đề nghị báo cáo"];

interface Side {
  readonly editor: Editor;
  readonly places: Places;
  readonly moved: string[];
  readonly echoes: Map<string, number>;
}
let here: Side;
let there: Side;
const threads = cell<ReadonlyMap<string, Thread>>(new Map());

function open(doc: Doc): Side {
  const body = doc.getXmlFragment("body");
  const editor = new Editor({
    extensions: [...schemaExtensions, Collaboration.configure({ fragment: body }), Highlights],
    enableInputRules: false,
  });
  const moved: string[] = [];
  const echoes = new Map<string, number>();
  const places = createPlaces({
    doc,
    body,
    fields: doc.getMap("fields"),
    epoch: 1,
    leaves: LEAVES,
    threads,
    mayMove: () => true,
    leads: () => true,
    move: async (anchors) =>
      anchors.forEach((anchor, id) => {
        moved.push(`${id}: ${anchor.quote}`);
        echoes.set(id, anchor.echo);
      }),
  });
  hookHighlights(editor, { locate: places.locate, onClick: () => undefined });
  return { editor, places, moved, echoes };
}

function comment(id: string, words: string): void {
  const flat = here.places.flatOf("body");
  const from = flat.text.indexOf(words);
  const anchor = makeAnchor(flat, { from, to: from + words.length }, "body", 1);
  const thread = { id, anchor, state: "open" } as unknown as Thread;
  threads.set(new Map(threads.get()).set(id, thread));
  for (const { editor, places } of [here, there]) {
    const ranges = [...places.places.get()].flatMap(([each, { span }]) => (span ? [{ id: each, ...span }] : []));
    showHighlights(editor, { ranges, active: null });
  }
}

function tinted({ editor }: Side): string[] {
  return [...editor.view.dom.querySelectorAll(".ed-thread")].map((each) => each.textContent);
}

function place(side: Side, words: string): { from: number; to: number } {
  const flat = side.places.locate(new Set()) && side.places.flatOf("body");
  const from = flat.text.indexOf(words);
  const span = flat.span(from, from + words.length);
  if (!span) throw new Error(`no ${words}`);
  return span;
}
const write = (side: Side, at: number, words: string) =>
  side.editor.view.dispatch(side.editor.state.tr.insertText(words, at));

beforeEach(() => {
  threads.set(new Map());
  const mine = new Doc();
  const theirs = new Doc();
  TEXTS.forEach((words, at) => {
    const paragraph = new XmlElement("paragraph");
    paragraph.insert(0, [new XmlText(words)]);
    mine.getXmlFragment("body").insert(at, [paragraph]);
  });
  applyUpdate(theirs, encodeStateAsUpdate(mine));
  mine.on("update", (update: Uint8Array, origin: unknown) => origin !== "sent" && applyUpdate(theirs, update, "sent"));
  theirs.on("update", (update: Uint8Array, origin: unknown) => origin !== "sent" && applyUpdate(mine, update, "sent"));
  here = open(mine);
  there = open(theirs);
  comment("a", "trách nhiệm của người đứng đầu");
  comment("b", "báo cáo");
});

afterEach(() => {
  for (const { editor, places } of [here, there]) {
    places.destroy();
    editor.destroy();
  }
});

describe("the tints of threads", () => {
  it("lie on the words of each thread, on both pages", () => {
    expect(tinted(here)).toEqual(["trách nhiệm của người đứng đầu", "báo cáo"]);
    expect(tinted(there)).toEqual(tinted(here));
  });

  it("move with what a colleague writes before, inside and at their ends", () => {
    write(there, 1, "Nay: ");
    write(there, place(there, "nhiệm").from, "các ");
    write(there, place(there, "báo cáo").to, " gấp");
    write(there, place(there, "báo cáo").from, "gửi ");
    for (const side of [here, there]) {
      expect(tinted(side)).toEqual(["trách các nhiệm của người đứng đầu", "báo cáo"]);
    }
  });

  it("shrink with what a colleague deletes across their ends, and vanish with all of it", () => {
    const start = place(there, "định trách");
    there.editor.view.dispatch(there.editor.state.tr.delete(start.from, start.to));
    expect(tinted(here)[0]).toBe(" nhiệm của người đứng đầu");
    const words = place(there, "báo cáo");
    there.editor.view.dispatch(there.editor.state.tr.delete(words.from, words.to));
    expect(tinted(here)).toHaveLength(1);
    expect(tinted(there)).toEqual(tinted(here));
  });

  it("stay when a colleague splits a paragraph elsewhere, and are found after a split inside", async () => {
    there.editor.commands.setTextSelection(5);
    there.editor.commands.splitBlock();
    expect(tinted(here)).toEqual(["trách nhiệm của người đứng đầu", "báo cáo"]);
    there.editor.commands.setTextSelection(place(there, "của").from);
    there.editor.commands.splitBlock();
    await expect.poll(() => here.places.places.get().get("a")?.found.kind).toBe("moved");
    // One of them anchors the thread anew, with the quote that it began with.
    await expect.poll(() => [...here.moved, ...there.moved], { timeout: 6000 }).toContain("a: trách nhiệm của người đứng đầu");
  });

  it("keep words that were found by their quote, whatever is typed before the server knows", async () => {
    const words = place(there, "báo cáo");
    there.editor.view.dispatch(there.editor.state.tr.delete(words.from, words.to));
    write(there, 1, "báo cáo, ");
    await expect.poll(() => here.places.places.get().get("b")?.found.kind).toBe("moved");
    write(there, place(there, "báo cáo").from + 4, "số liệu ");
    await expect.poll(() => here.places.places.get().get("b")?.found).toMatchObject({ kind: "here", isChanged: true });
    const span = here.places.places.get().get("b")?.span;
    expect(span && here.editor.state.doc.textBetween(span.from, span.to)).toBe("báo số liệu cáo");
  });

  it("do not jump to words that somebody wrote elsewhere before these went", async () => {
    const before = here.places.places.get().get("b")?.found;
    write(there, 1, "báo cáo, ");
    const moved = (side: Side) => side.places.places.get().get("b")?.found;
    for (const side of [here, there]) await expect.poll(() => moved(side)).not.toEqual(before);
    const own = there.places.flatOf("body").text.lastIndexOf("báo cáo");
    const span = there.places.flatOf("body").span(own, own + 7);
    there.editor.view.dispatch(there.editor.state.tr.delete(span?.from ?? 0, span?.to ?? 0));
    for (const side of [here, there]) await expect.poll(() => moved(side)?.kind).toBe("gone");
    // It is kept with the thread, for whoever was not there to see it.
    await expect.poll(() => [here.echoes.get("b"), there.echoes.get("b")], { timeout: 6000 }).toContain(0);
  });

  it("never enter the document", () => {
    const html = JSON.stringify(here.editor.getJSON());
    expect(html).not.toContain("thread");
  });
});
