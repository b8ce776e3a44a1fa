/** Bold, alignment, style and their kin as suggestions: changed, with what was before. */
import type { Mark, Node } from "@tiptap/pm/model";
import { isBy, isOwnGround } from "./author";
import { CELLS, attrsOf, blockStack, cellLookOf } from "./blockLook";
import type { Edit } from "./edit";
import { NotPossible } from "./edit";
import { ended, suggestedOn } from "./ended";
import type { Layer, Stack, Values } from "./layers";
import { seen } from "./layers";
import { appearance, claim, looksOn, marksOf, textStack } from "./textLook";

const LOOKS: Readonly<Record<string, readonly string[]>> = {
  paragraph: ["style", "align", "indent", "number", "listed", "nested"],
  image: ["alt", "width", "align"],
  tableCell: ["headed", "shape", "colwidth"],
  tableHeader: ["headed", "shape", "colwidth"],
};
/** Of one text or block; the reader takes some more, of people who write at once. */
const MOST_LAYERS = 8;

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly node: Node;
}

/** Add or take away one mark on a range of text. */
export function reformat(edit: Edit, from: number, to: number, mark: Mark, isAdded: boolean): void {
  const stretches: Stretch[] = [];
  edit.tr.doc.nodesBetween(from, to, (node, position) => {
    if (node.isText) stretches.push({ from: Math.max(from, position), to: Math.min(to, position + node.nodeSize), node });
    return true;
  });
  for (const stretch of stretches) reformatStretch(edit, stretch, mark, isAdded);
}

function reformatStretch(edit: Edit, { from, to, node }: Stretch, mark: Mark, isAdded: boolean): void {
  const { tr, author } = edit;
  const marks = isAdded ? mark.addToSet(node.marks) : mark.removeFromSet(node.marks);
  if (marks === node.marks) return;
  const isFree = isBy(suggestedOn(node.marks, "insertion"), author) || isOwnGround(tr.doc.resolve(from), author);
  if (isFree && !looksOn(node.marks).length) {
    if (isAdded) tr.addMark(from, to, mark);
    else tr.removeMark(from, to, mark);
    return;
  }
  const stack = withWishes(edit, textStack(node.marks), appearance(marks));
  const wanted = marksOf(stack, node.mark([...marks]));
  const formatting = edit.mark("formatting", {}).type;
  if (isAdded) tr.addMark(from, to, mark);
  else tr.removeMark(from, to, mark);
  for (const held of node.marks) if (held.type === formatting && !held.isInSet(wanted)) tr.removeMark(from, to, held);
  for (const each of wanted) if (each.type === formatting && !each.isInSet(node.marks)) tr.addMark(from, to, each);
}

/** The stack when this person wants the look to be `now`: in their own layer on top. */
function withWishes(edit: Edit, stack: Stack, now: Values): Stack {
  const top = stack.layers.at(-1);
  const isOwn = top !== undefined && isBy(top.by, edit.author);
  const below: Stack = isOwn ? { base: stack.base, layers: stack.layers.slice(0, -1) } : stack;
  const before = seen(below);
  const about = Object.keys(now).filter((name) => now[name] !== before[name]);
  if (!about.length) return below;
  if (!isOwn && stack.layers.length >= MOST_LAYERS) throw new NotPossible("busy");
  const by = isOwn ? top.by : edit.suggestion();
  const ranks = below.layers.map((layer) => Number((layer.by as { rank?: number }).rank ?? 0));
  const rank = ranks.length ? Math.max(...ranks) + 1 : 0;
  const wishes = Object.fromEntries(about.map((name) => [name, now[name]]));
  const own: Layer = { by: { ...by, ...("bold" in now ? { rank, ...claim(about, before) } : {}) }, wishes };
  return { base: below.base, layers: [...below.layers, own] };
}

/** Change one attribute of the block at a position. */
export function restyle(edit: Edit, position: number, name: string, value: unknown): void {
  const { tr, author } = edit;
  const node = tr.doc.nodeAt(position);
  if (!node) return;
  const isOwn = isBy(ended(node, "insertion"), author) || isOwnGround(tr.doc.resolve(position), author);
  if (isOwn && (node.type.name === "image" || !node.attrs["formatting"])) {
    edit.setAttrs(position, { [name]: value });
    return;
  }
  if (!LOOKS[node.type.name]?.includes(name)) throw new NotPossible("structure");
  if (CELLS.has(node.type.name)) {
    recell(edit, position, node, name, value);
    return;
  }
  edit.setAttrs(position, restyled(edit, node, { ...seen(blockStack(node)), [name]: value }));
}

/** What changes about a cell: several kinds, each decided by itself. */
const kindOf = (name: string) => name.replace(/\d+$/, "");

/**
 * A cell that is to become something. The widths of a table, and its header, are one
 * suggestion of a person however often they go on with it; each merge is one of its own.
 */
function recell(edit: Edit, position: number, node: Node, name: string, value: unknown): void {
  const stack = blockStack(node);
  const now = seen(stack);
  const wanted = name === "colwidth" ? cellLookOf({ colwidth: value }, Number(node.attrs["colspan"])) : { [name]: value };
  const kind = name === "colwidth" ? "width" : name;
  const names = Object.keys(wanted).filter((each) => kindOf(each) === kind && wanted[each] !== now[each]);
  if (!names.length) return;
  const isOfKind = ({ by, wishes }: Layer) =>
    isBy(by, edit.author) && Object.keys(wishes).length > 0 && Object.keys(wishes).every((each) => kindOf(each) === kind);
  const isFree = (index: number) => stack.layers.slice(index + 1).every(({ wishes }) => !names.some((each) => each in wishes));
  const own = stack.layers.findLastIndex((layer, index) => isOfKind(layer) && isFree(index));
  const held = stack.layers[own];
  const layers = [...stack.layers];
  if (held) {
    const below = seen({ base: stack.base, layers: layers.slice(0, own) });
    const all: Values = { ...held.wishes, ...Object.fromEntries(names.map((each) => [each, wanted[each]])) };
    const wishes = Object.fromEntries(Object.entries(all).filter(([each, wish]) => wish !== below[each]));
    layers.splice(own, 1, ...(Object.keys(wishes).length ? [{ by: held.by, wishes }] : []));
  } else {
    if (layers.length >= MOST_LAYERS) throw new NotPossible("busy");
    if (kind !== "shape") goOnInTable(edit, position, isOfKind);
    layers.push({ by: edit.suggestion(), wishes: Object.fromEntries(names.map((each) => [each, wanted[each]])) });
  }
  edit.setAttrs(position, attrsOf({ base: stack.base, layers }));
}

function goOnInTable(edit: Edit, position: number, isOfKind: (layer: Layer) => boolean): void {
  const table = edit.tr.doc.resolve(position).node(-1);
  for (const row of table.content.content) {
    for (const cell of row.content.content) {
      const found = cell.attrs["formatting"] ? blockStack(cell).layers.find(isOfKind) : undefined;
      if (found) {
        edit.goOnWith(found.by);
        return;
      }
    }
  }
}

/** The attributes of a block that is suggested to look so. */
export function restyled(edit: Edit, node: Node, look: Values): Record<string, unknown> {
  return attrsOf(withWishes(edit, blockStack(node), look));
}
