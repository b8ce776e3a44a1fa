/** All open suggestions of a document, in its order: what is the same suggestion is one. */
import type { Node } from "@tiptap/pm/model";
import type { Suggested } from "../schema/suggestions";
import { CELLS, blockStack, layersOf } from "./blockLook";
import { SPLIT } from "./cellLook";
import { ended, suggestedOn } from "./ended";
import { looksOn, textStack } from "./textLook";

export type PartKind = "cell" | "insert" | "delete" | "format" | "split" | "join" | "style" | "insertBlock" | "deleteBlock";

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

/** Several ask for it of one document. */
const listed = new WeakMap<Node, readonly Suggestion[]>();

export function listSuggestions(doc: Node): readonly Suggestion[] {
  const known = listed.get(doc) ?? listOf(doc);
  listed.set(doc, known);
  return known;
}

/** Something suggested, where it stands in its block. */
interface Noted {
  readonly suggested: Suggested;
  readonly kind: PartKind;
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** A letter changes one block of hundreds: what stands in the others is known. */
const noted = new WeakMap<Node, readonly Noted[]>();

function listOf(doc: Node): readonly Suggestion[] {
  const found = new Map<string, Growing>();
  doc.forEach((block, offset) => {
    const notes = noted.get(block) ?? notesOf(block);
    noted.set(block, notes);
    for (const each of notes) grow(found, each, offset);
  });
  return [...found.values()].sort((one, other) => one.from - other.from);
}

function grow(found: Map<string, Growing>, { suggested, kind, text, from, to }: Noted, offset: number): void {
  const key = keyOf(suggested);
  const { id, author, at } = suggested;
  const known = found.get(key) ?? { key, id, author, at, from: from + offset, to: to + offset, parts: [] };
  found.set(key, known);
  known.to = Math.max(known.to, to + offset);
  const last = known.parts.at(-1);
  // Words go on; the same thing again (a row, a cell of the column) is said once.
  if (kind === "insertBlock" || kind === "deleteBlock" || kind === "cell") {
    if (!known.parts.some((part) => part.kind === kind && part.text === text)) known.parts.push({ kind, text });
  } else if (last?.kind === kind && text) last.text += text;
  else if (last?.kind !== kind) known.parts.push({ kind, text });
}

/** All of one block, as if it stood at the very beginning. */
function notesOf(block: Node): readonly Noted[] {
  const notes: Noted[] = [];
  const note: Note = (suggested, kind, text, from, to) => {
    if (suggested) notes.push({ suggested, kind, text, from, to });
  };
  const visit = (node: Node, position: number): void => {
    const end = position + node.nodeSize;
    const looks = layersOf(node.attrs["formatting"]);
    if (node.type.name !== "paragraph") {
      const name = node.type.name === "tableHeader" ? "tableCell" : node.type.name;
      // To be gone to, a cell is where its words begin.
      const isCell = CELLS.has(node.type.name);
      for (const look of looks) note(look, isCell ? "cell" : "style", name, isCell ? position + 2 : position, end);
      note(ended(node, "insertion"), "insertBlock", name, position, end);
      note(ended(node, "deletion"), "deleteBlock", name, position, end);
      node.forEach((child, offset) => visit(child, position + 1 + offset));
      return;
    }
    for (const look of looks) note(look, "style", String(node.attrs["style"]), position + 1, end - 1);
    // In the order in which they are read: what is in the paragraph, then its end.
    node.forEach((child, offset) => noteInline(child, position + 1 + offset, note));
    note(ended(node, "insertion"), "split", "", end - 1, end - 1);
    note(ended(node, "deletion"), "join", "", end - 1, end - 1);
  };
  visit(block, 0);
  return notes;
}

type Note = (suggested: Suggested | null, kind: PartKind, text: string, from: number, to: number) => void;

function noteInline(node: Node, position: number, note: Note): void {
  const end = position + node.nodeSize;
  const text = node.text ?? "↵";
  const on = (name: "insertion" | "deletion") => (node.isText ? suggestedOn(node.marks, name) : ended(node, name));
  note(on("insertion"), "insert", text, position, end);
  note(on("deletion"), "delete", text, position, end);
  for (const look of looksOn(node.marks)) note(look, "format", text, position, end);
}

/** What changes about the look, as names: of text its marks, of a block its parts. */
export function changesOf(doc: Node, suggestion: Suggestion, isOfCells = false): string[] {
  const names = new Set<string>();
  doc.nodesBetween(suggestion.from, Math.min(suggestion.to + 1, doc.content.size), (node) => {
    if (CELLS.has(node.type.name) !== isOfCells) return true;
    const stack = node.isText ? textStack(node.marks) : node.attrs["formatting"] ? blockStack(node) : null;
    for (const { by, wishes } of stack?.layers ?? []) {
      if (keyOf(by) !== suggestion.key) continue;
      for (const [name, wish] of Object.entries(wishes)) names.add(isOfCells ? cellChange(node, name, wish) : name);
    }
    return true;
  });
  return [...names];
}

/** What stands in the cells that a suggestion merges or splits. */
export function shapedText(doc: Node, suggestion: Suggestion): string {
  const words: string[] = [];
  doc.nodesBetween(suggestion.from, Math.min(suggestion.to, doc.content.size), (node) => {
    if (!CELLS.has(node.type.name)) return true;
    const isShaped = blockStack(node).layers.some(({ by, wishes }) => keyOf(by) === suggestion.key && "shape" in wishes);
    if (isShaped && node.textContent) words.push(node.textContent);
    return true;
  });
  return words.join(" · ");
}

function cellChange(cell: Node, name: string, wish: unknown): string {
  if (name === "headed") return (wish ?? cell.type.name === "tableHeader") ? "headed" : "unheaded";
  if (name === "shape") return wish === SPLIT ? "split" : wish ? "merge" : "unmerge";
  return "colwidth";
}
