/**
 * Anchors under random edits of three writers whose updates arrive in any order, under
 * undo, compaction and reopening. The numbers are fixed, so a failing run can be repeated;
 * the ends of the runs are kept in a file that the server's own search is checked against.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { XmlFragment } from "yjs";
import { applyUpdate, Doc, encodeStateAsUpdate, mergeUpdates, UndoManager, XmlElement, XmlText } from "yjs";
import { makeAnchor, resolve } from "./anchors";
import { flatBody } from "./flat";
import type { Anchor } from "./types";

const CASES = "../tests/unit/collab/content/anchor_cases.json";
const LEAVES = new Set(["hardBreak"]);
const QUOTE = "trách nhiệm của người đứng đầu";
const TEXTS = ["Căn cứ Luật Tổ chức chính quyền", `Quy định ${QUOTE} cơ quan`, "Đề nghị các đơn vị", "🙂 báo cáo"];
/** The same words stand first in another paragraph, in which nobody edits. */
const TWICE = [`Quy chế về ${QUOTE} đơn vị`, ...TEXTS];
const WORDS = ["Kính gửi ", "ủy ban ", "x", "điều 1. ", "🙂"];

/** mulberry32: the same numbers on every machine. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  };
}

function peer(id: number, state: Uint8Array | null): { doc: Doc; body: XmlFragment; undo: UndoManager } {
  const doc = new Doc();
  doc.clientID = id;
  const body = doc.getXmlFragment("body");
  doc.getMap("fields");
  if (state) applyUpdate(doc, state);
  return { doc, body, undo: new UndoManager(body, { captureTimeout: 0 }) };
}
type Peer = ReturnType<typeof peer>;

function insert(body: XmlFragment, at: number, words: string): void {
  const paragraph = new XmlElement("paragraph");
  body.insert(at, [paragraph]);
  paragraph.insert(0, [new XmlText(words)]);
}

function first(texts = TEXTS): { state: Uint8Array; anchor: Anchor } {
  const { doc, body } = peer(1, null);
  texts.forEach((words, at) => insert(body, at, words));
  const flat = flatBody(body, LEAVES);
  const from = flat.text.lastIndexOf(QUOTE);
  const anchor = makeAnchor(flat, { from, to: from + QUOTE.length }, "body", 1);
  if (!anchor) throw new Error("no anchor");
  return { state: encodeStateAsUpdate(doc), anchor };
}

const textOf = (body: XmlFragment, at: number): XmlText | null => {
  const paragraph = body.get(at);
  const text = paragraph instanceof XmlElement ? paragraph.get(0) : null;
  return text instanceof XmlText ? text : null;
};
const lettersOf = (text: XmlText) => (text.toDelta() as { insert: string }[]).map(({ insert: words }) => words).join("");

/** One edit; with `spares`, one that deletes no letter of the quote. */
function edit({ body, undo }: Peer, random: (below: number) => number, spares: boolean, begin = 0): void {
  const at = begin + random(body.length - begin);
  const text = textOf(body, at);
  if (!text) return insert(body, at, "Đoạn mới");
  const holds = /trách|đứng đầu|nhiệm|người/.test(lettersOf(text));
  const from = random(text.length + 1);
  const kind = random(spares ? 5 : 8);
  if (kind <= 1) text.insert(from, WORDS[random(WORDS.length)] ?? "");
  else if (kind === 2 && !(spares && holds)) text.delete(from, Math.min(random(12), text.length - from));
  else if (kind === 3) insert(body, begin + random(body.length + 1 - begin), WORDS[random(WORDS.length)] ?? "");
  else if (kind === 4 && text.length > from) text.format(from, text.length - from, { bold: {} });
  else if (kind === 5 && body.length > begin + 1) body.delete(at, 1);
  else if (kind === 6) {
    // Enter in the middle, as the editor binding writes it.
    const rest = lettersOf(text).slice(from);
    text.delete(from, text.length - from);
    insert(body, at + 1, rest);
  } else if (kind === 7) undo.undo();
}

