/** All open suggestions of a document, in its order: what is the same suggestion is one. */
import type { Node } from "@tiptap/pm/model";
import type { Reformatted, Restyled, Suggested } from "../schema/suggestions";
import { ended, lookOf, suggestedOn } from "./resolve";

export type PartKind = "insert" | "delete" | "format" | "split" | "join" | "style" | "insertBlock" | "deleteBlock";

export interface Part {
  readonly kind: PartKind;
  /** Text that comes or goes, or the name of the node. */
  readonly text: string;
}

export interface Suggestion extends Suggested {
  /** Names it among all: ids of two people may be alike. */
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly parts: readonly Part[];
}

interface Growing extends Suggested {
  readonly key: string;
  from: number;
  to: number;
  parts: { kind: PartKind; text: string }[];
}

export function keyOf({ author, id }: Suggested): string {
  return `${author} ${id}`;
}

export function listSuggestions(doc: Node): Suggestion[] {
  const found = new Map<string, Growing>();
  const note = (suggested: Suggested | null, kind: PartKind, text: string, from: number, to: number) => {
    if (!suggested) return;
    const key = keyOf(suggested);
    const { id, author, at } = suggested;
    const known = found.get(key) ?? { key, id, author, at, from, to, parts: [] };
    found.set(key, known);
    known.to = Math.max(known.to, to);
    const last = known.parts.at(-1);
    if (last?.kind === kind && text) last.text += text;
    else if (last?.kind !== kind) known.parts.push({ kind, text });
  };
  doc.descendants((node, position) => {
    const end = position + node.nodeSize;
    if (node.type.name !== "paragraph") {
      note(ended(node, "insertion"), "insertBlock", node.type.name, position, end);
      note(ended(node, "deletion"), "deleteBlock", node.type.name, position, end);
      return true;
    }
    note(node.attrs["formatting"] as Restyled | null, "style", String(node.attrs["style"]), position + 1, end - 1);
    // In the order in which they are read: what is in the paragraph, then its end.
    node.forEach((child, offset) => noteInline(child, position + 1 + offset, note));
    note(ended(node, "insertion"), "split", "", end - 1, end - 1);
    note(ended(node, "deletion"), "join", "", end - 1, end - 1);
    return false;
  });
  return [...found.values()].sort((one, other) => one.from - other.from);
}

type Note = (suggested: Suggested | null, kind: PartKind, text: string, from: number, to: number) => void;

function noteInline(node: Node, position: number, note: Note): void {
  const end = position + node.nodeSize;
  const text = node.text ?? "↵";
  const on = (name: "insertion" | "deletion") => (node.isText ? suggestedOn(node.marks, name) : ended(node, name));
  note(on("insertion"), "insert", text, position, end);
  note(on("deletion"), "delete", text, position, end);
  note(suggestedOn(node.marks, "formatting"), "format", text, position, end);
}

/** What changes about the look, as names: of text its marks, of a paragraph its parts. */
export function changesOf(doc: Node, suggestion: Suggestion): string[] {
  const names = new Set<string>();
  doc.nodesBetween(suggestion.from, Math.min(suggestion.to + 1, doc.content.size), (node) => {
    if (node.isText) {
      const change = suggestedOn(node.marks, "formatting") as Reformatted | null;
      if (change && keyOf(change) === suggestion.key) {
        const before = new Set(String(change.before).split(" "));
        const now = new Set(node.marks.map(({ type }) => type.name));
        for (const name of ["bold", "italic", "underline", "strike", "subscript", "superscript"]) {
          if (before.has(name) !== now.has(name)) names.add(name);
        }
        if ((change.href !== null) !== now.has("link")) names.add("link");
      }
    } else if (node.type.name === "paragraph") {
      const change = node.attrs["formatting"] as Restyled | null;
      if (change && keyOf(change) === suggestion.key) {
        const [before, now] = [lookOf(change.before), lookOf(node.attrs)];
        for (const name of ["style", "align", "indent", "number"] as const) if (before[name] !== now[name]) names.add(name);
      }
    }
    return true;
  });
  return [...names];
}
