/** What is suggested to come or to go, read from a node or from the marks of a text. */
import type { Mark, Node } from "@tiptap/pm/model";
import type { Suggested } from "../schema/suggestions";

export function ended(node: Node, name: "insertion" | "deletion"): Suggested | null {
  return (node.attrs[name] as Suggested | null | undefined) ?? null;
}

export function suggestedOn(marks: readonly Mark[], name: string): Suggested | null {
  return (marks.find((mark) => mark.type.name === name)?.attrs as Suggested | undefined) ?? null;
}