function run(seed: number, spares: boolean, texts = TEXTS): { peers: Peer[]; anchor: Anchor; state: Uint8Array } {
  const random = numbers(seed);
  const { state, anchor } = first(texts);
  const begin = texts.length - TEXTS.length;
  const peers = [2, 3, 4].map((id) => peer(id, state));
  for (let round = 0; round < 12; round += 1) {
    for (const each of peers) for (let count = random(4); count > 0; count -= 1) edit(each, random, spares, begin);
    const [from, to] = [peers[random(3)], peers[random(3)]];
    if (from && to && from !== to) applyUpdate(to.doc, encodeStateAsUpdate(from.doc));
  }
  const parts = peers.map(({ doc }) => encodeStateAsUpdate(doc));
  for (let at = parts.length - 1; at > 0; at -= 1) {
    const other = random(at + 1);
    [parts[at], parts[other]] = [parts[other] ?? state, parts[at] ?? state];
  }
  for (const { doc } of peers) for (const part of parts) applyUpdate(doc, part);
  return { peers, anchor, state: mergeUpdates(parts) };
}

function where(anchor: Anchor, doc: Doc): { kind: string; words: string } {
  const flat = flatBody(doc.getXmlFragment("body"), LEAVES);
  const found = resolve(anchor, flat, doc);
  return { kind: found.kind, words: found.kind === "gone" ? "" : flat.text.slice(found.from, found.to) };
}

describe("an anchor under random edits of three writers", () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))("keeps every letter of its quote that is left (%i)", (seed) => {
    const { peers, anchor, state } = run(seed, true);
    const places = peers.map(({ doc }) => where(anchor, doc));
    // All writers, and one who opens the compacted document, see the same words.
    const opened = peer(9, state);
    expect(new Set([...places, where(anchor, opened.doc)].map((place) => JSON.stringify(place))).size).toBe(1);
    const { kind, words } = places[0] ?? { kind: "", words: "" };
    expect(kind).toBe("here");
    // What was written inside is part of it; nothing of the quote is lost, in its order.
    let at = 0;
    for (const letter of words) if (letter === [...QUOTE][at]) at += 1;
    expect(at).toBe([...QUOTE].length);
    expect([words.slice(0, 1), words.slice(-1)]).toEqual([QUOTE.slice(0, 1), QUOTE.slice(-1)]);
  });

  it("comes back when all that was done is undone", () => {
    for (let seed = 100; seed < 130; seed += 1) {
      const random = numbers(seed);
      const { state, anchor } = first();
      const writer = peer(5, state);
      for (let count = 0; count < 15; count += 1) edit(writer, random, false);
      while (writer.undo.undoStack.length) writer.undo.undo();
      const reopened = peer(9, encodeStateAsUpdate(writer.doc));
      expect(where(anchor, reopened.doc).words.replace(/\s/g, "")).toBe(QUOTE.replace(/\s/g, ""));
    }
  });

  it("never leads to the same words elsewhere, whatever is done to its own", () => {
    const kinds = new Set<string>();
    for (let seed = 200; seed < 320; seed += 1) {
      const { peers, anchor } = run(seed, false, TWICE);
      for (const { doc, body } of peers) {
        const found = resolve(anchor, flatBody(body, LEAVES), doc);
        kinds.add(found.kind);
        if (found.kind !== "gone") expect(found.from).toBeGreaterThan(TWICE[0]?.length ?? 0);
      }
    }
    expect([...kinds].sort()).toEqual(["gone", "here", "moved"]);
  });

  it("is found by the server's search where the editor finds it", () => {
    const cases = Array.from({ length: 60 }, (_, seed) => {
      const { anchor, state } = seed < 40 ? run(seed + 500, seed % 2 === 0) : run(seed + 500, false, TWICE);
      const opened = peer(9, state);
      return { state: Buffer.from(encodeStateAsUpdate(opened.doc)).toString("base64"), anchor, ...where(anchor, opened.doc) };
    });
    const kinds = new Set(cases.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(["gone", "here", "moved"]);
    const written = `${JSON.stringify(cases, null, 1)}\n`;
    if (process.env["WRITE_CASES"]) writeFileSync(CASES, written);
    expect(JSON.parse(readFileSync(CASES, "utf8"))).toEqual(cases);
  });
});
