// @vitest-environment jsdom
/** Two people decide the same at the same moment: joins and lists stand once. */
import { Editor } from "@tiptap/core";
import { Collaboration } from "@tiptap/extension-collaboration";
import type { Node } from "@tiptap/pm/model";
import { prosemirrorToYXmlFragment } from "@tiptap/y-tiptap";
import { afterEach, describe, expect, it } from "vitest";
import { Doc, applyUpdate, decodeUpdate, encodeStateAsUpdate, encodeStateVector } from "yjs";
import type { Decide } from "./layers";
import { LastingNodes } from "../extensions/lastingMapping";
import { createUndoManager } from "../extensions/undo";
import { schemaExtensions } from "../schema";
import { asOneStep, decide } from "./decide";
import { Suggesting } from "./extension";
import { listSuggestions } from "./listing";
import { suggest } from "./transform";
import { AN, BINH, act, at, author, doc, list, p, row, schema, show, stateOf, table } from "./trial";
import { carets, dice, edit, sample } from "./trialEdits";

interface Peer {
  readonly doc: Doc;
  readonly undo: ReturnType<typeof createUndoManager>;
  readonly editor: Editor;
}

const peers: Peer[] = [];
afterEach(() => peers.splice(0).forEach(({ editor }) => editor.destroy()));

/** So many people with the same text before them. */
function open(node: Node, count = 2): Peer[] {
  document.elementFromPoint = () => null;
  const source = new Doc();
  prosemirrorToYXmlFragment(node, source.getXmlFragment("body"));
  for (let number = 0; number < count; number += 1) {
    const shared = new Doc();
    // The first editor may put a table right.
    applyUpdate(shared, encodeStateAsUpdate(peers[0]?.doc ?? source));
    const body = shared.getXmlFragment("body");
    const undo = createUndoManager(body, shared.getMap("fields"));
    const editor = new Editor({
      element: document.createElement("div"),
      extensions: [
        ...schemaExtensions,
        Collaboration.configure({ fragment: body, yUndoOptions: { undoManager: undo } as never }),
        LastingNodes,
        Suggesting.configure({ author: author(`an${number}`), isSuggesting: () => false, onRefused: () => undefined }),
      ],
      enableInputRules: false,
    });
    editor.view.dispatch(editor.state.tr.setMeta("addToHistory", false));
    peers.push({ doc: shared, undo, editor });
  }
  return peers;
}

/** Everybody gets what the others have, all at once. */
function meet(): void {
  const states = peers.map((peer) => encodeStateAsUpdate(peer.doc));
  for (const peer of peers) for (const state of states) applyUpdate(peer.doc, state);
}

const said = () => peers.map(({ editor }) => show(editor.state.doc));
const all = (accepts: boolean) => peers.forEach(({ undo, editor }) => asOneStep(undo, editor, () => accepts));

/** A document in which somebody suggested something. */
function suggested(node: Node, edit: Parameters<typeof act>[1], by = AN): Node {
  return act(stateOf(node), edit, by).doc;
}

const CASES: Record<string, () => Node> = {
  "two paragraphs that are joined": () => {
    const before = doc("một hai", p("ba", { style: "article" }));
    return suggested(before, (tr) => tr.join(at(before, "ba") - 1));
  },
  "two paragraphs of which the second is longer": () => {
    const before = doc("một", p("hai ba bốn", { style: "article" }));
    return suggested(before, (tr) => tr.join(at(before, "hai") - 1));
  },
  "three paragraphs that are joined, with words that go": () => {
    const before = doc("một hai", "ba bốn", "năm");
    return suggested(before, (tr) => tr.delete(at(before, "hai"), at(before, "năm") + 1));
  },
  "a paragraph that was parted": () => {
    const before = doc("một hai ba");
    return suggested(before, (tr) => tr.split(at(before, "hai")));
  },
  "paragraphs in a cell": () => {
    const cell = schema.node("tableCell", null, [p("một"), p("hai")]);
    const before = doc("trước", schema.node("table", null, [schema.node("tableRow", null, [cell])]));
    return suggested(before, (tr) => tr.join(at(before, "hai") - 1));
  },
  "two items of a list": () => {
    const before = doc(list("một", "hai", "ba"), "sau");
    return suggested(before, (tr) => tr.delete(at(before, "một") + 2, at(before, "hai") + 1));
  },
  "a list that is made of paragraphs": () => {
    const before = doc("trước", p("một"), p("hai"), "sau");
    return suggested(before, (tr) => {
      for (const word of ["một", "hai"]) tr.setNodeAttribute(at(before, word) - 1, "listed", "bullet");
      return tr;
    });
  },
  "a paragraph that comes to a list": () => {
    const before = doc(list("một", "hai"), p("ba"), "sau");
    return suggested(before, (tr) => tr.setNodeAttribute(at(before, "ba") - 1, "listed", "bullet"));
  },
  "an item one level deeper": () => {
    const before = doc(list("một", "hai", "ba"));
    return suggested(before, (tr) => tr.setNodeAttribute(at(before, "hai") - 1, "nested", 1));
  },
  "an item that is to leave its list": () => {
    const before = doc(list("một", "hai", "ba"));
    return suggested(before, (tr) => tr.setNodeAttribute(at(before, "hai") - 1, "listed", "none"));
  },
  "a list of another kind": () => {
    const before = doc(list("một", "hai"));
    return suggested(before, (tr) => {
      for (const word of ["một", "hai"]) tr.setNodeAttribute(at(before, word) - 1, "listed", "ordered");
      return tr;
    });
  },
  "a list in a cell, with words of another": () => {
    const before = doc(table(row("ô một", "ô hai")), "một hai");
    const state = act(stateOf(before), (tr) => tr.setNodeAttribute(at(before, "ô hai") - 1, "listed", "bullet"), AN);
    return act(state, (tr) => tr.insertText("mới ", at(state.doc, "hai")), BINH).doc;
  },
};

