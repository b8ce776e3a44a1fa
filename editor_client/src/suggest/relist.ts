/**
 * Lists that were suggested, made of the paragraphs that are to stand in them: the same
 * rules as collab/content/listing.py. The lists around are laid out flat, each item with
 * its depth, and put together again. Pure; it must never lose a block.
 */
import type { Node, Schema } from "@tiptap/pm/model";
import { Fragment } from "@tiptap/pm/model";
import { layersOf } from "./blockLook";

const LISTS: Readonly<Record<string, boolean>> = { bulletList: false, orderedList: true };

interface Entry {
  blocks: Node[];
  /** Null: in no list. */
  depth: number | null;
  /** False: goes on with the item before. */
  readonly isItem: boolean;
  ordered: boolean;
  readonly start: number;
  readonly source: number | null;
  readonly item: Node | null;
}

interface Open {
  readonly ordered: boolean;
  readonly start: number;
  source: number | null;
  readonly items: { item: Node | null; blocks: Node[] }[];
}

export function isList(node: Node): boolean {
  return node.type.name in LISTS;
}

/** The blocks of the body or of a cell, with all that is decided about lists done. */
export function relist(blocks: Node[]): Node[] {
  if (!blocks.some(isConcerned)) return blocks;
  const made: Node[] = [];
  let stretch: Node[] = [];
  const flush = () => {
    made.push(...(stretch.some(isConcerned) ? built(entriesOf(stretch)) : stretch));
    stretch = [];
  };
  for (const block of blocks) {
    if (isList(block) || listable(block)) {
      stretch.push(block);
      continue;
    }
    flush();
    made.push(done(block));
  }
  flush();
  return made;
}

/** Whether a paragraph says something about lists that nobody has open any more. */
function isReady(node: Node): boolean {
  const { listed, nested, insertion, formatting } = node.attrs as Record<string, unknown>;
  if (node.type.name !== "paragraph" || insertion || (!listed && !nested)) return false;
  return layersOf(formatting).every(({ before }) => {
    const was = before as Record<string, unknown>;
    return (was["listed"] ?? null) === (listed ?? null) && (was["nested"] ?? 0) === (nested ?? 0);
  });
}

function isConcerned(node: Node): boolean {
  if (!isList(node)) return isReady(node);
  return node.content.content.some((item) => item.content.content.some(isConcerned));
}

/** Whether a paragraph is to stand in a list, and nobody has that open any more. */
export function listable(node: Node): boolean {
  return isReady(node) && (node.attrs["listed"] === "bullet" || node.attrs["listed"] === "ordered");
}

/** The paragraph without what it said: it is done. */
function done(node: Node): Node {
  if (!isReady(node)) return node;
  let formatting: object | null = null;
  for (const layer of layersOf(node.attrs["formatting"])) {
    const { id, author, at } = layer;
    const before = Object.fromEntries(Object.entries(layer.before).filter(([name]) => name !== "listed" && name !== "nested"));
    formatting = { id, author, at, before, ...(formatting ? { under: formatting } : {}) };
  }
  return node.type.create({ ...node.attrs, listed: null, nested: 0, formatting }, node.content, node.marks);
}

function entriesOf(stretch: readonly Node[]): Entry[] {
  return stretch.flatMap((block, source) => (isList(block) ? ofList(block, 0, source) : [madeItem(block, 0)]));
}

function madeItem(node: Node, depth: number): Entry {
  const ordered = node.attrs["listed"] === "ordered";
  const at = Math.max(0, depth + Number(node.attrs["nested"] ?? 0));
  return { blocks: [done(node)], depth: at, isItem: true, ordered, start: 1, source: null, item: null };
}

function ofList(list: Node, depth: number, source: number): Entry[] {
  const ordered = LISTS[list.type.name] === true;
  return list.content.content.flatMap((item, index) => {
    const start = index || !ordered ? 1 : Number(list.attrs["start"] ?? 1);
    const entry: Entry = { blocks: [], depth, isItem: true, ordered, start, source, item };
    const [first, ...rest] = item.content.content;
    if (first?.type.name !== "paragraph") return ofItem(entry, item.content.content, depth, source);
    if (isReady(first)) {
      const { listed, nested } = first.attrs as { listed: string | null; nested: number };
      if (listed === "none") entry.depth = null;
      else entry.depth = Math.max(0, depth + nested);
      if (listed && listed !== "none") entry.ordered = listed === "ordered";
    }
    entry.blocks.push(done(first));
    return ofItem(entry, rest, depth, source);
  });
}

/** The item itself, then what comes below its first nested list. */
function ofItem(entry: Entry, rest: readonly Node[], depth: number, source: number): Entry[] {
  const found: Entry[] = [entry];
  for (const block of rest) {
    if (isList(block)) found.push(...ofList(block, depth + 1, source));
    else if (listable(block)) found.push(madeItem(block, depth + 1));
    else if (found.length === 1) entry.blocks.push(done(block));
    else found.push({ ...entry, blocks: [done(block)], isItem: false });
  }
  return found;
}

function built(entries: readonly Entry[]): Node[] {
  const made: Node[] = [];
  const stack: Open[] = [];
  const close = (most: number) => {
    while (stack.length > most) {
      const open = stack.pop();
      if (open) (stack.at(-1)?.items.at(-1)?.blocks ?? made).push(listNode(open));
    }
  };
  for (const entry of entries) {
    if (entry.depth === null || (!entry.isItem && !stack.length)) {
      close(0);
      made.push(...entry.blocks);
      continue;
    }
    if (!entry.isItem) {
      close(Math.min(entry.depth, stack.length - 1) + 1);
      stack.at(-1)?.items.at(-1)?.blocks.push(...entry.blocks);
      continue;
    }
    const depth = Math.min(entry.depth, stack.length);
    close(depth + 1);
    const last = stack.at(-1);
    if (stack.length > depth && last && !goesOn(last, entry)) close(depth);
    if (stack.length === depth) stack.push({ ordered: entry.ordered, start: entry.start, source: entry.source, items: [] });
    const here = stack.at(-1);
    if (!here) continue;
    here.source ??= entry.source;
    here.items.push({ item: entry.item, blocks: [...entry.blocks] });
  }
  close(0);
  return made;
}

/** Two lists that stood one after the other stay two. */
function goesOn(here: Open, entry: Entry): boolean {
  if (here.ordered !== entry.ordered) return false;
  return here.source === null || entry.source === null || here.source === entry.source;
}

function listNode({ ordered, start, items }: Open): Node {
  const { schema } = items[0]?.blocks[0]?.type ?? {};
  const nodes = items.map(({ item, blocks }) => (item ? item.copy(Fragment.from(blocks)) : made(schema, "listItem", {}, blocks)));
  return made(schema, ordered ? "orderedList" : "bulletList", ordered ? { start } : {}, nodes);
}

function made(schema: Schema | undefined, name: string, attrs: object, content: readonly Node[]): Node {
  const type = schema?.nodes[name];
  if (!type) throw new RangeError(`no ${name}`);
  return type.create({ ...attrs }, Fragment.from([...content]));
}
