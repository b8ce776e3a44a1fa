// @vitest-environment jsdom
/** Headers, widths, merged and split cells as suggestions, by the commands of the editor. */
import { Editor } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import type { EditorState, Transaction } from "@tiptap/pm/state";
import { CellSelection, TableMap, addColumnAfter, addRowAfter, deleteColumn, toggleHeader } from "@tiptap/pm/tables";
import { prosemirrorToYXmlFragment, updateYFragment, yXmlFragmentToProseMirrorRootNode } from "@tiptap/y-tiptap";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Doc, applyUpdate, encodeStateAsUpdate, encodeStateVector } from "yjs";
import { schemaExtensions } from "../schema";
import { blockStack } from "./blockLook";
import { decideThese } from "./decide";
import type { Refusal } from "./edit";
import { Suggesting, withoutSuggestions } from "./extension";
import { changesOf, listSuggestions } from "./listing";
import { isWaiting } from "./reshape";
import { resolveNodes } from "./resolve";
import { SuggestedTables, isHeaderAt } from "./tables";
import { tableMarksOf } from "./tableMarks";
import { AN, BINH, act, at, author, doc, final, original, p, row, schema, show, stateOf, table } from "./trial";

const refusals: Refusal[] = [];
let isSuggesting = true;
let who = "an";
let editor: Editor;

function open(content: Node): Editor {
  return new Editor({
    element: document.createElement("div"),
    content: content.toJSON() as object,
    extensions: [
      ...schemaExtensions,
      Suggesting.configure({
        author: author(who),
        isSuggesting: () => isSuggesting,
        onRefused: (reason) => refusals.push(reason),
      }),
      SuggestedTables.configure({ isSuggesting: () => isSuggesting, author: author(who) }),
    ],
  });
}

function openAs(id: string, content: Node): Editor {
  who = id;
  return open(content);
}

const grid = () => doc("1", table(row("a", "b", "e"), row("c", "d", "f")), "2");
const page = () => schema.nodeFromJSON(editor.state.doc.toJSON());
const shown = () => show(page());
const cellAt = (node: Node, text: string) => node.resolve(at(node, text)).before(-1);

function select(from: string, to = from): void {
  const node = editor.state.doc;
  const [one, other] = [node.resolve(cellAt(node, from)), node.resolve(cellAt(node, to))];
  editor.view.dispatch(editor.state.tr.setSelection(new CellSelection(one, other)));
}

function decideAll(isAccepted: boolean): void {
  const keys = new Set(listSuggestions(editor.state.doc).map(({ key }) => key));
  const tr = decideThese(editor.state, keys, isAccepted);
  if (tr) editor.view.dispatch(tr);
}

/** A command of ProseMirror, as a suggestion. */
function run(state: EditorState, command: (state: EditorState, dispatch: (tr: Transaction) => void) => boolean, by = AN): EditorState {
  let found: Transaction | null = null;
  command(state, (tr) => (found = tr));
  if (!found) throw new Error("the command does nothing");
  return act(state, () => found as unknown as Transaction, by);
}

/** What dragging the edge of a column does: the width on each of its cells. */
function widen(state: EditorState, column: number, width: number, by = AN): EditorState {
  return act(
    state,
    (tr) => {
      let start = -1;
      state.doc.forEach((node, position) => {
        if (node.type.name === "table") start = position + 1;
      });
      const held = state.doc.nodeAt(start - 1)!;
      const map = TableMap.get(held);
      const done = new Set<number>();
      for (let line = 0; line < map.height; line += 1) {
        const offset = map.map[line * map.width + column]!;
        if (done.has(offset)) continue;
        done.add(offset);
        const { attrs } = held.nodeAt(offset)!;
        const widths = (attrs["colwidth"] as number[] | null)?.slice() ?? new Array<number>(Number(attrs["colspan"])).fill(0);
        widths[column - map.colCount(offset)] = width;
        tr.setNodeMarkup(start + offset, null, { ...attrs, colwidth: widths });
      }
      return tr;
    },
    by,
  );
}

beforeEach(() => {
  document.elementFromPoint = () => null;
  isSuggesting = true;
  refusals.length = 0;
  editor = openAs("an", grid());
});
afterEach(() => editor.destroy());

