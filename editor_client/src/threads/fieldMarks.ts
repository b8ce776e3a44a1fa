/** Small marks at the fields of the letterhead that have open threads. */
import type { FieldSlot } from "../fields/slot";
import type { Translate } from "../i18n";
import { h } from "../ui/dom";
import { fieldWord } from "../ui/fieldWords";
import { icon } from "../ui/icons";
import type { Thread } from "./types";

export interface FieldMarks {
  draw(threads: Iterable<Thread>, active: string | null): void;
}

export function createFieldMarks(slots: readonly FieldSlot[], t: Translate, open: (id: string) => void): FieldMarks {
  const marks = slots.map(({ name, element }) => {
    const count = h("span", {});
    let first: string | null = null;
    const button = h(
      "button",
      { type: "button", class: "ed-field-mark", hidden: true, "data-mark": name, onclick: () => first && open(first) },
      icon("message"),
      count,
    );
    element.append(button);
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
  });
  return {
    draw(threads, active) {
      const open = [...threads].filter(({ state, anchor }) => state === "open" && anchor.part !== "body");
      for (const mark of marks) mark.draw(open.filter(({ anchor }) => anchor.part === mark.name), active);
    },
  };
}
