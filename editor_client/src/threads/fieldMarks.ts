/**
 * Small marks at the fields of the letterhead that have open threads; and at those that
 * are chosen, where no words can be selected, the button that begins one.
 */
import type { Choice, ChoiceSlot } from "../fields/choices";
import type { FieldSlot } from "../fields/slot";
import type { Translate } from "../i18n";
import { h } from "../ui/dom";
import { fieldWord } from "../ui/fieldWords";
import { icon } from "../ui/icons";
import type { Thread } from "./types";

export interface FieldMarks {
  draw(threads: Iterable<Thread>, active: string | null, mayComment: boolean): void;
}

export interface FieldMarksParts {
  readonly slots: readonly FieldSlot[];
  readonly choices: readonly ChoiceSlot[];
  readonly t: Translate;
  readonly open: (id: string) => void;
  readonly begin: (part: Choice) => void;
}

export function createFieldMarks({ slots, choices, t, open, begin }: FieldMarksParts): FieldMarks {
  const markAt = (name: string, element: HTMLElement, holder: HTMLElement) => {
    const count = h("span", {});
    let first: string | null = null;
    const button = h(
      "button",
      { type: "button", class: "ed-field-mark", hidden: true, "data-mark": name, onclick: () => first && open(first) },
      icon("message"),
      count,
    );
    holder.append(button);
    return {
      draw(threads: readonly Thread[], active: string | null) {
        first = threads[0]?.id ?? null;
        button.hidden = threads.length === 0;
        element.classList.toggle("has-threads", threads.length > 0);
        button.classList.toggle("is-active", threads.some(({ id }) => id === active));
        count.textContent = String(threads.length);
        const label = t("threadFieldMark", { n: threads.length, field: t(fieldWord(name)) });
        button.title = label;
        button.setAttribute("aria-label", label);
      },
      name,
    };
  };
  const adds: HTMLElement[] = [];
  const atChoice = ({ name, element }: ChoiceSlot) => {
    const label = t("threadOnField", { field: t(fieldWord(name)) });
    const add = h(
      "button",
      { type: "button", class: "ed-choice-add", title: label, "aria-label": label, onclick: () => begin(name) },
      icon("messagePlus"),
    );
    const holder = h("span", { class: "ed-choice-marks" });
    element.append(holder);
    const mark = markAt(name, element, holder);
    holder.append(add);
    adds.push(add);
    return mark;
  };
  const marks = [...slots.map(({ name, element }) => markAt(name, element, element)), ...choices.map(atChoice)];
  return {
    draw(threads, active, mayComment) {
      const open = [...threads].filter(({ state, anchor }) => state === "open" && anchor.part !== "body");
      for (const mark of marks) mark.draw(open.filter(({ anchor }) => anchor.part === mark.name), active);
      for (const add of adds) add.hidden = !mayComment;
    },
  };
}
