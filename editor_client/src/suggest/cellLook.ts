/**
 * What is suggested about a cell: a header, its widths, one with others, or several. The
 * same rules as collab/content/cell_looks.py: each column that the cell spans has a width
 * of its own, so that suggestions about two columns under one cell stand side by side.
 */
import type { Attrs, Node } from "@tiptap/pm/model";
import { attrsOf, blockStack, layersOf } from "./blockLook";
import type { Layer, Stack, Values } from "./layers";
import { MAX_LAYERS } from "./layers";

export const SPLIT = "split";
export const MERGE = "merge-";
const OWN = { headed: "headed", shape: "shape" };

type Names = Readonly<Record<string, string>>;

/** A cell and one of its columns, counted from its first. */
export interface Source {
  readonly cell: Node;
  readonly column: number;
}

/** Whether somebody suggests something else about it. */
export function isOpen(cell: Node, name: "headed" | "shape"): boolean {
  const here: unknown = cell.attrs[name] ?? null;
  return layersOf(cell.attrs["formatting"]).some(({ before }) => ((before as Values)[name] ?? null) !== here);
}

/** It is done: nothing says it any more. */
export function without(cell: Node, name: "headed" | "shape"): Node {
  let formatting: object | null = null;
  for (const { id, author, at, before } of layersOf(cell.attrs["formatting"])) {
    formatting = { id, author, at, before: { ...before, [name]: null }, ...(formatting ? { under: formatting } : {}) };
  }
  return withAttrs(cell, { [name]: null, formatting });
}

/** With what it says of these of its columns. */
export function narrowed(cell: Node, columns: readonly number[]): Node {
  const names = Object.fromEntries(columns.map((old, made) => [`width${old}`, `width${made}`]));
  return withAttrs(cell, { ...attrsOf(renamed(blockStack(cell), { ...names, ...OWN })), colspan: columns.length });
}

/** One cell of several: the first, with the widths of its columns, each from its source. */
export function joined(first: Node, sources: readonly (Source | null)[]): Node {
  const base: Record<string, unknown> = Object.fromEntries(sources.map((_, made) => [`width${made}`, 0]));
  let layers: readonly Layer[] = [];
  const parts: [Node, Names][] = [[first, OWN]];
  sources.forEach((source, made) => {
    if (source) parts.push([source.cell, { [`width${source.column}`]: `width${made}` }]);
  });
  for (const [cell, names] of parts) {
    const part = renamed(blockStack(cell), names);
    Object.assign(base, part.base);
    layers = woven(layers, part.layers);
  }
  return withAttrs(first, { ...attrsOf({ base, layers: layers.slice(0, MAX_LAYERS) }), colspan: sources.length });
}

/** Those of one suggestion become one, wherever their order allows it. */
function woven(layers: readonly Layer[], more: readonly Layer[]): readonly Layer[] {
  const made = [...layers];
  let place = 0;
  for (const layer of more) {
    const index = made.findIndex(({ by }, at) => at >= place && by.author === layer.by.author && by.id === layer.by.id);
    const held = made[index];
    if (held) made[index] = { by: held.by, wishes: { ...held.wishes, ...layer.wishes } };
    else made.push(layer);
    place = held ? index + 1 : made.length;
  }
  return made;
}

/** What it says of these alone; a layer of which nothing is left goes. */
function renamed(stack: Stack, names: Names): Stack {
  const kept = (look: Values): Values =>
    Object.fromEntries(Object.entries(look).flatMap(([name, value]) => (names[name] ? [[names[name], value]] : [])));
  const layers = stack.layers.map(({ by, wishes }) => ({ by, wishes: kept(wishes) }));
  return { base: kept(stack.base), layers: layers.filter(({ wishes }) => Object.keys(wishes).length > 0) };
}

/** Whether it says how wide its column is, or somebody suggests it there. */
export function tells({ cell, column }: Source): boolean {
  const { base, layers } = blockStack(cell);
  const name = `width${column}`;
  return Boolean(base[name]) || layers.some(({ wishes }) => Boolean(wishes[name]));
}

/**
 * The suggestions about a cell that spans other columns now, as the editor's commands say
 * it by its widths: what was said of a column goes with it.
 */
export function respanned(cell: Node, now: Attrs): unknown {
  const [before, after] = [Number(cell.attrs["colspan"]), Number(now["colspan"])];
  const layers = layersOf(cell.attrs["formatting"]);
  if (before === after || !layers.length) return cell.attrs["formatting"];
  const [old, made] = [listOf(cell.attrs["colwidth"]), listOf(now["colwidth"])];
  const differs = Array.from({ length: Math.min(before, after) }, (_, index) => index).find((index) => old[index] !== made[index]);
  const at = old.length ? (differs ?? Math.min(before, after)) : Math.min(before, after);
  let formatting: object | null = null;
  for (const { id, author, at: time, before: look } of layers) {
    const held = Array.from({ length: before }, (_, index) => listOf((look as Values)["colwidth"])[index] ?? 0);
    held.splice(at, Math.max(0, before - after), ...new Array<number>(Math.max(0, after - before)).fill(0));
    const said = { ...look, colwidth: held.some(Boolean) ? held : null };
    formatting = { id, author, at: time, before: said, ...(formatting ? { under: formatting } : {}) };
  }
  return formatting;
}

function listOf(value: unknown): readonly number[] {
  return Array.isArray(value) ? (value as number[]) : [];
}

export function withAttrs(node: Node, attrs: Attrs): Node {
  return node.type.create({ ...node.attrs, ...attrs }, node.content, node.marks);
}
