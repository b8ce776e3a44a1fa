import { describe, expect, it } from "vitest";
import { act, at, AN, BINH, doc, final, list, original, p, refusal, row, schema, show, stateOf, table } from "./trial";
import type { Node } from "@tiptap/pm/model";
import type { EditorState } from "@tiptap/pm/state";

const type = (text: string) => (state: EditorState, by = AN) => act(state, (tr) => tr.insertText(text), by);
const backspace = (state: EditorState, by = AN) =>
  act(state, (tr) => (tr.selection.empty ? tr.delete(tr.selection.from - 1, tr.selection.from) : tr.deleteSelection()), by);
const enter = (state: EditorState, attrs: object | null = null, by = AN) =>
  act(state, (tr) => tr.split(tr.selection.from, 1, attrs ? [{ type: schema.nodes["paragraph"]!, attrs }] : undefined), by);

describe("typing", () => {
  it("marks what comes and leaves what stands", () => {
    const before = doc("Điều kiện");
    const after = type(" mới")(stateOf(before, 5)).doc;
    expect(show(after)).toBe("Điều{+ mới+} kiện¶");
    expect(original(after)).toBe("Điều kiện¶");
  });

  it("goes on with the same suggestion letter by letter", () => {
    let state = stateOf(doc("ab"), 2);
    for (const letter of "xyz") state = type(letter)(state);
    expect(show(state.doc)).toBe("a{+xyz+}b¶");
    expect(state.selection.head).toBe(5);
  });

  it("beside one's own suggestion of last week is one of its own, with its own time", () => {
    const later = { ...AN, now: () => "2026-12-04T08:00:00Z" };
    const state = type("y")(type("x")(stateOf(doc("ab"), 2)), later);
    const marks: Record<string, unknown>[] = [];
    state.doc.descendants((child) => child.marks.forEach((mark) => marks.push(mark.attrs)));
    expect(marks.map(({ at }) => at)).toEqual(["2026-11-27T08:00:00Z", "2026-12-04T08:00:00Z"]);
    expect(new Set(marks.map(({ id }) => id)).size).toBe(2);
  });

  it("takes an emoji and a letter of two signs as they are", () => {
    const state = type("😀ề")(stateOf(doc("ab"), 2));
    expect(show(state.doc)).toBe("a{+😀ề+}b¶");
  });

  it("over a selection marks the old to go and the new to come, as one suggestion", () => {
    const node = doc("năm ngày");
    const state = type("ba")(stateOf(node, 1, 4));
    expect(show(state.doc)).toBe("{-năm-}{+ba+} ngày¶");
    expect(final(state.doc)).toBe("ba ngày¶");
    const ids = new Set<unknown>();
    state.doc.descendants((child) => child.marks.forEach((mark) => ids.add(mark.attrs["id"])));
    expect(ids.size).toBe(1);
  });

  it("inside a colleague's insertion is one's own insertion", () => {
    let state = type("xx")(stateOf(doc("ab"), 2), BINH);
    state = type("y")(state.apply(state.tr.setSelection(stateOf(state.doc, 3).selection)));
    expect(show(state.doc)).toBe("a{+x+}{+y+}{+x+}b¶");
    expect(state.doc.nodeAt(3)?.marks[0]?.attrs["author"]).toBe("an");
  });
});

describe("deleting", () => {
  it("with Backspace goes on leftwards", () => {
    let state = stateOf(doc("abc"), 4);
    state = backspace(backspace(state));
    expect(show(state.doc)).toBe("a{-bc-}¶");
    expect(state.selection.head).toBe(2);
  });

  it("with the Delete key goes on rightwards", () => {
    let state = stateOf(doc("abc"), 1);
    const press = () => act(state, (tr) => tr.delete(tr.selection.from, tr.selection.from + 1));
    state = press();
    state = press();
    expect(show(state.doc)).toBe("{-ab-}c¶");
    expect(state.selection.head).toBe(3);
  });

  it("one's own insertion really deletes it", () => {
    let state = type("xy")(stateOf(doc("ab"), 2));
    state = backspace(state);
    expect(show(state.doc)).toBe("a{+x+}b¶");
    expect(show(backspace(state).doc)).toBe("ab¶");
  });

  it("a colleague's insertion keeps it, with both marks", () => {
    const state = backspace(type("x")(stateOf(doc("ab"), 2), BINH));
    expect(show(state.doc)).toBe("a{+{-x-}+}b¶");
  });

  it("as UniKey does, letter away and letter in, leaves no trace of the steps", () => {
    let state = type("duong")(stateOf(doc(""), 1));
    for (let i = 0; i < 4; i += 1) state = backspace(state);
    state = backspace(state);
    state = type("đường")(state);
    expect(show(state.doc)).toBe("{+đường+}¶");
  });

  it("over a selection of several paragraphs marks their ends", () => {
    const node = doc("một hai", "ba", "bốn năm");
    const state = backspace(stateOf(node, at(node, "hai"), at(node, "năm")));
    expect(show(state.doc)).toBe("một {-hai-}¶-{-ba-}¶-{-bốn -}năm¶");
    expect(final(state.doc)).toBe("một năm¶");
    expect(original(state.doc)).toBe("một hai¶ba¶bốn năm¶");
  });

  it("at the start of a paragraph joins it to the one above, in that one's style", () => {
    const node = doc(p("Tên điều", { style: "article" }), p("khoản", { style: "clause" }));
    const state = act(stateOf(node, at(node, "khoản")), (tr) => tr.join(10));
    expect(show(state.doc)).toBe("[article]Tên điều¶-[article~]khoản¶");
    expect(final(state.doc)).toBe("[article]Tên điềukhoản¶");
    expect(original(state.doc)).toBe("[article]Tên điều¶[clause]khoản¶");
    expect(state.selection.head).toBe(9);
  });

  it("of a whole paragraph leaves the one below as it is", () => {
    const node = doc("một", p("hai", { style: "article" }), p("ba", { style: "clause" }));
    const state = act(stateOf(node), (tr) => tr.delete(5, 10));
    expect(final(state.doc)).toBe("một¶[clause]ba¶");
    expect(original(state.doc)).toBe("một¶[article]hai¶[clause]ba¶");
  });

  it("an image marks it", () => {
    const image = schema.node("image", { src: null, alt: "x" });
    const state = act(stateOf(doc("a", image, "b")), (tr) => tr.delete(3, 4));
    expect(show(state.doc)).toBe("a¶image-()b¶");
    expect(final(state.doc)).toBe("a¶b¶");
  });
});

