/** For tests: documents written in one line, and what an edit makes of them. */
import { getSchema } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import type { Transaction } from "@tiptap/pm/state";
import { EditorState, TextSelection } from "@tiptap/pm/state";
import { schemaExtensions } from "../schema";
import type { Author } from "./author";
import { ended, resolveNodes, suggestedOn } from "./resolve";
import { suggest } from "./transform";

export const schema = getSchema(schemaExtensions);

let ids = 0;
export function author(id: string): Author {
  return { id, now: () => "2026-11-27T08:00:00Z", newId: () => `${id}${(ids += 1)}` };
}
export const AN = author("an");
export const BINH = author("binh");

export function p(text: string, attrs: Record<string, unknown> = {}): Node {
  return schema.node("paragraph", attrs, text ? [schema.text(text)] : []);
}

export function doc(...blocks: (Node | string)[]): Node {
  return schema.node("doc", null, blocks.map((block) => (typeof block === "string" ? p(block) : block)));
}

export function list(...items: string[]): Node {
  return schema.node("bulletList", null, items.map((item) => schema.node("listItem", null, [p(item)])));
}

export function row(...cells: string[]): Node {
  return schema.node("tableRow", null, cells.map((cell) => schema.node("tableCell", null, [p(cell)])));
}

export function table(...rows: Node[]): Node {
  return schema.node("table", null, rows);
}

/** Where a text begins in a document. */
export function at(node: Node, text: string): number {
  let found = -1;
  node.descendants((child, position) => {
    const index = child.isText ? (child.text ?? "").indexOf(text) : -1;
    if (found < 0 && index >= 0) found = position + index;
  });
  if (found < 0) throw new Error(`no “${text}” in ${show(node)}`);
  return found;
}

export function stateOf(node: Node, anchor = 1, head = anchor): EditorState {
  const state = EditorState.create({ doc: node, schema });
  return state.apply(state.tr.setSelection(TextSelection.create(node, anchor, head)));
}

/** Carry out an edit as a suggestion. */
export function act(state: EditorState, edit: (tr: Transaction) => Transaction, by: Author = AN): EditorState {
  const outcome = suggest(state, edit(state.tr), by);
  if ("refused" in outcome) throw new Error(`refused: ${outcome.refused}`);
  return state.apply(outcome.tr);
}

export function refusal(state: EditorState, edit: (tr: Transaction) => Transaction, by: Author = AN): string | null {
  const outcome = suggest(state, edit(state.tr), by);
  return "refused" in outcome ? outcome.refused : null;
}

export function original(node: Node): string {
  return show(schema.topNodeType.create(null, resolveNodes(node.content.content, () => false)));
}

export function final(node: Node): string {
  return show(schema.topNodeType.create(null, resolveNodes(node.content.content, () => true)));
}

/** One line: {+new+}, {-gone-}, {~other look~}; ¶+ and ¶- are ends of paragraphs. */
export function show(node: Node): string {
  if (node.isText) {
    let text = node.text ?? "";
    const looks = node.marks.map(({ type }) => type.name).filter((name) => !["insertion", "deletion", "formatting"].includes(name));
    if (looks.length) text = `<${looks.join(",")}:${text}>`;
    if (suggestedOn(node.marks, "formatting")) text = `{~${text}~}`;
    if (suggestedOn(node.marks, "deletion")) text = `{-${text}-}`;
    return suggestedOn(node.marks, "insertion") ? `{+${text}+}` : text;
  }
  const inner = node.content.content.map(show).join("");
  const ends = `${ended(node, "insertion") ? "+" : ""}${ended(node, "deletion") ? "-" : ""}`;
  const { style, number, align } = node.attrs as Record<string, string | null>;
  switch (node.type.name) {
    case "doc":
      return inner;
    case "paragraph": {
      const look = [style === "body" ? "" : style, align, number].filter(Boolean).join(",");
      const change = node.attrs["formatting"] ? "~" : "";
      return `${look || change ? `[${look}${change}]` : ""}${inner}¶${ends}`;
    }
    default:
      return `${node.type.name}${ends}(${inner})`;
  }
}
