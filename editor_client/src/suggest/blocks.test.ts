/** Tables, images, lists, looks and pasted text as suggestions. */
import { Fragment, Slice } from "@tiptap/pm/model";
import type { Node } from "@tiptap/pm/model";
import type { EditorState, Transaction } from "@tiptap/pm/state";
import { TableMap, addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable } from "@tiptap/pm/tables";
import { describe, expect, it } from "vitest";
import { withoutSuggestions } from "./extension";
import { listSuggestions } from "./listing";
import { resolveNodes } from "./resolve";
import { AN, BINH, act, at, doc, final, list, original, p, row, schema, show, stateOf, table } from "./trial";

type Command = (state: EditorState, dispatch?: (tr: Transaction) => void) => boolean;

/** What a command of the editor would dispatch. */
const by = (state: EditorState, command: Command) => () => {
  let found: Transaction | null = null;
  command(state, (tr) => (found = tr));
  if (!found) throw new Error("the command does nothing");
  return found as Transaction;
};
const pasted = (...blocks: Node[]) => new Slice(Fragment.from(blocks), 1, 1);
const marks = (name: string) => schema.marks[name]!.create();

describe("tables", () => {
  const grid = () => doc("trước", table(row("k1", "b"), row("k2", "d")), "sau");

  it("take a new row as a suggestion, in which one writes freely", () => {
    const before = grid();
    const start = stateOf(before, at(before, "k1"));
    let state = act(start, by(start, addRowAfter));
    expect(show(state.doc)).toContain("tableRow+(tableCell(¶)tableCell(¶))");
    const inside = at(state.doc, "k2") - 6;
    state = act(state, (tr) => tr.insertText("mới", inside));
    expect(show(state.doc)).toContain("tableRow+(tableCell(¶)tableCell(mới¶))");
    expect(original(state.doc)).toBe(show(before));
    expect(final(state.doc)).toContain("tableRow(tableCell(¶)tableCell(mới¶))");
  });

  it("lose a row as a suggestion, and an own one really", () => {
    const before = grid();
    let state = stateOf(before, at(before, "k1"));
    state = act(state, by(state, deleteRow));
    expect(show(state.doc)).toContain("tableRow-(tableCell(k1¶)");
    expect(final(state.doc)).toBe("trước¶table(tableRow(tableCell(k2¶)tableCell(d¶)))sau¶");
    state = act(state, by(state, addRowAfter));
    const own = state.apply(state.tr.setSelection(stateOf(state.doc, at(state.doc, "d") + 7).selection));
    expect(show(act(own, by(own, deleteRow)).doc)).not.toContain("tableRow+");
  });

  it("go and come as a whole", () => {
    const before = grid();
    const start = stateOf(before, at(before, "k1"));
    const state = act(start, by(start, deleteTable));
    expect(final(state.doc)).toBe("trước¶sau¶");
    const added = act(stateOf(doc("a", "b"), 1), (tr) => tr.insert(3, table(row("x"))));
    expect(show(added.doc)).toBe("a¶table+(tableRow(tableCell(x¶)))b¶");
    expect(original(added.doc)).toBe("a¶b¶");
  });

  it("take a new column as a suggestion, in which one writes freely", () => {
    const before = grid();
    const start = stateOf(before, at(before, "k1"));
    let state = act(start, by(start, addColumnAfter));
    expect(show(state.doc)).toContain("tableRow(tableCell(k1¶)tableCell+(¶)tableCell(b¶))");
    state = act(state, (tr) => tr.insertText("mới", at(state.doc, "k1") + 6));
    expect(show(state.doc)).toContain("tableCell+(mới¶)");
    expect(original(state.doc)).toBe(show(before));
    expect(final(state.doc)).toContain("tableRow(tableCell(k1¶)tableCell(mới¶)tableCell(b¶))");
  });

  it("say a column once in the list, however many cells it has", () => {
    const before = grid();
    const start = stateOf(before, at(before, "k1"));
    const [found] = listSuggestions(act(start, by(start, addColumnAfter)).doc);
    expect(found?.parts).toEqual([{ kind: "insertBlock", text: "tableCell" }]);
  });

  it("lose a column as a suggestion, and an own one really", () => {
    const before = grid();
    let state = stateOf(before, at(before, "k1"));
    state = act(state, by(state, addColumnAfter));
    const own = state.apply(state.tr.setSelection(stateOf(state.doc, at(state.doc, "k1") + 6).selection));
    expect(show(act(own, by(own, deleteColumn)).doc)).toBe(show(before));
    const theirs = stateOf(before, at(before, "k1"));
    const marked = act(theirs, by(theirs, deleteColumn)).doc;
    expect(show(marked)).toContain("tableRow(tableCell-(k1¶)tableCell(b¶))");
    expect(final(marked)).toContain("table(tableRow(tableCell(b¶))tableRow(tableCell(d¶)))");
  });

  it("with cells that reach across keep a full grid, whatever is decided", () => {
    const wide = schema.node("tableCell", { colspan: 2 }, [p("rộng")]);
    const before = doc(table(schema.node("tableRow", null, [wide]), row("k1", "b")));
    const start = stateOf(before, at(before, "k1"));
    const added = act(start, by(start, addColumnAfter)).doc;
    expect(added.firstChild?.firstChild?.firstChild?.attrs["colspan"]).toBe(3);
    const gone = act(start, by(start, deleteColumn)).doc;
    expect(gone.firstChild?.firstChild?.firstChild?.attrs["colspan"]).toBe(2);
    for (const [marked, isFinal, width] of [[added, true, 3], [added, false, 2], [gone, true, 1], [gone, false, 2]] as const) {
      const [decided] = resolveNodes(marked.content.content, () => isFinal);
      expect(TableMap.get(decided!).problems).toBeNull();
      expect(TableMap.get(decided!).width).toBe(width);
    }
  });

  it("give a new row the columns that a colleague suggests", () => {
    const before = grid();
    const start = stateOf(before, at(before, "k1"));
    let state = act(start, by(start, addColumnAfter), BINH);
    state = act(state, by(state, addRowAfter));
    expect(show(state.doc)).toContain("tableRow+(tableCell(¶)tableCell+(¶)tableCell(¶))");
    expect(original(state.doc)).toBe(show(before));
  });

  it("are the author's own ground alone", () => {
    const added = act(stateOf(doc("a", "b"), 1), (tr) => tr.insert(3, table(row("x"))));
    const place = at(added.doc, "x") + 1;
    expect(show(act(added, (tr) => tr.insertText("y", place), BINH).doc)).toContain("x{+y+}");
    expect(show(act(added, (tr) => tr.insertText("y", place), AN).doc)).toContain("xy¶");
  });
});

