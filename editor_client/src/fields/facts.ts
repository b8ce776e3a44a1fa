/** The strip above the page: what is known of the document but not written in its text. */
import type { Translate, Word } from "../i18n";
import { h } from "../ui/dom";
import type { ChoiceSlot } from "./choices";
import { choiceSlot, URGENCY_WORDS } from "./choices";
import { dateField, writeShort } from "./dateField";
import type { DocumentType, Norm, ScalarField, Zeros } from "./names";
import { URGENCIES, normOf } from "./names";
import type { Scalars } from "./scalars";

export interface Facts {
  readonly element: HTMLElement;
  readonly choices: readonly ChoiceSlot[];
  setWritable(isWritable: boolean): void;
  destroy(): void;
}

/** By norm: the types that may be chosen, and below which numbers a zero is written. */
export interface Law {
  readonly types: Readonly<Record<Norm, readonly DocumentType[]>>;
  readonly zeros: Readonly<Record<Norm, readonly Zeros[]>>;
}

export function facts(scalars: Scalars, law: Law, t: Translate): Facts {
  const norm = () => normOf(scalars.get("rule_kind"));
  const choice = (name: ScalarField, label: Word, offered: () => readonly (readonly [string, string])[]) => {
    const select = h("select", { onchange: () => scalars.set(name, select.value) });
    const stop = scalars.watch([name, "rule_kind"], () => {
      const options = offered();
      const value = scalars.get(name) || (options[0]?.[0] ?? "");
      const known = options.some(([code]) => code === value) ? options : [...options, [value, value] as const];
      select.replaceChildren(...known.map(([code, text]) => h("option", { value: code }, text)));
      select.value = value;
      select.dataset["value"] = value;
    });
    return { input: select, stop, element: h("label", { class: "ed-fact" }, h("span", {}, t(label)), select) };
  };
  const type = choice("document_type", "documentType", () => law.types[norm()]);
  const urgency = choice("urgency", "urgency", () => URGENCIES.map((code) => [code, t(URGENCY_WORDS[code])] as const));

  const deadline = dateField(scalars, {
    name: "deadline",
    label: t("deadline"),
    write: (iso) => writeShort(iso, law.zeros[norm()]),
    empty: t("deadlineNone"),
  });
  const dated = h("span", { class: "ed-fact ed-fact-dated" }, h("span", {}, t("deadline")), deadline.element);
  const choices = [choiceSlot("document_type", type.element), choiceSlot("urgency", urgency.element), choiceSlot("deadline", dated)];
  return {
    element: h(
      "div",
      { class: "ed-facts", role: "group", "aria-label": t("facts") },
      ...choices.map(({ element }) => element),
    ),
    choices,
    setWritable(isWritable) {
      type.input.disabled = urgency.input.disabled = !isWritable;
      deadline.setWritable(isWritable);
    },
    destroy() {
      type.stop();
      urgency.stop();
      deadline.destroy();
    },
  };
}