describe("merging cells", () => {
  it("is said on the cells, which stay, and restored when it is rejected", () => {
    const before = page();
    select("a", "d");
    expect(editor.can().mergeCells()).toBe(true);
    editor.commands.mergeCells();
    expect(refusals).toEqual([]);
    expect(shown()).toBe(show(before));
    expect(original(page())).toBe(show(before));
    expect(final(page())).toContain("tableRow(tableCell(a¶b¶c¶d¶)tableCell(e¶))tableRow(tableCell(f¶))");
    decideAll(false);
    expect(page().eq(before)).toBe(true);
  });

  it("is one suggestion in the list, which says so", () => {
    select("a", "d");
    editor.commands.mergeCells();
    const [found, ...others] = listSuggestions(editor.state.doc);
    expect(others).toEqual([]);
    expect(found?.parts).toEqual([{ kind: "cell", text: "tableCell" }]);
    expect(changesOf(editor.state.doc, found!, true)).toEqual(["merge"]);
    select("e", "f");
    editor.commands.mergeCells();
    expect(listSuggestions(editor.state.doc)).toHaveLength(2);
  });

  it("is done when it is accepted, and the grid is whole", () => {
    select("a", "c");
    editor.commands.mergeCells();
    decideAll(true);
    const held = page().child(1);
    expect(TableMap.get(held).problems).toBeNull();
    expect(show(held)).toBe("table(tableRow(tableCell(a¶c¶)tableCell(b¶)tableCell(e¶))tableRow(tableCell(d¶)tableCell(f¶)))");
    expect(held.firstChild?.firstChild?.attrs["rowspan"]).toBe(2);
    expect(listSuggestions(editor.state.doc)).toEqual([]);
  });

  it("can be taken back by splitting, without a trace", () => {
    const before = page();
    select("a", "d");
    editor.commands.mergeCells();
    select("a");
    expect(editor.can().splitCell()).toBe(true);
    editor.commands.splitCell();
    expect(page().eq(before)).toBe(true);
  });

  it("is drawn with the edges of what will be one cell", () => {
    select("a", "d");
    editor.commands.mergeCells();
    const marks = tableMarksOf(editor.state.doc).find();
    const classes = marks.map((mark) => (mark as unknown as { type: { attrs: { class: string } } }).type.attrs.class);
    expect(classes).toHaveLength(4);
    expect(classes[0]).toBe("sg-merge sg-edge-top sg-edge-left");
    expect(classes[3]).toBe("sg-merge sg-edge-bottom sg-edge-right");
  });

  it("waits while a row in it is suggested, and is done when that is decided", () => {
    let state = stateOf(grid(), at(grid(), "a"));
    state = act(state, (tr) => tr.setNodeAttribute(cellAt(tr.doc, "a"), "shape", "merge-1").setNodeAttribute(cellAt(tr.doc, "c"), "shape", "merge-1"));
    state = run(state, addRowAfter, BINH);
    expect(isWaiting(state.doc)).toBe(false);
    const [mine, theirs] = ["an", "binh"].map((by) => listSuggestions(state.doc).find((each) => each.author === by)!);
    const accepted = state.apply(decideThese(state, new Set([mine!.key]), true)!);
    expect(isWaiting(accepted.doc)).toBe(true);
    expect(original(accepted.doc)).toContain("tableRow(tableCell(a¶c¶)tableCell(b¶)");
    const done = accepted.apply(decideThese(accepted, new Set([theirs!.key]), false)!);
    expect(isWaiting(done.doc)).toBe(false);
    expect(show(done.doc)).toBe(original(accepted.doc));
  });

  it("in a table of one's own is really done", () => {
    editor.destroy();
    editor = openAs("an", doc("1"));
    editor.view.dispatch(editor.state.tr.insert(3, editor.schema.nodeFromJSON(table(row("a", "b")).toJSON())));
    select("a", "b");
    editor.commands.mergeCells();
    expect(refusals).toEqual([]);
    expect(shown()).toContain("table+(tableRow(tableCell(a¶b¶)))");
  });
});

describe("splitting a cell", () => {
  const wide = () => schema.node("tableCell", { colspan: 2, colwidth: [100, 50] }, [p("rộng")]);

  it("is said, and done when it is accepted", () => {
    editor.destroy();
    editor = openAs("an", doc(table(schema.node("tableRow", null, [wide()]), row("c", "d"))));
    const before = page();
    editor.commands.setTextSelection(at(before, "rộng"));
    editor.commands.splitCell();
    expect(original(page())).toBe(show(before));
    expect(editor.can().splitCell()).toBe(false);
    decideAll(true);
    const [first, second] = page().firstChild!.firstChild!.content.content;
    expect([first!.attrs["colwidth"], second!.attrs["colwidth"]]).toEqual([[100], [50]]);
    expect(show(page())).toContain("tableRow(tableCell(rộng¶)tableCell(¶))");
  });
});

