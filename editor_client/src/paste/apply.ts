/** Gives typed structure in a part of the document its styles; one undo step. */
import type { Node as ProseMirrorNode } from "@tiptap/pm/model";
import type { EditorState, Transaction } from "@tiptap/pm/state";
import type { Proposal } from "./recognise";
import { recognise } from "./recognise";

interface Found {
  readonly positions: readonly number[];
  readonly proposals: readonly Proposal[];
}

/** Proposals for the plain paragraphs on the top level between two positions. */
export function findStructure(doc: ProseMirrorNode, from: number, to: number): Found {
  const positions: number[] = [];
  const paragraphs: { text: string; style: string }[] = [];
  doc.forEach((node, offset) => {
    if (node.type.name !== "paragraph") return;
    if (offset + node.nodeSize <= from || offset >= to) return;
    positions.push(offset);
    paragraphs.push({
      text: node.textBetween(0, node.content.size, "", "\ufffc"),
      style: String(node.attrs["style"]),
    });
  });
  return { positions, proposals: recognise(paragraphs) };
}

/** Apply all proposals between two positions; null when there are none. */
export function applyStructure(state: EditorState, from: number, to: number): Transaction | null {
  const { positions, proposals } = findStructure(state.doc, from, to);
  if (!proposals.length) return null;
  const { tr } = state;
  // From the end, so that earlier positions stay right.
  for (const { index, style, strip, number, labelLine } of [...proposals].reverse()) {
    const position = positions[index];
    if (position === undefined) continue;
    if (strip) tr.delete(position + 1, position + 1 + strip);
    tr.setNodeAttribute(position, "style", style);
    if (number !== null) tr.setNodeAttribute(position, "number", number);
    const line = labelLine === null ? undefined : positions[labelLine];
    const lineNode = line === undefined ? null : state.doc.nodeAt(line);
    if (line !== undefined && lineNode) tr.delete(line, line + lineNode.nodeSize);
  }
  return tr;
}
