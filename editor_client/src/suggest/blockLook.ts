/** What is suggested about the look of a paragraph, image or cell: layers in one attribute. */
import type { Attrs, Node } from "@tiptap/pm/model";
import type { Layered, Look } from "../schema/suggestions";
import type { Decide, Stack, Values } from "./layers";
import { MAX_LAYERS, befores, seen, settle, stackOf } from "./layers";

/** Only what a look is made of: other programs may write anything. */
export function lookOf(attrs: Attrs): Look {
  const { style, align, indent, number, listed, nested } = attrs as Partial<Look>;
  return {
    style: style ?? "body",
    align: align ?? null,
    indent: indent ?? 0,
    number: number ?? null,
    listed: listed ?? null,
    nested: nested ?? 0,
  };
}

export function sameLook(one: Look, other: Look): boolean {
  const names = ["style", "align", "indent", "number", "listed", "nested"] as const;
  return names.every((name) => one[name] === other[name]);
}

export function pictureOf(attrs: Attrs): Values {
  const { alt, width, align } = attrs as Record<string, unknown>;
  return { alt: alt ?? "", width: width ?? null, align: align ?? "center" };
}

/** The look as it is written down: what says nothing about lists does not name them. */
export function written(look: Values): Values {
  const { listed, nested, ...plain } = look;
  return listed || nested ? look : plain;
}

export const CELLS: ReadonlySet<string> = new Set(["tableCell", "tableHeader"]);

/** Of a cell; 0 = a column's width is not set. */
export function cellLookOf(attrs: Attrs | null, columns: number): Values {
  const { headed, shape, colwidth } = (attrs ?? {}) as Record<string, unknown>;
  const widths: readonly unknown[] = Array.isArray(colwidth) ? colwidth : [];
  const look: Record<string, unknown> = { headed: headed ?? null, shape: shape ?? null };
  for (let column = 0; column < columns; column += 1) look[`width${column}`] = Number(widths[column]) || 0;
  return look;
}

/** The look of a cell as its attributes say it. */
function cellAttrsOf(look: Values): Record<string, unknown> {
  const columns = Object.keys(look).filter((name) => name.startsWith("width")).length;
  const widths = Array.from({ length: columns }, (_, column) => look[`width${column}`]);
  return { headed: look["headed"], shape: look["shape"], colwidth: widths.some(Boolean) ? widths : null };
}

function spoken(look: Values): Values {
  return "headed" in look ? cellAttrsOf(look) : look;
}

function valuesOf(node: Node, attrs: Attrs): Values {
  if (CELLS.has(node.type.name)) return cellLookOf(attrs, Number(node.attrs["colspan"]));
  return node.type.name === "image" ? pictureOf(attrs) : { ...lookOf(attrs) };
}

/** Lowest first; the value of the attribute holds each in the one above it. */
export function layersOf(value: unknown): readonly Layered[] {
  const found: Layered[] = [];
  let here = value as Layered | null | undefined;
  while (here && typeof here.before === "object" && found.length < MAX_LAYERS) {
    found.unshift(here);
    here = here.under;
  }
  return found;
}

export function blockStack(node: Node): Stack {
  const layers = layersOf(node.attrs["formatting"]);
  return stackOf(layers, [...layers.map(({ before }) => valuesOf(node, before as Attrs)), valuesOf(node, node.attrs)]);
}

/** The attributes that say what a stack says. */
export function attrsOf(stack: Stack): Record<string, unknown> {
  const found = befores(stack);
  let formatting: Layered | null = null;
  stack.layers.forEach(({ by: { id, author, at } }, index) => {
    const before = written(spoken(found[index] ?? {}));
    formatting = { id, author, at, before, ...(formatting ? { under: formatting } : {}) } as Layered;
  });
  return { ...spoken(seen(stack)), formatting };
}

/** Null when nothing is decided. */
export function settleBlock(node: Node, decide: Decide): Record<string, unknown> | null {
  if (!node.attrs["formatting"]) return null;
  const settled = settle(blockStack(node), decide);
  return settled && attrsOf(settled);
}
