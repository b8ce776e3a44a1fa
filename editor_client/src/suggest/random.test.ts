/** Random edits by several people: what stands never changes, and what is meant comes out. */
import type { Node } from "@tiptap/pm/model";
import type { Transaction } from "@tiptap/pm/state";
import { prosemirrorToYXmlFragment, updateYFragment, yXmlFragmentToProseMirrorRootNode } from "@tiptap/y-tiptap";
import { describe, expect, it } from "vitest";
import { Doc, applyUpdate, encodeStateAsUpdate, encodeStateVector } from "yjs";
import { decide } from "./decide";
import { listSuggestions } from "./listing";
import { resolveNodes } from "./resolve";
import { suggest } from "./transform";
import { author, doc, final, original, p, schema, show, stateOf } from "./trial";
import { carets, dice, edit, sample } from "./trialEdits";

const PEOPLE = [author("an"), author("binh"), author("chi")];

describe("random edits", () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))("leave what stands (%i)", (seed) => {
    const roll = dice(seed);
    const before = sample(roll);
    let state = stateOf(before, carets(before)[0]);
    let done = 0;
    for (let step = 0; step < 25; step += 1) {
      const by = PEOPLE[roll(3)] ?? PEOPLE[0]!;
      const tr = edit(roll, state.tr);
      if (!tr.docChanged) continue;
      const outcome = suggest(state, tr, by);
      if ("refused" in outcome) continue;
      state = state.apply(outcome.tr);
      done += 1;
      state.doc.check();
      expect(original(state.doc)).toBe(show(before));
      expect(schema.node("doc", null, resolveNodes(state.doc.content.content, () => false)).eq(before)).toBe(true);
    }
    expect(done).toBeGreaterThan(8);
    const rejected = decide(state, () => false);
    expect(show(rejected ? rejected.doc : state.doc)).toBe(show(before));
    const accepted = decide(state, () => true);
    if (accepted) expect(listSuggestions(accepted.doc)).toEqual([]);
  });

  it.each(Array.from({ length: 150 }, (_, seed) => seed))("accepted, say what was meant (%i)", (seed) => {
    const roll = dice(1000 + seed);
    const before = sample(roll);
    const state = stateOf(before, carets(before)[0]);
    const tr = edit(roll, state.tr);
    const outcome = suggest(state, tr, PEOPLE[0]!);
    if ("refused" in outcome) return;
    // The text and its paragraphs; their looks follow rules of their own.
    const plain = (node: Node) => node.textBetween(0, node.content.size, "¶", "▢");
    const meant = plain(tr.doc);
    const got = schema.nodeFromJSON((decide(state.apply(outcome.tr), () => true)?.doc ?? state.apply(outcome.tr).doc).toJSON());
    // A list keeps its end: text does not run out of it.
    if (!/List|table/.test(show(before))) expect(plain(got)).toBe(meant);
    expect(final(outcome.tr.doc)).toBe(show(got));
  });
});

/** What people do at the same moment: text comes, goes, or is to look otherwise. */
function atOnce(roll: (below: number) => number, tr: Transaction, words: string, from: number, to: number): Transaction {
  const mark = schema.marks[["bold", "italic"][roll(2)]!]!;
  switch (roll(4)) {
    case 0:
      return tr.insertText(words, from);
    case 1:
      return tr.delete(from, to);
    case 2:
      return tr.addMark(from, to, mark.create());
    default:
      return tr.removeMark(from, to, mark);
  }
}

describe("three people at once", () => {
  it.each(Array.from({ length: 20 }, (_, seed) => seed))("end with the same text in any order (%i)", (seed) => {
    const roll = dice(5000 + seed);
    const before = doc(p("Điều khoản chung"), p("Các sở, ban, ngành"), p("Điều khoản thi hành"));
    const source = new Doc();
    source.clientID = 1;
    prosemirrorToYXmlFragment(before, source.getXmlFragment("body"));
    const first = encodeStateAsUpdate(source);
    const peers = PEOPLE.map((by, index) => {
      const peer = new Doc();
      peer.clientID = 10 + index;
      applyUpdate(peer, first);
      return { by, peer };
    });
    const updates: Uint8Array[] = [];
    for (let round = 0; round < 3; round += 1) {
      for (const [index, { by, peer }] of peers.entries()) {
        const body = peer.getXmlFragment("body");
        const node = yXmlFragmentToProseMirrorRootNode(body, schema);
        const state = stateOf(node, carets(node)[0]);
        const places = carets(node);
        const place = places[roll(places.length)] ?? 1;
        const end = places[Math.min(places.length - 1, places.indexOf(place) + 3)] ?? place;
        // Signs that are nowhere else: the binding finds what came by comparing text, and
        // would take a letter beside the same letter for the other one.
        const tr = atOnce(roll, state.tr, `[${index}.${round}]`, place, end);
        const outcome = suggest(state, tr, by);
        if ("refused" in outcome) continue;
        const vector = encodeStateVector(peer);
        peer.transact(() => updateYFragment(peer, body, outcome.tr.doc, { mapping: new Map(), isOMark: new Map() }));
        updates.push(encodeStateAsUpdate(peer, vector));
      }
    }
    const ends = peers.map(({ peer }, index) => {
      const order = [...updates];
      for (let i = order.length - 1; i > 0; i -= 1) {
        const j = (roll(i + 1) + index) % (i + 1);
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
      for (const update of order) applyUpdate(peer, update);
      return yXmlFragmentToProseMirrorRootNode(peer.getXmlFragment("body"), schema);
    });
    const shown = ends.map(show);
    expect(new Set(shown).size).toBe(1);
    expect(updates.length).toBeGreaterThan(3);
    expect(original(ends[0]!)).toBe(show(before));
  });
});
