/**
 * Paragraphs that are joined, lists that are made, and tables that get another grid, when
 * suggestions are decided: done in the shared text itself, so that two people who decide
 * the same at the same moment make one change (`alike.ts`). Through the editor each would
 * write the moved words anew, and they would stand twice.
 *
 * It comes before anything else of a decision, while both still have the same text before
 * them. What it does not know how to do it leaves alone: the editor does it afterwards,
 * by the rules of resolve.ts, whose outcome this never changes.
 */
import type { Editor } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { updateYFragment, ySyncPluginKey } from "@tiptap/y-tiptap";
import type { Doc, Item, XmlFragment } from "yjs";
import { XmlElement, XmlText } from "yjs";
import { alike, chainOf, traceOf, withoutShortcuts } from "./alike";
import type { Decide } from "./layers";
import { isList, listable, relist } from "./relist";
import { pieceOf } from "./resolve";

type Child = XmlElement | XmlText;

/** Whether anything was done. */
export function decideTogether(editor: Editor, verdict: Decide): boolean {
  const sync = ySyncPluginKey.getState(editor.state) as { readonly doc?: Doc; readonly type?: XmlFragment } | undefined;
  if (!sync?.doc || !sync.type) return false;
  const { doc, type } = sync;
  let done = false;
  for (const work of [joinIn, listIn, regridIn]) {
    doc.transact(() => {
      done = work({ doc, verdict }, editor.state.doc, type) || done;
    }, ySyncPluginKey);
  }
  return done;
}

interface Task {
  readonly doc: Doc;
  readonly verdict: Decide;
}

/** The blocks of both, where they are the same ones. */
function blocksOf(node: Node, type: XmlFragment): readonly XmlElement[] | null {
  const blocks = type.toArray().filter((each) => each instanceof XmlElement);
  const isSame = blocks.length === type.length && blocks.length === node.childCount;
  return isSame && blocks.every((each, index) => each.nodeName === node.child(index).type.name) ? blocks : null;
}

function eachInside(node: Node, blocks: readonly XmlElement[], work: (child: Node, block: XmlElement) => boolean): boolean {
  return blocks.reduce((done, block, index) => {
    const child = node.child(index);
    return (child.inlineContent || child.isLeaf ? false : work(child, block)) || done;
  }, false);
}

// Joining.

function joinIn(task: Task, node: Node, type: XmlFragment): boolean {
  const blocks = blocksOf(node, type);
  if (!blocks) return false;
  const inside = eachInside(node, blocks, (child, block) => joinIn(task, child, block));
  const holdsBlocks = node.type.name === "doc" || node.firstChild?.isBlock === true;
  if (isList(node)) return joinItems(task, node, blocks) || inside;
  const isOfRows = node.type.name === "table" || node.type.name === "tableRow";
  return (holdsBlocks && !isOfRows && joinParagraphs(task, node, blocks)) || inside;
}

function joinParagraphs({ doc, verdict }: Task, node: Node, blocks: readonly XmlElement[]): boolean {
  const pieces = node.content.content.map((child) => pieceOf(child, verdict));
  // What goes between others would move them in the eyes of the editor.
  const mayGo = pieces.some((piece) => piece !== null);
  let done = false;
  /** The paragraph that an earlier one would run on in. */
  let next: XmlElement | null = null;
  for (let index = blocks.length - 1; index >= 0; index -= 1) {
    const block = blocks[index];
    const piece = pieces[index];
    if (!block) continue;
    if (!piece) {
      if (mayGo) remove(block);
      done ||= mayGo;
      continue;
    }
    const isParagraph = block.nodeName === "paragraph";
    if (isParagraph && piece.runsOn && next) {
      next = joined(doc, block, next);
      done = true;
    } else next = isParagraph ? block : null;
  }
  return done;
}

/** One paragraph of two, as Word does it: with the look of the second. The longer one
 * stays, with the comments on it. */