describe("pasted text", () => {
  it("of several paragraphs comes as new text and new ends", () => {
    const before = doc(p("đầu cuối", { style: "clause" }), "sau");
    const state = act(stateOf(before, at(before, "cuối")), (tr) =>
      tr.replaceSelection(pasted(p("một"), p("hai", { style: "article" }), p("ba"))),
    );
    expect(original(state.doc)).toBe("[clause]đầu cuối¶sau¶");
    expect(final(state.doc)).toContain("đầu một¶[article]hai¶");
    expect(show(state.doc)).toContain("{+hai+}¶+");
  });

  it("over a selection replaces it", () => {
    const before = doc("một hai ba");
    const state = act(stateOf(before, 5, 8), (tr) => tr.replaceSelection(pasted(p("x"), p("y"))));
    expect(original(state.doc)).toBe("một hai ba¶");
    expect(final(state.doc)).toBe("một x¶y ba¶");
  });

  it("into an empty paragraph keeps what that one was", () => {
    const before = doc("trên", p("", { style: "article", number: "Điều 5a." }), "sau");
    const state = act(stateOf(before, 7), (tr) => tr.replaceSelection(new Slice(Fragment.from([p("x"), p("y")]), 0, 0)));
    expect(original(state.doc)).toBe(show(before));
  });

  it("carries nobody's suggestions, and leaves behind what is to go", () => {
    let state = act(stateOf(doc("một hai"), 4), (tr) => tr.insertText(" x"), BINH);
    state = act(state, (tr) => tr.delete(7, 9), BINH);
    const slice = withoutSuggestions(state.doc.slice(0, state.doc.content.size));
    expect(show(schema.node("doc", null, slice.content))).toBe("một x i¶");
  });

  it("with an image and a page break", () => {
    const before = doc("ab", "c");
    const image = schema.node("image", { src: null, alt: "x" });
    const split = act(stateOf(before, 2), (tr) => tr.replaceSelection(new Slice(Fragment.from([p(""), image, p("")]), 1, 1)));
    expect(show(split.doc)).toBe("a¶+image+()b¶c¶");
    expect(original(split.doc)).toBe("ab¶c¶");
    expect(final(split.doc)).toBe("a¶image()b¶c¶");
    const broken = act(stateOf(before, 5), (tr) => tr.insert(4, schema.node("pageBreak")));
    expect(show(broken.doc)).toBe("ab¶pageBreak+()c¶");
  });
});

