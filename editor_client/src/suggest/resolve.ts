/**
 * What blocks become when suggestions are accepted, rejected or left: the same rules as
 * collab/content/suggested.py, on ProseMirror nodes. Pure; a block in which nothing is
 * decided is returned itself, so that comparing is cheap.
 */
import type { Attrs, Mark, Node } from "@tiptap/pm/model";
import { Fragment } from "@tiptap/pm/model";
import type { Look, Reformatted, Restyled, Suggested } from "../schema/suggestions";

/** true accepts, false rejects, null leaves it as it is. */
export type Decide = (suggested: Suggested) => boolean | null;

export const FORMAT_MARKS = ["bold", "italic", "strike", "subscript", "superscript", "underline"] as const;

interface Piece {
  node: Node;
  /** A paragraph whose end has gone. */
  runsOn: boolean;
}

interface Ends {
  readonly stays: boolean;
  readonly insertion: Suggested | null;
  readonly deletion: Suggested | null;
}

export function ended(node: Node, name: "insertion" | "deletion"): Suggested | null {
  return (node.attrs[name] as Suggested | null | undefined) ?? null;
}

export function suggestedOn(marks: readonly Mark[], name: string): Suggested | null {
  return (marks.find((mark) => mark.type.name === name)?.attrs as Suggested | undefined) ?? null;
}

export function resolveNodes(nodes: readonly Node[], decide: Decide): Node[] {
  return settled(flow(nodes, decide));
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

function pieceOf(node: Node, decide: Decide): Piece | null {
  const { name } = node.type;
  if (name === "bulletList" || name === "orderedList") return listOf(node, decide);
  const ends = decideEnds(ended(node, "insertion"), ended(node, "deletion"), decide);
  if (name === "paragraph") return { node: paragraphOf(node, ends, decide), runsOn: !ends.stays };
  if (!ends.stays) return null;
  const kept = withAttrs(node, { insertion: ends.insertion, deletion: ends.deletion });
  return name === "table" ? tableOf(kept, decide) : { node: kept, runsOn: false };
}

function paragraphOf(node: Node, ends: Ends, decide: Decide): Node {
  const attrs: Record<string, unknown> = { insertion: ends.insertion, deletion: ends.deletion };
  const change = node.attrs["formatting"] as Restyled | null;
  const verdict = change ? decide(change) : null;
  if (change && verdict !== null) attrs["formatting"] = null;
  if (change && verdict === false) Object.assign(attrs, lookOf(change.before));
  return withChildren(withAttrs(node, attrs), mapped(children(node), (child) => inlineOf(child, decide)));
}

function inlineOf(node: Node, decide: Decide): Node | null {
  if (!node.isText) {
    const ends = decideEnds(ended(node, "insertion"), ended(node, "deletion"), decide);
    return ends.stays ? withAttrs(node, { insertion: ends.insertion, deletion: ends.deletion }) : null;
  }
  const insertion = suggestedOn(node.marks, "insertion");
  const deletion = suggestedOn(node.marks, "deletion");
  const change = suggestedOn(node.marks, "formatting") as Reformatted | null;
  if (!insertion && !deletion && !change) return node;
  const ends = decideEnds(insertion, deletion, decide);
  if (!ends.stays) return null;
  const verdict = change ? decide(change) : null;
  let marks = node.marks.filter(({ type: { name } }) => {
    if (name === "insertion") return ends.insertion !== null;
    if (name === "deletion") return ends.deletion !== null;
    return name !== "formatting" || verdict === null;
  });
  if (change && verdict === false) marks = formerMarks(marks, change, node);
  const isSame = marks.length === node.marks.length && marks.every((mark, index) => mark === node.marks[index]);
  return isSame ? node : node.mark(marks);
}

function formerMarks(marks: readonly Mark[], change: Reformatted, node: Node): Mark[] {
  const { marks: types } = node.type.schema;
  const names = new Set(String(change.before ?? "").split(" "));
  const isLook = ({ type: { name } }: Mark) => name === "link" || (FORMAT_MARKS as readonly string[]).includes(name);
  let set: readonly Mark[] = marks.filter((mark) => !isLook(mark));
  for (const name of FORMAT_MARKS) if (names.has(name)) set = types[name]?.create().addToSet(set) ?? set;
  if (change.href) set = types["link"]?.create({ href: change.href }).addToSet(set) ?? set;
  return [...set];
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
  const rows = mapped(children(table), (row) => {
    const ends = decideEnds(ended(row, "insertion"), ended(row, "deletion"), decide);
    if (!ends.stays) return null;
    const kept = withAttrs(row, { insertion: ends.insertion, deletion: ends.deletion });
    return withChildren(kept, mapped(children(kept), (cell) => cellOf(cell, decide)));
  });
  return rows.length ? { node: withChildren(table, rows), runsOn: false } : null;
}

function cellOf(cell: Node, decide: Decide): Node {
  const blocks = resolveNodes(children(cell), decide);
  const paragraph = cell.type.schema.nodes["paragraph"];
  if (!blocks.length && paragraph) blocks.push(paragraph.create());
  return withChildren(cell, blocks);
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

/** Only what a look is made of: other programs may write anything. */
export function lookOf(attrs: Attrs): Look {
  const { style, align, indent, number } = attrs as Partial<Look>;
  return { style: style ?? "body", align: align ?? null, indent: indent ?? 0, number: number ?? null };
}

export function sameLook(one: Look, other: Look): boolean {
  return one.style === other.style && one.align === other.align && one.indent === other.indent && one.number === other.number;
}