describe("what two people decide at the same moment", () => {
  it.each(Object.keys(CASES))("stands once: %s", (name) => {
    for (const accepts of [true, false]) {
      const node = CASES[name]!();
      const wanted = show(decide(stateOf(node), () => accepts)?.doc ?? node);
      open(node);
      all(accepts);
      expect(said()).toEqual([wanted, wanted]);
      meet();
      expect(said()).toEqual([wanted, wanted]);
      for (const { editor } of peers.splice(0)) {
        editor.state.doc.check();
        expect(listSuggestions(editor.state.doc)).toEqual([]);
        editor.destroy();
      }
    }
  });

  it("stands once in text that a colleague goes on with somewhere else", () => {
    const node = CASES["two paragraphs that are joined"]!();
    open(schema.node("doc", null, [...node.content.content, p("sau")]), 3);
    const [, , third] = peers;
    third!.editor.view.dispatch(third!.editor.state.tr.insertText("!", third!.editor.state.doc.content.size - 1));
    peers.slice(0, 2).forEach(({ undo, editor }) => asOneStep(undo, editor, () => true));
    meet();
    expect(new Set(said()).size).toBe(1);
    expect(said()[0]!.match(/ba/g)).toHaveLength(1);
    expect(said()[0]).toContain("sau!");
  });

  it("is one step of the history, and comes again", () => {
    for (const name of ["two paragraphs that are joined", "a list that is made of paragraphs"]) {
      const [one] = open(CASES[name]!(), 1);
      const before = said()[0];
      all(true);
      const after = said()[0];
      one!.undo.undo();
      expect(said()[0]).toBe(before);
      one!.undo.redo();
      expect(said()[0]).toBe(after);
      one!.undo.undo();
      all(true);
      expect(said()[0]).toBe(after);
      peers.splice(0).forEach(({ editor }) => editor.destroy());
    }
  });
});

const PEOPLE = [author("an"), author("binh"), author("chi")];

/** A document with a dozen suggestions of three people. */
function crowded(roll: (below: number) => number): Node {
  const before = sample(roll);
  let state = stateOf(before, carets(before)[0]);
  for (let step = 0; step < 12; step += 1) {
    const tr = edit(roll, state.tr);
    if (!tr.docChanged) continue;
    const outcome = suggest(state, tr, PEOPLE[roll(3)]!);
    if (!("refused" in outcome)) state = state.apply(outcome.tr);
  }
  return state.doc;
}

/** What each wrote, by the name of the hand. */
function writtenBy(update: Uint8Array): Map<number, string> {
  const found = new Map<number, string[]>();
  for (const struct of decodeUpdate(update).structs) {
    const { id, origin, rightOrigin, parent, parentSub, content } = struct as unknown as Record<string, unknown> & { id: { client: number } };
    const type = (content as { type?: { nodeName?: string } } | undefined)?.type;
    const words = JSON.stringify([id, origin, rightOrigin, parent, parentSub, type ? type.nodeName : content]);
    found.set(id.client, [...(found.get(id.client) ?? []), words]);
  }
  return new Map([...found].map(([client, words]) => [client, words.join("\n")]));
}

describe("the same, whatever it is", () => {
  it.each(Array.from({ length: 80 }, (_, seed) => seed))("stands once (%i)", (seed) => {
    const roll = dice(9000 + seed);
    open(crowded(roll), 2);
    all(roll(4) > 0);
    const wanted = said()[0];
    meet();
    expect(said()).toEqual([wanted, wanted]);
  });
});

describe("whatever they decide", () => {
  let shared = 0;
  it.each(Array.from({ length: 120 }, (_, seed) => seed))("one name stands for one change, and all end alike (%i)", (seed) => {
    const roll = dice(7000 + seed);
    const node = crowded(roll);
    open(node, 2);
    const before = peers.map((peer) => encodeStateVector(peer.doc));
    const verdicts: Decide[] = [() => true, () => false, ({ author }) => author === "an", ({ author }) => (author === "an" ? null : true)];
    const common = verdicts[roll(4)]!;
    for (const [number, { undo, editor }] of peers.entries()) {
      const places = carets(editor.state.doc);
      // One of them may have typed meanwhile, or decide something else.
      if (number && roll(2)) editor.view.dispatch(editor.state.tr.insertText("[x]", places[roll(places.length)]));
      asOneStep(undo, editor, number && roll(3) === 0 ? verdicts[roll(4)]! : common);
    }
    const [one, other] = peers.map((peer, number) => writtenBy(encodeStateAsUpdate(peer.doc, before[number])));
    for (const [client, words] of one!) {
      if (!other!.has(client)) continue;
      shared += 1;
      expect(other!.get(client)).toBe(words);
    }
    meet();
    expect(said()[1]).toBe(said()[0]);
    expect(peers[1]!.doc.getXmlFragment("body").toJSON()).toBe(peers[0]!.doc.getXmlFragment("body").toJSON());
  });

  it("and often it is the same change", () => {
    expect(shared).toBeGreaterThan(40);
  });
});