describe("lists", () => {
  it("split and join items as suggestions", () => {
    const before = doc(list("một hai", "ba"), "sau");
    let state = act(stateOf(before, at(before, "hai")), (tr) => tr.split(tr.selection.from, 2));
    expect(original(state.doc)).toBe(show(before));
    expect(final(state.doc)).toBe("bulletList(listItem(một ¶)listItem(hai¶)listItem(ba¶))sau¶");
    state = stateOf(before, 3);
    state = act(state, (tr) => tr.delete(at(before, "hai"), at(before, "ba") + 1));
    expect(original(state.doc)).toBe(show(before));
    expect(final(state.doc)).toBe("bulletList(listItem(một a¶))sau¶");
  });
});

describe("looks", () => {
  it("of text keep what was before, and twice is nothing", () => {
    const before = doc("đậm nhạt");
    let state = act(stateOf(before), (tr) => tr.addMark(1, 4, marks("bold")));
    expect(show(state.doc)).toBe("{~<bold:đậm>~} nhạt¶");
    expect(original(state.doc)).toBe("đậm nhạt¶");
    state = act(state, (tr) => tr.addMark(1, 4, marks("italic")));
    expect(original(state.doc)).toBe("đậm nhạt¶");
    state = act(state, (tr) => tr.removeMark(1, 4, schema.marks["bold"]!));
    state = act(state, (tr) => tr.removeMark(1, 4, schema.marks["italic"]!));
    expect(show(state.doc)).toBe("đậm nhạt¶");
  });

  it("of one's own new text need no suggestion", () => {
    let state = act(stateOf(doc("ab"), 2), (tr) => tr.insertText("xyz"));
    state = act(state, (tr) => tr.addMark(2, 5, marks("bold")));
    expect(show(state.doc)).toBe("a{+<bold:xyz>+}b¶");
  });

  it("of paragraphs keep style, alignment, indent and number", () => {
    const before = doc(p("x", { style: "article", number: "Điều 5a.", align: "center" }));
    let state = act(stateOf(before), (tr) => tr.setNodeAttribute(0, "style", "clause").setNodeAttribute(0, "number", null));
    expect(show(state.doc)).toBe("[clause,center~]x¶");
    expect(original(state.doc)).toBe(show(before));
    state = act(state, (tr) => tr.setNodeAttribute(0, "style", "article").setNodeAttribute(0, "number", "Điều 5a."));
    expect(show(state.doc)).toBe(show(before));
  });

  it("of a link keep where it led", () => {
    const before = doc("nguồn");
    const link = schema.marks["link"]!.create({ href: "https://daklak.gov.vn" });
    let state = act(stateOf(before), (tr) => tr.addMark(1, 6, link));
    expect(original(state.doc)).toBe("nguồn¶");
    state = stateOf(schema.node("doc", null, [schema.node("paragraph", null, [schema.text("nguồn", [link])])]));
    state = act(state, (tr) => tr.removeMark(1, 6, link));
    expect(original(state.doc)).toBe("<link:nguồn>¶");
    expect(final(state.doc)).toBe("nguồn¶");
  });
});
