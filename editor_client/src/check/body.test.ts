import { getSchema } from "@tiptap/core";
import { EditorState } from "@tiptap/pm/state";
import { expect, test } from "vitest";
import { schemaExtensions } from "../schema";
import { fixOf, paragraphOf, paragraphsOf, shownSpan, textOf } from "./body";
import type { Fault, Fix } from "./faults";

const schema = getSchema([...schemaExtensions]);

function stateOf(...texts: string[]): EditorState {
  const paragraph = (text: string) => schema.node("paragraph", null, text ? [schema.text(text)] : []);
  return EditorState.create({ schema, doc: schema.node("doc", null, texts.map(paragraph)) });
}

function fault(paragraph: number, start: number, end: number, fix: Fix | null, quote = ""): Fault {
  const place = { field: null, paragraph, start, end };
  return { rule: "x", severity: "warning", message: "", source: "", place, quote, excerpt: "", fix };
}

const CAPITAL: Fix = { kind: "replace", from: "nhà nước", to: "Nhà nước" };

function mended(state: EditorState, found: Fault): string[] | null {
  const paragraph = paragraphOf(state.doc, found);
  const tr = paragraph && fixOf(state, found, paragraph);
  return tr && paragraphsOf(state.apply(tr).doc).map(({ node }) => textOf(node));
}

test("a fix rewrites the words at its place and nothing else", () => {
  expect(mended(stateOf("cơ quan nhà nước", "nhà nước"), fault(0, 8, 16, CAPITAL))).toEqual(["cơ quan Nhà nước", "nhà nước"]);
});

test("a paragraph that a colleague pushed down is found by its words", () => {
  expect(mended(stateOf("mới", "mới", "cơ quan nhà nước"), fault(0, 8, 16, CAPITAL))).toEqual(["mới", "mới", "cơ quan Nhà nước"]);
});

test("nothing is changed where the words are gone", () => {
  expect(mended(stateOf("cơ quan"), fault(0, 8, 16, CAPITAL))).toBeNull();
});

test("a sign is added where the text ends", () => {
  const end: Fix = { kind: "replace", from: "", to: "./." };
  expect(mended(stateOf("thực hiện"), fault(0, 9, 9, end))).toEqual(["thực hiện./."]);
});

test("an empty paragraph is taken away, the only one is not", () => {
  const remove: Fix = { kind: "remove", from: "", to: "" };
  expect(mended(stateOf("một", "", "hai"), fault(1, 0, 0, remove))).toEqual(["một", "hai"]);
  expect(mended(stateOf(""), fault(0, 0, 0, remove))).toBeNull();
});

test("a label becomes automatic again", () => {
  const node = schema.node("paragraph", { style: "clause", number: "7." }, [schema.text("Khoản")]);
  const state = EditorState.create({ schema, doc: schema.node("doc", null, [node]) });
  const found = fault(0, 0, 0, { kind: "number", from: "7.", to: "" });
  const paragraph = paragraphOf(state.doc, found);
  const tr = paragraph && fixOf(state, found, paragraph);
  expect(tr && state.apply(tr).doc.firstChild?.attrs["number"]).toBeNull();
});

test("a fault without a fix is shown where it was, or as its whole paragraph", () => {
  const state = stateOf("viết tắt OMS ở đây");
  const paragraph = paragraphsOf(state.doc)[0];
  if (!paragraph) throw new Error("no paragraph");
  expect(shownSpan(fault(0, 9, 12, null, "OMS"), paragraph)).toEqual({ from: 10, to: 13 });
  expect(shownSpan(fault(0, 0, 0, null), paragraph)).toEqual({ from: 1, to: 1 });
});
