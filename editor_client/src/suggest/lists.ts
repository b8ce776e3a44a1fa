/**
 * Lists as suggestions: who suggests leaves each paragraph where it is and says what list
 * it is to stand in. The editor's own commands for lists do so while suggesting.
 */
import type { CommandProps, Editor } from "@tiptap/core";
import { Extension, commands as core } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import type { EditorState, Transaction } from "@tiptap/pm/state";
import { isList } from "./relist";

export type ListKind = "bullet" | "ordered";

interface Head {
  /** Of the paragraph that begins the item, or that stands in no list. */
  readonly position: number;
  /** The list in which it really stands, and how deep; depth -1: in none. */
  readonly kind: ListKind | null;
  readonly depth: number;
  readonly index: number;
  readonly node: Node;
}

interface Standing {
  readonly kind: ListKind | null;
  readonly depth: number;
}

/** In which list a head is to stand, with all that is suggested. */
function standing({ kind, depth, node }: Head): Standing {
  const { listed, nested } = node.attrs as { listed: string | null; nested: number };
  if (listed === "none") return { kind: null, depth: -1 };
  const wanted = (listed as ListKind | null) ?? kind;
  return wanted ? { kind: wanted, depth: Math.max(0, Math.max(depth, 0) + nested) } : { kind: null, depth: -1 };
}

function headAt(doc: Node, position: number): Head | null {
  const $inside = doc.resolve(position + 1);
  let depth = -1;
  let found: { position: number; kind: ListKind; index: number } | null = null;
  for (let level = $inside.depth - 1; level > 0; level -= 1) {
    const node = $inside.node(level);
    if (/^table/.test(node.type.name)) break;
    if (!isList(node)) continue;
    depth += 1;
    const kind = node.type.name === "orderedList" ? "ordered" : "bullet";
    found ??= { position: $inside.start(level + 1), kind, index: $inside.index(level) };
  }
  const place = found?.position ?? position;
  const node = doc.nodeAt(place);
  if (node?.type.name !== "paragraph") return null;
  return { position: place, kind: found?.kind ?? null, depth, index: found?.index ?? 0, node };
}

/** Those that the selection touches, each once. */
function headsIn(state: Pick<EditorState, "selection" | "doc">): Head[] {
  const found = new Map<number, Head>();
  for (const { $from, $to } of state.selection.ranges) {
    state.doc.nodesBetween($from.pos, $to.pos, (node, position) => {
      const head = node.type.name === "paragraph" ? headAt(state.doc, position) : null;
      if (head) found.set(head.position, head);
      return !node.isTextblock;
    });
  }
  return [...found.values()];
}

/** The heads with those of the items inside theirs, which go along. */
function withInner(doc: Node, heads: readonly Head[]): Head[] {
  const found = new Map(heads.map((head) => [head.position, head]));
  for (const { position, kind } of heads) {
    if (!kind) continue;
    const $item = doc.resolve(position);
    $item.parent.descendants((node, offset) => {
      const head = node.type.name === "paragraph" ? headAt(doc, $item.start() + offset) : null;
      if (head) found.set(head.position, head);
      return !node.isTextblock && !/^table/.test(node.type.name);
    });
  }
  return [...found.values()];
}

function put(tr: Transaction, head: Head, listed: string | null, nested: number): void {
  if (head.node.attrs["listed"] !== listed) tr.setNodeAttribute(head.position, "listed", listed);
  if (head.node.attrs["nested"] !== nested) tr.setNodeAttribute(head.position, "nested", nested);
}

function toggle({ tr, dispatch }: CommandProps, kind: ListKind): boolean {
  const heads = headsIn(tr);
  if (!dispatch || !heads.length) return heads.length > 0;
  const isOff = heads.every((head) => standing(head).kind === kind);
  for (const head of heads) {
    const nested = Number(head.node.attrs["nested"] ?? 0);
    if (!isOff) put(tr, head, head.kind === kind ? null : kind, nested);
    else if (standing(head).depth > 0) put(tr, head, head.node.attrs["listed"] as string | null, nested - 1);
    else put(tr, head, head.kind ? "none" : null, 0);
  }
  return true;
}

/** One level deeper (1) or higher (-1); out of the list when there is none higher. */
function shift({ tr, dispatch }: CommandProps, by: 1 | -1): boolean {
  const heads = headsIn(tr).filter((head) => standing(head).kind);
  const [first] = heads;
  if (!first || (by > 0 && !mayGoDeeper(tr.doc, first))) return false;
  if (!dispatch) return true;
  for (const head of withInner(tr.doc, heads)) {
    const { kind, depth } = standing(head);
    if (!kind) continue;
    const nested = Number(head.node.attrs["nested"] ?? 0);
    if (by > 0 || depth > 0) put(tr, head, head.node.attrs["listed"] as string | null, nested + by);
    else put(tr, head, head.kind ? "none" : null, 0);
  }
  return true;
}

/** Below the item before it, of which there must be one. */
function mayGoDeeper(doc: Node, head: Head): boolean {
  const before = doc.resolve(head.position).nodeBefore;
  const above = head.kind ? null : before?.type.name === "paragraph" ? headAt(doc, head.position - before.nodeSize) : null;
  const limit = head.kind ? (head.index > 0 ? head.depth + 1 : head.depth) : before && isList(before) ? 1 : above ? standing(above).depth + 1 : 0;
  return standing(head).depth < limit;
}

/** Of the list in which the caret stands or is suggested to. */
export function listAt(editor: Editor): ListKind | null {
  const [head] = headsIn(editor.state);
  return head ? standing(head).kind : null;
}

/** Enter in an empty item: out of the list, or one level up. */
function leave(props: CommandProps): boolean {
  const { $from, empty } = props.tr.selection;
  if (!empty || $from.parent.content.size || $from.index(-1) > 0) return false;
  return shift(props, -1);
}

export interface SuggestedListsOptions {
  readonly isSuggesting: () => boolean;
}

export const SuggestedLists = Extension.create<SuggestedListsOptions>({
  name: "suggestedLists",
  // After the lists, whose commands these stand in for.
  priority: 10,
  addOptions: () => ({ isSuggesting: () => false }),
  addCommands() {
    const { isSuggesting } = this.options;
    return {
      toggleBulletList: () => (props) =>
        isSuggesting() ? toggle(props, "bullet") : core.toggleList("bulletList", "listItem")(props),
      toggleOrderedList: () => (props) =>
        isSuggesting() ? toggle(props, "ordered") : core.toggleList("orderedList", "listItem")(props),
      sinkListItem: (type) => (props) => (isSuggesting() ? shift(props, 1) : core.sinkListItem(type)(props)),
      liftListItem: (type) => (props) => (isSuggesting() ? shift(props, -1) : core.liftListItem(type)(props)),
      splitListItem: (type, attrs) => (props) =>
        (isSuggesting() && leave(props)) || core.splitListItem(type, attrs)(props),
    };
  },
});