describe("Enter", () => {
  it("in the middle marks the first part's end", () => {
    const state = enter(stateOf(doc("abcd"), 3));
    expect(show(state.doc)).toBe("ab¶+cd¶");
    expect(original(state.doc)).toBe("abcd¶");
    expect(state.selection.head).toBe(5);
  });

  it("keeps the look and the number for when it is rejected", () => {
    const node = doc(p("Tên", { style: "article", number: "Điều 5a." }));
    const state = enter(stateOf(node, 4), { style: "clause" });
    expect(show(state.doc)).toBe("[article,Điều 5a.]Tên¶+[clause~]¶");
    expect(original(state.doc)).toBe("[article,Điều 5a.]Tên¶");
    expect(final(state.doc)).toBe("[article,Điều 5a.]Tên¶[clause]¶");
  });

  it("then Backspace leaves nothing", () => {
    const node = doc(p("Tên", { style: "article" }), "sau");
    let state = enter(stateOf(node, 4), { style: "clause" });
    state = act(state, (tr) => tr.join(tr.selection.from - 1));
    expect(show(state.doc)).toBe(show(node));
  });

  it("and text, and Enter again are one suggestion of several paragraphs", () => {
    let state = enter(stateOf(doc("ab"), 2));
    state = type("x")(state);
    state = enter(state);
    state = type("y")(state);
    expect(show(state.doc)).toBe("a¶+{+x+}¶+{+y+}b¶");
    expect(original(state.doc)).toBe("ab¶");
    const ids = new Set<unknown>();
    state.doc.descendants((child) => {
      child.marks.forEach((mark) => ids.add(mark.attrs["id"]));
      if (child.attrs["insertion"]) ids.add((child.attrs["insertion"] as { id: string }).id);
    });
    expect(ids.size).toBe(1);
  });

  it("cuts a paragraph that a colleague restyled without touching that suggestion", () => {
    const node = doc(p("abcd"));
    let state = act(stateOf(node, 1), (tr) => tr.setNodeAttribute(0, "align", "center"), BINH);
    state = enter(state.apply(state.tr.setSelection(stateOf(state.doc, 3).selection)), { style: "clause" });
    expect(original(state.doc)).toBe("abcd¶");
    const change = state.doc.child(1).attrs["formatting"] as { author: string; under: { author: string } };
    expect([change.author, change.under.author]).toEqual(["an", "binh"]);
  });
});

describe("a block that is put into a text", () => {
  const blocks = {
    image: () => schema.node("image", { src: "/x.png" }),
    pageBreak: () => schema.node("pageBreak"),
    horizontalRule: () => schema.node("horizontalRule"),
    table: () => table(row("ô")),
  };
  const places: [string, Node, number][] = [
    ["at the start", doc("hai một", "ba"), 1],
    ["in the middle", doc("hai một", "ba"), 5],
    ["at the end", doc("hai một", "ba"), 8],
    ["at the end of all", doc("hai một"), 8],
    ["at the end of a list item", doc(list("hai", "ba")), 6],
    ["at the end of a cell", doc(table(row("hai", "ba"))), 7],
    ["behind a colleague's open end", enter(stateOf(doc("hai"), 4), null, BINH).doc, 4],
  ];

  it.each(places.flatMap(([where, node, place]) => Object.entries(blocks).map(([name, make]) => [name, where, node, place, make] as const)))(
    "is a suggestion: %s %s",
    (name, _where, node, place, make) => {
      const made = act(stateOf(node, place), (tr) => tr.replaceWith(place, place, make())).doc;
      expect(original(made)).toBe(original(node));
      expect(final(made)).toContain(`${name}(`);
      let found: unknown = null;
      made.descendants((child) => {
        if (child.type.name === name && child.attrs["insertion"]) found ??= child.attrs["insertion"];
      });
      expect(found).toMatchObject({ author: "an" });
    },
  );

  it("leaves the end of the paragraph before it as it is", () => {
    const made = act(stateOf(doc("hai", "ba"), 4), (tr) => tr.replaceWith(4, 4, blocks.image())).doc;
    expect(show(made)).toBe("hai¶image+()ba¶");
  });
});

describe("what cannot be a suggestion", () => {
  it("is refused with a reason: a list that is made at once", () => {
    const node = doc("a");
    const { bulletList, listItem } = schema.nodes;
    const wrap = (tr: EditorState["tr"]) => {
      const range = tr.doc.resolve(1).blockRange();
      return tr.wrap(range!, [{ type: bulletList! }, { type: listItem! }]);
    };
    expect(refusal(stateOf(node), wrap)).toBe("structure");
  });
});
