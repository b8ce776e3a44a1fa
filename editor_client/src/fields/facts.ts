/** The strip above the page: what is known of the document but not written in its text. */
import type { Translate, Word } from "../i18n";
import { h } from "../ui/dom";
import type { ScalarField, Urgency } from "./names";
import { DOCUMENT_TYPES, URGENCIES } from "./names";
import type { Scalars } from "./scalars";

const URGENCY_WORDS: Record<Urgency, Word> = {
  normal: "urgencyNormal",
  urgent: "urgencyUrgent",
  very_urgent: "urgencyVeryUrgent",
  flash: "urgencyFlash",
};

export interface Facts {
  readonly element: HTMLElement;
  setWritable(isWritable: boolean): void;
  destroy(): void;
}

export function facts(scalars: Scalars, t: Translate): Facts {
  const choice = (name: ScalarField, label: Word, options: readonly (readonly [string, string])[]) => {
    const select = h("select", { onchange: () => scalars.set(name, select.value) });
    const stop = scalars.watch([name], () => {
      const value = scalars.get(name) || (options[0]?.[0] ?? "");
      const known = options.some(([code]) => code === value) ? options : [...options, [value, value] as const];
      select.replaceChildren(...known.map(([code, text]) => h("option", { value: code }, text)));
      select.value = value;
      select.dataset["value"] = value;
    });
    return { input: select, stop, element: h("label", { class: "ed-fact" }, h("span", {}, t(label)), select) };
  };
  const type = choice("document_type", "documentType", DOCUMENT_TYPES);
  const urgency = choice("urgency", "urgency", URGENCIES.map((code) => [code, t(URGENCY_WORDS[code])] as const));

  const deadline = h("input", {
    type: "date",
    onchange: () => scalars.set("deadline", deadline.value),
  });
  const stopDeadline = scalars.watch(["deadline"], () => {
    deadline.value = scalars.get("deadline");
    deadline.classList.toggle("is-empty", deadline.value === "");
  });
  const inputs = [type.input, urgency.input, deadline];
  return {
    element: h(
      "div",
      { class: "ed-facts", role: "group", "aria-label": t("facts") },
      type.element,
      urgency.element,
      h("label", { class: "ed-fact" }, h("span", {}, t("deadline")), deadline),
    ),
    setWritable(isWritable) {
      for (const input of inputs) input.disabled = !isWritable;
    },
    destroy() {
      type.stop();
      urgency.stop();
      stopDeadline();
    },
  };
}