describe("a header row", () => {
  it("comes and goes as a suggestion, and back without a trace", () => {
    const before = page();
    editor.commands.setTextSelection(at(before, "c"));
    expect(isHeaderAt(editor)).toBe(false);
    editor.commands.toggleHeaderRow();
    expect(refusals).toEqual([]);
    expect(original(page())).toBe(show(before));
    expect(final(page())).toContain("tableRow(tableHeader(a¶)tableHeader(b¶)tableHeader(e¶))");
    editor.commands.setTextSelection(at(before, "a"));
    expect(isHeaderAt(editor)).toBe(true);
    const [found] = listSuggestions(editor.state.doc);
    expect(changesOf(editor.state.doc, found!, true)).toEqual(["headed"]);
    editor.commands.toggleHeaderRow();
    expect(page().eq(before)).toBe(true);
  });

  it("that stands is suggested away", () => {
    isSuggesting = false;
    editor.commands.setTextSelection(at(editor.state.doc, "a"));
    editor.commands.toggleHeaderRow();
    isSuggesting = true;
    const before = shown();
    editor.commands.toggleHeaderRow();
    expect(shown()).toBe(before);
    const [found] = listSuggestions(editor.state.doc);
    expect(changesOf(editor.state.doc, found!, true)).toEqual(["unheaded"]);
    expect(final(page())).toBe(show(grid()));
  });

  it("set by ProseMirror's own command is a suggestion, too", () => {
    const before = grid();
    const state = run(stateOf(before, at(before, "a")), toggleHeader("row"));
    expect(original(state.doc)).toBe(show(before));
    expect(final(state.doc)).toContain("tableHeader(a¶)");
  });
});

describe("widths of columns", () => {
  const sized = () => {
    const cell = (text: string, width: number, attrs = {}) => schema.node("tableCell", { colwidth: [width], ...attrs }, [p(text)]);
    const top = schema.node("tableCell", { colspan: 2, colwidth: [120, 60] }, [p("rộng")]);
    return doc(table(schema.node("tableRow", null, [top]), schema.node("tableRow", null, [cell("c", 120), cell("d", 60)])));
  };
  const start = () => stateOf(sized(), at(sized(), "c"));
  const widths = (node: Node) => node.firstChild!.content.content.map((line) => line.content.content.map(({ attrs }) => attrs["colwidth"] as unknown));

  it("are shown at once, and what was comes back exactly", () => {
    const state = widen(start(), 0, 80);
    expect(widths(state.doc)).toEqual([[[80, 60]], [[80], [60]]]);
    const back = schema.node("doc", null, resolveNodes(state.doc.content.content, () => false));
    expect(back.eq(sized())).toBe(true);
  });

  it("are one suggestion of a person, however often the edges are dragged", () => {
    let state = widen(start(), 0, 80);
    state = widen(state, 1, 90);
    state = widen(state, 0, 70);
    const [found, ...others] = listSuggestions(state.doc);
    expect(others).toEqual([]);
    expect(changesOf(state.doc, found!, true)).toEqual(["colwidth"]);
    state = widen(state, 0, 120);
    state = widen(state, 1, 60);
    expect(state.doc.eq(sized())).toBe(true);
  });

  it("of two people under one cell are decided apart", () => {
    let state = widen(start(), 0, 80);
    state = widen(state, 1, 90, BINH);
    const mine = listSuggestions(state.doc).find(({ author: by }) => by === "an")!;
    const without = state.apply(decideThese(state, new Set([mine.key]), false)!);
    expect(widths(without.doc)).toEqual([[[120, 90]], [[120], [90]]]);
    const withIt = state.apply(decideThese(state, new Set([mine.key]), true)!);
    expect(widths(withIt.doc)).toEqual([[[80, 90]], [[80], [90]]]);
    expect(listSuggestions(withIt.doc).map(({ author: by }) => by)).toEqual(["binh"]);
  });

  it("stay with their column when another comes or goes beside it", () => {
    let state = widen(start(), 1, 90);
    state = run(state.apply(state.tr.setSelection(stateOf(state.doc, at(state.doc, "c")).selection)), addColumnAfter, BINH);
    const back = schema.node("doc", null, resolveNodes(state.doc.content.content, () => false));
    expect(back.eq(sized())).toBe(true);
    const gone = run(widen(start(), 1, 90), deleteColumn, BINH);
    const left = resolveNodes(gone.doc.content.content, ({ author: by }) => by === "binh" || null);
    expect(widths(schema.node("doc", null, left))).toEqual([[[90]], [[90]]]);
    const rejected = schema.node("doc", null, resolveNodes(left, () => false));
    expect(widths(rejected)).toEqual([[[60]], [[60]]]);
  });

  it("stay with their column when a column is added directly", () => {
    const state = widen(start(), 1, 90);
    editor.destroy();
    editor = openAs("an", state.doc);
    isSuggesting = false;
    editor.commands.setTextSelection(at(page(), "d"));
    editor.commands.addColumnBefore();
    isSuggesting = true;
    const back = schema.node("doc", null, resolveNodes(page().content.content, () => false));
    expect(widths(back)).toEqual([[[120, 0, 60]], [[120], null, [60]]]);
  });

  it("of many people are too much at some time, and it is said", () => {
    let state = start();
    for (let number = 0; number < 8; number += 1) state = widen(state, 0, 40 + number, author(`người ${number}`));
    const busy = () => widen(state, 0, 200, author("thêm một"));
    expect(busy).toThrow("busy");
  });
});

