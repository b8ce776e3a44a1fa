/**
 * The threads beside the page, in the order of the document, and the box for a new one.
 *
 * Draws what it is given; what is chosen and sent is decided in index.ts. Must never lose
 * the caret of somebody who types in it while others comment.
 */
import { h, shortcutText } from "../ui/dom";
import { iconButton } from "../ui/toolButton";
import type { Card, CardParts } from "./card";
import { createCard } from "./card";
import type { Composer } from "./composer";
import type { Filter, Shelf } from "./filter";
import { filtered, isOn, unitsOf } from "./filter";
import { arrange } from "./keyed";
import type { Place } from "./places";
import type { LoadState } from "./store";
import type { Anchor, Thread } from "./types";

export const NEW_KEYS = "Mod-Alt-M";
const SHELVES = { open: "threadFilterOpen", mine: "threadFilterMine", resolved: "threadFilterResolved" } as const;

export interface PanelParts extends CardParts {
  readonly onNew: () => void;
  /** Another shelf is looked at: no thread is the active one. */
  readonly onLeave: () => void;
  readonly onClose: () => void;
}

export interface Shown {
  readonly threads: ReadonlyMap<string, Thread>;
  readonly places: ReadonlyMap<string, Place>;
  readonly active: string | null;
  readonly state: LoadState;
  readonly mayComment: boolean;
}

export interface Panel {
  readonly element: HTMLElement;
  draw(shown: Shown): void;
  /** Show the shelf on which this thread is. */
  reveal(thread: Thread): void;
  scrollTo(id: string): void;
  /** Put the focus on the quote of this thread; without one, on the shelf. */
  focus(id: string | null): void;
  /** Whether the focus is in the card of this thread. */
  holdsFocus(id: string): boolean;
  /** Tell it to those who hear the page; nothing is shown. */
  say(words: string): void;
  /** Ids of the shown threads, in their order. */
  order(): readonly string[];
  /** Open the box for a new thread on these words, or put it away. */
  compose(anchor: Anchor | null, box: Composer | null): void;
}

export function createPanel(parts: PanelParts): Panel {
  const { t, userId } = parts;
  let filter: Filter = { shelf: "open", unit: "" };
  let last: Shown | null = null;
  let order: readonly string[] = [];
  const cards = new Map<string, Card>();

  const shelves = (Object.keys(SHELVES) as Shelf[]).map((shelf) => {
    const count = h("span", { class: "ed-shelf-count" });
    const button = h(
      "button",
      {
        type: "button",
        "data-shelf": shelf,
        onclick: () => {
          parts.onLeave();
          turn({ ...filter, shelf });
        },
      },
      t(SHELVES[shelf]),
      count,
    );
    return { shelf, button, count };
  });
  const unit = h("select", {
    class: "ed-input ed-threads-unit",
    "aria-label": t("threadUnit"),
    onchange: () => turn({ ...filter, unit: unit.value }),
  });
  const fresh = h("div", { class: "ed-threads-new", hidden: true });
  const list = h("div", { class: "ed-threads-list" });
  const empty = h("p", { class: "ed-threads-empty", role: "status" });
  const spoken = h("p", { class: "ed-spoken", "aria-live": "polite" });
  const add = iconButton("messagePlus", t("threadNew"), parts.onNew, NEW_KEYS);
  const element = h(
    "aside",
    { class: "ed-threads", "aria-label": t("threads"), hidden: true },
    h("div", { class: "ed-threads-head" }, h("h2", {}, t("threads")), add, iconButton("close", t("close"), parts.onClose, "Esc")),
    h(
      "div",
      { class: "ed-threads-filters", role: "group", "aria-label": t("threadFilters") },
      h("div", { class: "ed-shelves" }, ...shelves.map(({ button }) => button)),
      unit,
    ),
    fresh,
    empty,
    list,
    spoken,
  );

  const turn = (next: Filter) => {
    filter = next;
    if (last) draw(last);
  };
  const drawFilters = (shown: Shown) => {
    const all = [...shown.threads.values()];
    const held = all.filter((thread) => filter.unit === "" || thread.unit?.id === filter.unit);
    for (const { shelf, button, count } of shelves) {
      button.setAttribute("aria-pressed", String(filter.shelf === shelf));
      const number = held.filter((thread) => isOn(shelf, thread, userId)).length;
      count.textContent = number ? String(number) : "";
    }
    const units = unitsOf(all);
    unit.hidden = units.length < 2 && filter.unit === "";
    const options = [{ id: "", name: t("threadAllUnits") }, ...units];
    const sign = options.map(({ id }) => id).join();
    if (unit.dataset["sign"] === sign) return;
    unit.dataset["sign"] = sign;
    unit.replaceChildren(...options.map(({ id, name }) => h("option", { value: id }, name)));
    unit.value = filter.unit;
  };
  const emptyWords = (shown: Shown): string => {
    if (shown.state === "loading") return t("threadLoading");
    if (shown.state === "failed") return t("threadFailed");
    if (shown.threads.size > 0) return t("threadNoneHere");
    const hint = shown.mayComment ? t("threadNewHint", { keys: shortcutText(NEW_KEYS) }) : t("threadEmptyRead");
    return `${t("threadEmpty")} ${hint}`;
  };

  function draw(shown: Shown): void {
    last = shown;
    if (element.hidden) return;
    add.hidden = !shown.mayComment;
    drawFilters(shown);
    const threads = filtered(shown.threads.values(), shown.places, filter, userId, shown.active);
    order = threads.map(({ id }) => id);
    empty.hidden = threads.length > 0 || !fresh.hidden;
    empty.textContent = empty.hidden ? "" : emptyWords(shown);
    const elements = threads.map((thread) => {
      let card = cards.get(thread.id);
      if (!card) {
        card = createCard(thread.id, parts);
        cards.set(thread.id, card);
      }
      card.update(thread, shown.places.get(thread.id), thread.id === shown.active);
      return card.element;
    });
    arrange(list, elements);
  }

  return {
    element,
    draw,
    reveal(thread) {
      const shelf: Shelf = thread.state === "resolved" ? "resolved" : isOn(filter.shelf, thread, userId) ? filter.shelf : "open";
      const keeps = filter.unit === "" || filter.unit === thread.unit?.id;
      filter = { shelf, unit: keeps ? filter.unit : "" };
      unit.value = filter.unit;
    },
    scrollTo(id) {
      cards.get(id)?.element.scrollIntoView({ block: "nearest" });
    },
    focus(id) {
      const shelf = shelves.find((each) => each.shelf === filter.shelf)?.button;
      const card = id === null ? undefined : cards.get(id);
      if (card) card.focus();
      else shelf?.focus();
    },
    holdsFocus: (id) => cards.get(id)?.element.contains(document.activeElement) === true,
    say(words) {
      spoken.textContent = words;
    },
    order: () => order,
    compose(anchor, box) {
      fresh.hidden = !box;
      if (!box || !anchor) {
        fresh.replaceChildren();
        if (last) draw(last);
        return;
      }
      const { part, words } = parts.names.of(anchor);
      fresh.replaceChildren(
        h(
          "p",
          { class: "ed-card-quote", lang: "vi" },
          part && h("span", { class: "ed-card-part" }, `${part}: `),
          words,
        ),
        box.element,
      );
      empty.hidden = true;
    },
  };
}