function joined(doc: Doc, first: XmlElement, second: XmlElement): XmlElement {
  const staysFirst = lengthOf(first) > lengthOf(second);
  alike(doc, ["join", traceOf(first), traceOf(second)], () => {
    if (staysFirst) {
      append(first, second.toArray() as Child[]);
      takeLook(first, second);
    } else prepend(second, first.toArray() as Child[]);
  });
  const gone = staysFirst ? second : first;
  remove(gone);
  return staysFirst ? first : second;
}

/** The last paragraph of an item runs on in the first of the next one. */
function joinItems({ doc, verdict }: Task, node: Node, items: readonly XmlElement[]): boolean {
  let done = false;
  for (let index = items.length - 2; index >= 0; index -= 1) {
    const [item, following] = [items[index], items[index + 1]];
    const end = node.child(index).lastChild;
    if (!item || !following || !end || !node.child(index + 1).firstChild) continue;
    const [last, first] = [item.get(item.length - 1), following.get(0)];
    if (!(last instanceof XmlElement) || !(first instanceof XmlElement)) continue;
    if (last.nodeName !== "paragraph" || first.nodeName !== "paragraph" || !pieceOf(end, verdict)?.runsOn) continue;
    alike(doc, ["join items", traceOf(item), traceOf(following)], () => {
      append(last, first.toArray() as Child[]);
      takeLook(last, first);
      for (const rest of following.toArray().slice(1)) insertCopy(item, item.length, rest as Child);
    });
    remove(following);
    done = true;
  }
  return done;
}

function lengthOf(paragraph: XmlElement): number {
  return (paragraph.toArray() as Child[]).reduce((sum, child) => sum + child.length, 0);
}

function append(paragraph: XmlElement, moved: readonly Child[]): void {
  const last = paragraph.length ? paragraph.get(paragraph.length - 1) : null;
  let rest = moved;
  if (last instanceof XmlText && moved[0] instanceof XmlText) {
    last.applyDelta([{ retain: last.length }, ...wordsOf(moved[0])], { sanitize: false });
    rest = moved.slice(1);
  }
  for (const child of rest) insertCopy(paragraph, paragraph.length, child);
}

function prepend(paragraph: XmlElement, moved: readonly Child[]): void {
  const first = paragraph.length ? paragraph.get(0) : null;
  const last = moved.at(-1);
  let rest = moved;
  if (first instanceof XmlText && last instanceof XmlText) {
    first.applyDelta(wordsOf(last), { sanitize: false });
    rest = moved.slice(0, -1);
  }
  rest.forEach((child, index) => insertCopy(paragraph, index, child));
}

function wordsOf(text: XmlText): object[] {
  return text.toDelta() as object[];
}

function insertCopy(parent: XmlElement, index: number, child: Child): void {
  if (child instanceof XmlText) {
    const copy = new XmlText();
    parent.insert(index, [copy]);
    copy.applyDelta(wordsOf(child), { sanitize: false });
    return;
  }
  const copy = new XmlElement(child.nodeName);
  parent.insert(index, [copy]);
  takeLook(copy, child);
  child.toArray().forEach((each, place) => insertCopy(copy, place, each as Child));
}

/** Every attribute of the other; in an order that does not depend on who came first. */
function takeLook(to: XmlElement, from: XmlElement): void {
  const [old, now] = [to, from].map((each) => each.getAttributes() as Record<string, unknown>);
  for (const name of Object.keys(old ?? {}).sort()) if (!(name in (now ?? {}))) to.removeAttribute(name);
  for (const name of Object.keys(now ?? {}).sort()) to.setAttribute(name, now?.[name] as string);
}

function remove(block: XmlElement): void {
  const parent = block.parent as XmlFragment;
  parent.delete(parent.toArray().indexOf(block), 1);
}

// Lists.

function listIn(task: Task, node: Node, type: XmlFragment): boolean {
  const blocks = blocksOf(node, type);
  if (!blocks) return false;
  const { name } = node.type;
  const inside = eachInside(node, blocks, (child, block) => listIn(task, child, block));
  const isContainer = name === "doc" || name === "tableCell" || name === "tableHeader";
  return (isContainer && makeLists(task, node, type, blocks)) || inside;
}

