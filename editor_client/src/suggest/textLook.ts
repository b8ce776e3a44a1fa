/** What is suggested about the look of a text: its marks, and what each layer is about. */
import type { Mark, MarkType, Node } from "@tiptap/pm/model";
import type { Reformatted } from "../schema/suggestions";
import type { Decide, Stack, Values } from "./layers";
import { MAX_LAYERS, befores, seen, settle } from "./layers";

export const FORMAT_MARKS = ["bold", "italic", "strike", "subscript", "superscript", "underline"] as const;
const NAMES: readonly string[] = [...FORMAT_MARKS, "link"];

function isLook({ type: { name } }: Mark): boolean {
  return NAMES.includes(name);
}

export function appearance(marks: readonly Mark[]): Values {
  const held = new Set(marks.map(({ type }) => type.name));
  const href = marks.find(({ type }) => type.name === "link")?.attrs["href"] as unknown;
  return {
    ...Object.fromEntries(FORMAT_MARKS.map((name) => [name, held.has(name)])),
    link: typeof href === "string" && href ? href : null,
  };
}

/** All suggestions of the look of a text, lowest first: two peers must take them alike. */
export function looksOn(marks: readonly Mark[]): readonly Reformatted[] {
  const found = marks.filter(({ type }) => type.name === "formatting").map(({ attrs }) => attrs as Reformatted);
  if (found.length < 2) return found;
  const unlike = found.filter((one, index) => found.findIndex((other) => isSame(one, other)) === index);
  return unlike.sort(inOrder).slice(0, MAX_LAYERS);
}

function keyOf({ rank, at, author, id, about, before, href }: Reformatted): readonly (string | number)[] {
  const row = (names: string | null | undefined) => words(names).sort().join(" ");
  return [Number(rank) || 0, at, author, id, row(about), row(before), href ?? ""];
}

function inOrder(one: Reformatted, other: Reformatted): number {
  const [left, right] = [keyOf(one), keyOf(other)];
  for (const [index, value] of left.entries()) {
    const against = right[index] ?? "";
    if (value !== against) return value < against ? -1 : 1;
  }
  return 0;
}

function isSame(one: Reformatted, other: Reformatted): boolean {
  return inOrder(one, other) === 0 && (one.about === null) === (other.about === null);
}

function words(names: string | null | undefined): string[] {
  return String(names ?? "").split(" ").filter((name) => NAMES.includes(name));
}

export function textStack(marks: readonly Mark[]): Stack {
  const layers = looksOn(marks);
  const current = appearance(marks);
  let look = current;
  const parts: { about: readonly string[]; link: unknown }[] = [];
  for (const by of [...layers].reverse()) {
    const before = beforeOf(by);
    const about = typeof by.about === "string" ? words(by.about) : NAMES.filter((name) => before[name] !== look[name]);
    parts.unshift({ about, link: look["link"] });
    look = { ...look, ...Object.fromEntries(about.map((name) => [name, before[name]])) };
  }
  // What is seen is as the last one about it wants it; the others' wish is the opposite
  // of what they found.
  const last = (name: string, index: number) => parts.findLastIndex(({ about }) => about.includes(name)) === index;
  return {
    base: look,
    layers: layers.map((by, index) => {
      const { about, link } = parts[index] ?? { about: [], link: null };
      const wish = (name: string) =>
        last(name, index) ? current[name] : name === "link" ? link : !beforeOf(by)[name];
      return { by, wishes: Object.fromEntries(about.map((name) => [name, wish(name)])) };
    }),
  };
}

function beforeOf({ before, href }: Reformatted): Values {
  const held = new Set(words(before));
  return { ...Object.fromEntries(FORMAT_MARKS.map((name) => [name, held.has(name)])), link: href || null };
}

/** The marks that say what a stack says; those of suggestions that stay as they are stay. */
export function marksOf(stack: Stack, node: Node): readonly Mark[] {
  const { marks: types } = node.type.schema;
  const look = seen(stack);
  let set: readonly Mark[] = node.marks.filter((mark) => {
    if (mark.type.name === "formatting") return false;
    return !isLook(mark) || (mark.type.name === "link" ? mark.attrs["href"] === look["link"] : look[mark.type.name] === true);
  });
  for (const name of FORMAT_MARKS) if (look[name] === true) set = types[name]?.create().addToSet(set) ?? set;
  const { link, formatting } = types;
  if (link && look["link"] && !link.isInSet(set)) set = link.create({ href: look["link"] }).addToSet(set);
  if (!formatting) return set;
  const found = befores(stack);
  stack.layers.forEach(({ by, wishes }, index) => {
    const held = { ...(by as Reformatted), rank: index };
    set = layerMark(formatting, held, Object.keys(wishes), found[index] ?? {}).addToSet(set);
  });
  return set;
}

function layerMark(type: MarkType, by: Reformatted, about: readonly string[], before: Values): Mark {
  const held = beforeOf(by);
  const said = words(by.about);
  const names = typeof by.about === "string" ? about : NAMES;
  const isSaid = typeof by.about !== "string" || (said.length === about.length && about.every((name) => said.includes(name)));
  if (isSaid && names.every((name) => held[name] === before[name])) return type.create({ ...by });
  return type.create({ ...by, ...claim(about, before) });
}

/** How a suggestion about these names is written down, with what it found. */
export function claim(about: readonly string[], before: Values): { about: string; before: string; href: string | null } {
  const marks = FORMAT_MARKS.filter((name) => about.includes(name) && before[name] === true);
  const href = about.includes("link") ? before["link"] : null;
  return { about: [...about].sort().join(" "), before: marks.join(" "), href: typeof href === "string" ? href : null };
}

/** Null when nothing is decided; else the marks of the text after that. */
export function settleText(node: Node, decide: Decide): readonly Mark[] | null {
  if (!node.marks.some(({ type }) => type.name === "formatting")) return null;
  const settled = settle(textStack(node.marks), decide);
  return settled && marksOf(settled, node);
}
