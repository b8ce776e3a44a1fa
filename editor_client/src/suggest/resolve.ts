/**
 * What blocks become when suggestions are accepted, rejected or left: the same rules as
 * collab/content/suggested.py, on ProseMirror nodes. Pure; a block in which nothing is
 * decided is returned itself, so that comparing is cheap.
 */
import type { Attrs, Node } from "@tiptap/pm/model";
import { Fragment } from "@tiptap/pm/model";
import type { Suggested } from "../schema/suggestions";
import { settleBlock } from "./blockLook";
import { ended, suggestedOn } from "./ended";
import type { Decide } from "./layers";
import { regrid, spotOf } from "./regrid";
import { isList, relist } from "./relist";
import { reshape } from "./reshape";
import { settleText } from "./textLook";

export { lookOf, sameLook } from "./blockLook";
export { ended, suggestedOn } from "./ended";
export type { Decide } from "./layers";

export interface Piece {
  node: Node;
  /** A paragraph whose end has gone. */
  runsOn: boolean;
}

interface Ends {
  readonly stays: boolean;
  readonly insertion: Suggested | null;
  readonly deletion: Suggested | null;
}

export function resolveNodes(nodes: readonly Node[], decide: Decide): Node[] {
  return relist(settled(flow(nodes, decide)));
}

function decideEnds(insertion: Suggested | null, deletion: Suggested | null, decide: Decide): Ends {
  const gone = { stays: false, insertion: null, deletion: null };
  const left = { stays: true, insertion, deletion };
  if (insertion) {
    const verdict = decide(insertion);
    if (verdict === false) return gone;
    if (verdict) left.insertion = null;
  }
  if (deletion) {
    const verdict = decide(deletion);
    if (verdict) return gone;
    if (verdict === false) left.deletion = null;
  }
  return left;
}

/** Whether words go by what is decided. */
export function goesAway(text: Node, decide: Decide): boolean {
  return !decideEnds(suggestedOn(text.marks, "insertion"), suggestedOn(text.marks, "deletion"), decide).stays;
}

function flow(nodes: readonly Node[], decide: Decide): Piece[] {
  const pieces: Piece[] = [];
  for (const node of nodes) {
    const piece = pieceOf(node, decide);
    if (piece) add(pieces, piece);
  }
  return pieces;
}

function add(pieces: Piece[], piece: Piece): void {
  const before = pieces.at(-1);
  if (before?.runsOn) {
    if (piece.node.type.name === "paragraph") {
      const content = before.node.content.append(piece.node.content);
      pieces[pieces.length - 1] = { node: piece.node.copy(content), runsOn: piece.runsOn };
      return;
    }
    close(pieces);
  }
  pieces.push(piece);
}

function close(pieces: Piece[]): void {
  const last = pieces.at(-1);
  if (!last?.runsOn) return;
  if (last.node.content.size === 0) pieces.pop();
  else last.runsOn = false;
}

function settled(pieces: Piece[]): Node[] {
  close(pieces);
  return pieces.map(({ node }) => node);
}

/** What one block becomes; null when it goes. */
export function pieceOf(node: Node, decide: Decide): Piece | null {
  const { name } = node.type;
  if (isList(node)) return listOf(node, decide);
  const ends = decideEnds(ended(node, "insertion"), ended(node, "deletion"), decide);
  if (name === "paragraph") return { node: paragraphOf(node, ends, decide), runsOn: !ends.stays };
  if (!ends.stays) return null;
  const kept = withAttrs(node, { insertion: ends.insertion, deletion: ends.deletion });
  if (name === "table") return tableOf(kept, decide);
  return { node: withAttrs(kept, settleBlock(kept, decide) ?? {}), runsOn: false };
}

function paragraphOf(node: Node, ends: Ends, decide: Decide): Node {
  const attrs = { insertion: ends.insertion, deletion: ends.deletion, ...settleBlock(node, decide) };
  return withChildren(withAttrs(node, attrs), mapped(children(node), (child) => inlineOf(child, decide)));
}

