/** A date shown in words, with the browser's calendar behind it. */
import { h } from "../ui/dom";
import type { Zeros } from "./names";
import { dateParts } from "./names";
import type { Scalars } from "./scalars";

export interface DateField {
  readonly element: HTMLElement;
  setWritable(isWritable: boolean): void;
  destroy(): void;
}

export interface DateFieldOptions {
  readonly name: "date" | "deadline";
  readonly label: string;
  /** What stands on the page for a date, and for none. */
  readonly write: (iso: string) => string | null;
  readonly empty: string;
}

/** "ngày 05 tháng 7 năm 2017", as it is printed. */
export function writeOut(iso: string, zeros: readonly Zeros[]): string | null {
  const parts = dateParts(iso, zeros);
  return parts && `ngày ${parts.day} tháng ${parts.month} năm ${parts.year}`;
}

/** "05/7/2017" is how dates are written in running text and lists. */
export function writeShort(iso: string, zeros: readonly Zeros[]): string | null {
  const parts = dateParts(iso, zeros);
  return parts && `${parts.day}/${parts.month}/${parts.year}`;
}

export function dateField(scalars: Scalars, options: DateFieldOptions): DateField {
  const words = h("span", { class: "ed-date-words", "aria-hidden": "true" });
  const input = h("input", {
    type: "date",
    class: "ed-date-input",
    "data-place": options.name,
    "aria-label": options.label,
    title: options.label,
    onclick: () => {
      if (!input.disabled) openCalendar(input);
    },
    onchange: () => {
      scalars.set(options.name, input.value);
    },
  });
  const stop = scalars.watch([options.name, "rule_kind"], () => {
    const iso = scalars.get(options.name);
    const text = options.write(iso);
    input.value = iso;
    words.classList.toggle("is-empty", text === null);
    words.textContent = text ?? options.empty;
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
