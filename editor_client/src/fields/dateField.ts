/** The date on the page: "ngày 05 tháng 7 năm 2017" with a calendar behind it. */
import type { Translate } from "../i18n";
import { h } from "../ui/dom";
import { dateParts } from "./names";
import type { Scalars } from "./scalars";

export interface DateField {
  readonly element: HTMLElement;
  setWritable(isWritable: boolean): void;
  destroy(): void;
}

export function dateField(scalars: Scalars, t: Translate): DateField {
  const words = h("span", { class: "ed-date-words", "aria-hidden": "true" });
  const input = h("input", {
    type: "date",
    class: "ed-date-input",
    "aria-label": t("date"),
    title: t("date"),
    onclick: () => {
      if (!input.disabled) openCalendar(input);
    },
    onchange: () => {
      scalars.set("date", input.value);
    },
  });
  const stop = scalars.watch(["date"], () => {
    const iso = scalars.get("date");
    const parts = dateParts(iso);
    input.value = iso;
    words.classList.toggle("is-empty", !parts);
    words.textContent = parts
      ? `ngày ${parts.day} tháng ${parts.month} năm ${parts.year}`
      : "ngày      tháng      năm         ";
  });
  return {
    element: h("span", { class: "ed-date" }, words, input),
    setWritable(isWritable) {
      input.disabled = !isWritable;
    },
    destroy: stop,
  };
}

/** Open the browser's calendar; where it has none the field itself is typed in. */
export function openCalendar(input: HTMLInputElement): void {
  try {
    input.showPicker();
  } catch {
    input.focus();
  }
}