describe("three people about one table at once", () => {
  it("end with the same table, and what stands is what stood", () => {
    const before = grid();
    const source = new Doc();
    source.clientID = 1;
    prosemirrorToYXmlFragment(before, source.getXmlFragment("body"));
    const first = encodeStateAsUpdate(source);
    const edits: ((node: Node) => Node)[] = [
      (node) => widen(stateOf(node, 1), 0, 80, author("an")).doc,
      (node) => run(stateOf(node, at(node, "a")), addColumnAfter, author("binh")).doc,
      (node) => act(stateOf(node, 1), (tr) => tr.setNodeAttribute(cellAt(node, "e"), "shape", "merge-1").setNodeAttribute(cellAt(node, "f"), "shape", "merge-1"), author("chi")).doc,
    ];
    const peers = edits.map((edit, index) => {
      const peer = new Doc();
      peer.clientID = 10 + index;
      applyUpdate(peer, first);
      const body = peer.getXmlFragment("body");
      const vector = encodeStateVector(peer);
      const made = edit(yXmlFragmentToProseMirrorRootNode(body, schema));
      peer.transact(() => updateYFragment(peer, body, made, { mapping: new Map(), isOMark: new Map() }));
      return { peer, update: encodeStateAsUpdate(peer, vector) };
    });
    const orders = [[0, 1, 2], [2, 1, 0], [1, 2, 0]];
    const ends = peers.map(({ peer }, index) => {
      for (const other of orders[index]!) applyUpdate(peer, peers[other]!.update);
      return yXmlFragmentToProseMirrorRootNode(peer.getXmlFragment("body"), schema);
    });
    expect(ends.every((end) => end.eq(ends[0]!))).toBe(true);
    expect(listSuggestions(ends[0]!).map(({ author: by }) => by).sort()).toEqual(["an", "binh", "chi"]);
    const back = schema.node("doc", null, resolveNodes(ends[0]!.content.content, () => false));
    expect(show(back)).toBe(show(before));
    const all = schema.node("doc", null, resolveNodes(ends[0]!.content.content, () => true));
    expect(TableMap.get(all.child(1)).problems).toBeNull();
    expect(show(all)).toContain("tableCell(e¶f¶)");
  });
});

describe("what only looks like it", () => {
  it("a suggestion is not copied with its cells", () => {
    select("a", "d");
    editor.commands.mergeCells();
    const copied = withoutSuggestions(editor.state.doc.slice(0, editor.state.doc.content.size));
    copied.content.descendants((node) => {
      expect(node.attrs["shape"] ?? null).toBeNull();
      expect(node.attrs["formatting"] ?? null).toBeNull();
      return true;
    });
  });

  it("a cell that a colleague suggests to merge is not split away by writing in it", () => {
    let state = stateOf(grid(), 1);
    const one = cellAt(state.doc, "a");
    state = act(state, (tr) => tr.setNodeAttribute(one, "shape", "merge-1"), BINH);
    state = act(state, (tr) => tr.insertText("mới", at(tr.doc, "a") + 1));
    expect(blockStack(state.doc.nodeAt(one)!).layers.map(({ by }) => by.author)).toEqual(["binh"]);
  });
});
