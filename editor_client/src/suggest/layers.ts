/**
 * Several suggestions about one look, each on top of the one before it: the same rules as
 * collab/content/layers.py. Each layer wishes some values to be otherwise; what is seen is
 * the base with all wishes in their order. Pure.
 */
import type { Suggested } from "../schema/suggestions";

/** true accepts, false rejects, null leaves it as it is. */
export type Decide = (suggested: Suggested) => boolean | null;
export type Values = Readonly<Record<string, unknown>>;

export interface Layer {
  readonly by: Suggested;
  readonly wishes: Values;
}

/** Lowest layer first. */
export interface Stack {
  readonly base: Values;
  readonly layers: readonly Layer[];
}

export const MAX_LAYERS = 16;

export function seen({ base, layers }: Stack): Values {
  return Object.assign({}, base, ...layers.map(({ wishes }) => wishes)) as Values;
}

/** What each layer found below it. */
export function befores({ base, layers }: Stack): Values[] {
  return layers.map((_, index) => seen({ base, layers: layers.slice(0, index) }));
}

/** `looks`: what each layer found below it, and last what is seen. */
export function stackOf(bys: readonly Suggested[], looks: readonly Values[]): Stack {
  const layers = bys.map((by, index) => {
    const [before, after] = [looks[index] ?? {}, looks[index + 1] ?? {}];
    return { by, wishes: Object.fromEntries(Object.entries(after).filter(([name, value]) => before[name] !== value)) };
  });
  return { base: looks[0] ?? {}, layers };
}

/** Null when nothing is decided. */
export function settle(stack: Stack, decide: Decide): Stack | null {
  const verdicts = stack.layers.map(({ by }) => decide(by));
  if (verdicts.every((verdict) => verdict === null)) return null;
  const base: Record<string, unknown> = { ...stack.base };
  const decided = new Set<string>();
  let kept: Layer[] = [];
  stack.layers.forEach((layer, index) => {
    const verdict = verdicts[index] ?? null;
    if (verdict === null) {
      kept.push(layer);
      return;
    }
    for (const name of Object.keys(layer.wishes)) decided.add(name);
    if (verdict) {
      Object.assign(base, layer.wishes);
      kept = kept.map((below) => without(below, (name) => name in layer.wishes));
    }
  });
  const look = { ...base };
  const left = kept.map((layer) => {
    const rest = without(layer, (name) => decided.has(name) && look[name] === layer.wishes[name]);
    Object.assign(look, rest.wishes);
    return rest;
  });
  // One that never said what it is about stays until it is decided itself.
  const empty = new Set(stack.layers.filter(({ wishes }) => isEmpty(wishes)).map(({ by }) => by));
  return { base, layers: left.filter(({ by, wishes }) => !isEmpty(wishes) || empty.has(by)) };
}

function without(layer: Layer, isIdle: (name: string) => boolean): Layer {
  const kept = Object.entries(layer.wishes).filter(([name]) => !isIdle(name));
  return kept.length === Object.keys(layer.wishes).length ? layer : { by: layer.by, wishes: Object.fromEntries(kept) };
}

function isEmpty(wishes: Values): boolean {
  return Object.keys(wishes).length === 0;
}
