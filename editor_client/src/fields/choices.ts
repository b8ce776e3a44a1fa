/**
 * Fields of the letterhead that are chosen, not written: what they say, in which words,
 * and where on the page each stands. Must never write a value.
 */
import type { Map as YMap } from "yjs";
import type { Boot } from "../collab/types";
import type { Translate, Word } from "../i18n";
import { h } from "../ui/dom";
import { writeOut, writeShort } from "./dateField";
import type { Urgency } from "./names";
import { normOf } from "./names";

export const URGENCY_WORDS: Record<Urgency, Word> = {
  normal: "urgencyNormal",
  urgent: "urgencyUrgent",
  very_urgent: "urgencyVeryUrgent",
  flash: "urgencyFlash",
};

/** In the order in which the page shows them; the server knows the same (tree.py). */
export const CHOICES = ["document_type", "urgency", "deadline", "number", "date"] as const;
export type Choice = (typeof CHOICES)[number];

export const isChoice = (part: string): part is Choice => (CHOICES as readonly string[]).includes(part);

/** Where a choice stands on the page. */
export interface ChoiceSlot {
  readonly name: Choice;
  readonly element: HTMLElement;
}

export function choiceSlot(name: Choice, ...shown: readonly HTMLElement[]): ChoiceSlot {
  return { name, element: h("span", { class: "ed-choice", "data-choice": name }, ...shown) };
}

/** What is chosen, as the server takes it; "" for nothing, and for what is no value. */
export function choiceOf(fields: YMap<unknown>, part: Choice): string {
  const value = fields.get(part);
  const said = typeof value === "string" ? value : "";
  if (part === "urgency") return Object.hasOwn(URGENCY_WORDS, said) ? said : "normal";
  if (part === "date" || part === "deadline") return isDay(said) ? said : "";
  return /^[\p{L}\p{N}_./-]{0,40}$/u.test(said) ? said : "";
}

function isDay(iso: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(iso)) return false;
  const day = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(iso);
}

/** A value in the words of the page; "" for nothing. */
export function choiceWords(
  part: Choice,
  value: string,
  law: Pick<Boot, "types" | "zeros">,
  ruleKind: string,
  t: Translate,
): string {
  const norm = normOf(ruleKind);
  const zeros = law.zeros[norm];
  if (part === "date") return writeOut(value, zeros) ?? "";
  if (part === "deadline") return writeShort(value, zeros) ?? "";
  if (part === "urgency") return Object.hasOwn(URGENCY_WORDS, value) ? t(URGENCY_WORDS[value as Urgency]) : value;
  if (part === "document_type") return law.types[norm].find(([code]) => code === value)?.[1] ?? value;
  return value;
}