function inlineOf(node: Node, decide: Decide): Node | null {
  if (!node.isText) {
    const ends = decideEnds(ended(node, "insertion"), ended(node, "deletion"), decide);
    return ends.stays ? withAttrs(node, { insertion: ends.insertion, deletion: ends.deletion }) : null;
  }
  const insertion = suggestedOn(node.marks, "insertion");
  const deletion = suggestedOn(node.marks, "deletion");
  const ends = decideEnds(insertion, deletion, decide);
  if (!ends.stays) return null;
  const marks = (settleText(node, decide) ?? node.marks).filter(({ type: { name } }) => {
    if (name === "insertion") return ends.insertion !== null;
    return name !== "deletion" || ends.deletion !== null;
  });
  const isSame = marks.length === node.marks.length && marks.every((mark, index) => mark === node.marks[index]);
  return isSame ? node : node.mark(marks);
}

function listOf(list: Node, decide: Decide): Piece | null {
  const items: { item: Node; pieces: Piece[] }[] = [];
  list.forEach((item) => {
    const pieces = flow(children(item), decide);
    const first = pieces[0];
    if (!first) return;
    const last = items.at(-1)?.pieces;
    if (last?.at(-1)?.runsOn && first.node.type.name === "paragraph") {
      for (const piece of pieces) add(last, piece);
    } else {
      items.push({ item, pieces });
    }
  });
  const kept: Node[] = [];
  for (const { item, pieces } of items) {
    const blocks = settled(pieces);
    if (blocks.length) kept.push(withChildren(item, blocks));
  }
  return kept.length ? { node: withChildren(list, kept), runsOn: false } : null;
}

function tableOf(table: Node, decide: Decide): Piece | null {
  const goneRows = new Set<number>();
  const gone = new Set<string>();
  const rows = children(table).map((row, index) => {
    const ends = decideEnds(ended(row, "insertion"), ended(row, "deletion"), decide);
    if (!ends.stays) goneRows.add(index);
    const cells = children(row).map((cell, number) => {
      const decided = cellOf(cell, decide);
      if (!decided.stays) gone.add(spotOf(index, number));
      return decided.cell;
    });
    return withChildren(withAttrs(row, { insertion: ends.insertion, deletion: ends.deletion }), cells);
  });
  if (goneRows.size === rows.length) return null;
  const whole = reshape(goneRows.size || gone.size ? regrid(rows, goneRows, gone) : rows);
  return whole.some((row) => row.childCount) ? { node: withChildren(table, whole), runsOn: false } : null;
}

function cellOf(cell: Node, decide: Decide): { stays: boolean; cell: Node } {
  const { stays, insertion, deletion } = decideEnds(ended(cell, "insertion"), ended(cell, "deletion"), decide);
  const blocks = resolveNodes(children(cell), decide);
  const paragraph = cell.type.schema.nodes["paragraph"];
  if (!blocks.length && paragraph) blocks.push(paragraph.create());
  const attrs = { insertion, deletion, ...settleBlock(cell, decide) };
  return { stays, cell: withChildren(withAttrs(cell, attrs), blocks) };
}

function children(node: Node): readonly Node[] {
  return node.content.content;
}

function mapped(nodes: readonly Node[], change: (node: Node) => Node | null): Node[] {
  return nodes.map(change).filter((node) => node !== null);
}

function withAttrs(node: Node, attrs: Attrs): Node {
  const isSame = Object.entries(attrs).every(([name, value]) => (node.attrs[name] ?? null) === value);
  return isSame ? node : node.type.create({ ...node.attrs, ...attrs }, node.content, node.marks);
}

function withChildren(node: Node, nodes: readonly Node[]): Node {
  const before = children(node);
  const isSame = before.length === nodes.length && before.every((child, index) => child === nodes[index]);
  return isSame ? node : node.copy(Fragment.from([...nodes]));
}