interface Stretch {
  readonly from: number;
  to: number;
  readonly nodes: Node[];
}

function makeLists({ doc, verdict }: Task, node: Node, type: XmlFragment, blocks: readonly XmlElement[]): boolean {
  const stretches = stretchesOf(node, verdict);
  let done = false;
  for (const { from, to, nodes } of stretches.reverse()) {
    const made = relist(nodes);
    if (made === nodes || made.length === 0) continue;
    replace(doc, type, blocks, from, to, made);
    done = true;
  }
  return done;
}

/** Blocks side by side that are lists, or are to stand in one, as they are decided. */
function stretchesOf(node: Node, verdict: Decide): Stretch[] {
  const found: Stretch[] = [];
  let open: Stretch | null = null;
  for (let index = 0; index < node.childCount; index += 1) {
    const piece = pieceOf(node.child(index), verdict);
    if (!piece) continue;
    // It would run on: the editor knows in what.
    if (piece.runsOn || !(isList(piece.node) || listable(piece.node))) open = null;
    else if (open) {
      open.to = index + 1;
      open.nodes.push(piece.node);
    } else {
      open = { from: index, to: index + 1, nodes: [piece.node] };
      found.push(open);
    }
  }
  return found;
}

function replace(doc: Doc, type: XmlFragment, blocks: readonly XmlElement[], from: number, to: number, made: readonly Node[]): void {
  const old = blocks.slice(from, to);
  const around = chainOf(itemOf(blocks[from - 1]) ?? type._start, itemOf(blocks[to]), false);
  const seed = ["list", around, old.map((each) => traceOf(each)), made.map((each) => each.toJSON() as unknown)];
  const meta = { mapping: new Map(), isOMark: new Map() };
  alike(doc, seed, () => {
    let index = from;
    for (const node of made) {
      const known = isList(node) ? old.findIndex(({ nodeName }) => nodeName === node.type.name) : -1;
      const block = old[known];
      if (block) {
        // What stands before it is in the list now.
        type.delete(index, known);
        old.splice(0, known + 1);
        withoutShortcuts(block, () => updateYFragment(doc, block, node, meta));
      } else {
        const fresh = new XmlElement(node.type.name);
        type.insert(index, [fresh]);
        updateYFragment(doc, fresh, node, meta);
      }
      index += 1;
    }
    if (old.length) type.delete(index, old.length);
  });
}

// Tables.

/** A table that gets other rows or cells is decided as a whole, with its words. */
function regridIn(task: Task, node: Node, type: XmlFragment): boolean {
  const blocks = blocksOf(node, type);
  if (!blocks) return false;
  return eachInside(node, blocks, (child, block) => {
    const now = child.type.name === "table" ? pieceOf(child, task.verdict)?.node : undefined;
    if (!now || gridOf(now) === gridOf(child)) return regridIn(task, child, block);
    const mapping = new Map<XmlElement, Node>();
    keep(child, block, mapping);
    const kept = [...mapping.values()].map((each) => holds(now, each));
    alike(task.doc, ["table", traceOf(block), now.toJSON(), kept], () => {
      withoutShortcuts(block, () => updateYFragment(task.doc, block, now, { mapping: mapping as never, isOMark: new Map() }));
    });
    return true;
  });
}

/** Which blocks the table is made of: what stays the same is left where it is. */
function keep(node: Node, type: XmlElement, mapping: Map<XmlElement, Node>): void {
  const blocks = blocksOf(node, type) ?? [];
  blocks.forEach((block, index) => {
    mapping.set(block, node.child(index));
    if (!node.child(index).inlineContent) keep(node.child(index), block, mapping);
  });
}

function holds(node: Node, one: Node): boolean {
  return node === one || (!node.inlineContent && node.content.content.some((child) => holds(child, one)));
}

function gridOf(table: Node): string {
  return table.content.content.map((row) => row.content.content.map(({ type }) => type.name).join(" ")).join("/");
}

function itemOf(block: XmlElement | undefined): Item | null {
  return block?._item ?? null;
}
