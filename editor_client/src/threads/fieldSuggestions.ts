/**
 * Open suggestions at their fields: what goes and comes, whose, since when.
 *
 * A click opens the thread; whoever may decide does so here, too, unless the field says
 * something else by now, which is seen in the thread. Must never change a field.
 */
import { safeColour } from "../extensions/carets";
import type { FieldSlot } from "../fields/slot";
import type { Translate } from "../i18n";
import { h } from "../ui/dom";
import { fieldWord } from "../ui/fieldWords";
import { icon } from "../ui/icons";
import { shortTime } from "./text";
import type { Thread } from "./types";
import { drawDiff } from "./fieldSuggestion";
import { standingOf, waitingOf } from "./wording";

/** More are read in the panel. */
const MOST_SHOWN = 2;

export interface FieldSuggestions {
  draw(threads: Iterable<Thread>): void;
}

export interface FieldSuggestionsParts {
  readonly slots: readonly FieldSlot[];
  readonly t: Translate;
  readonly now: (part: string) => string;
  readonly mayWrite: () => boolean;
  readonly open: (id: string) => void;
  readonly decide: (thread: Thread, act: "accept" | "reject") => void;
}

export function createFieldSuggestions({ slots, t, now, mayWrite, open, decide }: FieldSuggestionsParts): FieldSuggestions {
  const places = slots.map(({ name, element }) => {
    const list = h("div", { class: "ed-field-suggestions", "data-field-suggestions": name, hidden: true });
    // Within a line there is no room: there it stands below the whole line.
    const isInline = element.classList.contains("ed-grow-inline");
    list.classList.toggle("is-below", isInline);
    element.append(list);
    return { name, element, list, isInline, sign: "" };
  });
  const one = (thread: Thread, name: string): HTMLElement | null => {
    const suggested = waitingOf(thread);
    if (!suggested) return null;
    const isChanged = standingOf(suggested, name, now(name)) === "changed";
    const label = t("fsAtField", { name: thread.author.name, field: t(fieldWord(name)) });
    const button = (act: "accept" | "reject", word: "sgAccept" | "sgReject") =>
      h(
        "button",
        {
          type: "button",
          class: "ed-field-decide",
          "data-decide": act,
          title: t(word),
          "aria-label": `${t(word)}: ${label}`,
          onclick: () => decide(thread, act),
        },
        icon(act === "accept" ? "check" : "close"),
      );
    const mayDecide = !isChanged && mayWrite() && thread.may.includes("decide");
    const element = h(
      "div",
      { class: "ed-field-suggestion", "data-field-suggestion": thread.id },
      h(
        "button",
        { type: "button", class: "ed-field-suggestion-words", lang: "vi", title: label, onclick: () => open(thread.id) },
        ...drawDiff(isChanged ? "" : suggested.old, suggested.new, t),
        h("span", { class: "ed-field-suggestion-by" }, `${thread.author.name}, ${shortTime(thread.created_at)}`),
      ),
      mayDecide && button("accept", "sgAccept"),
      mayDecide && button("reject", "sgReject"),
    );
    element.style.setProperty("--sg", safeColour(thread.author.colour));
    return element;
  };
  return {
    draw(threads) {
      const waiting = [...threads].filter((thread) => waitingOf(thread));
      for (const place of places) {
        const here = waiting.filter(({ anchor }) => anchor.part === place.name);
        const said = here.length ? now(place.name) : "";
        const sign = here.map(({ id, revision }) => `${id}${String(revision)}`).join() + String(mayWrite()) + said;
        if (sign === place.sign || (!here.length && place.list.hidden)) continue;
        place.sign = sign;
        if (place.isInline) place.element.parentElement?.append(place.list);
        place.list.hidden = here.length === 0;
        place.element.classList.toggle("has-field-suggestions", here.length > 0);
        const rest = here.length - MOST_SHOWN;
        const first = here[0];
        place.list.replaceChildren(
          ...here.slice(0, MOST_SHOWN).flatMap((thread) => one(thread, place.name) ?? []),
          ...(rest > 0 && first
            ? [h("button", { type: "button", class: "ed-field-suggestion-more", onclick: () => open(first.id) }, t("fsMore", { n: rest }))]
            : []),
        );
      }
    },
  };
}
