/**
 * The list of suggestions beside the page, by who made them; each with its place.
 *
 * Kept up while many write. A row that says the same stays the same element: whoever is
 * about to press its button, or stands on it with the keys, must never lose it.
 */
import type { Editor } from "@tiptap/core";
import type { Translate } from "../i18n";
import type { Authors } from "../suggest/authors";
import type { Suggestion } from "../suggest/listing";
import { changesOf } from "../suggest/listing";
import type { Threads } from "../threads";
import type { Thread, Wording } from "../threads/types";
import { drawDiff } from "../threads/fieldSuggestion";
import { arrange } from "../threads/keyed";
import { standingOf, waitingOf } from "../threads/wording";
import { h, whenQuiet } from "./dom";
import { fieldWord } from "./fieldWords";
import { suggestionLines, whenOf } from "./suggestionWords";
import type { SuggestionActions } from "./suggestions";
import { iconButton } from "./toolButton";

export interface SuggestionPanel {
  readonly element: HTMLElement;
  /** Where the choice of views stands when there is no room for it in the bar. */
  readonly views: HTMLElement;
  open(): void;
  close(): void;
  toggle(): void;
  /** What this person may do has changed. */
  redraw(): void;
}

export interface SuggestionPanelParts {
  readonly editor: Editor;
  readonly actions: SuggestionActions;
  readonly authors: Authors;
  readonly root: HTMLElement;
  readonly t: Translate;
  /** They hold what is suggested for fields of the letterhead. */
  readonly threads: Pick<Threads, "threads" | "deciding" | "show">;
  /** Another panel in the same place is to be closed. */
  readonly onOpen: () => void;
}

/** More are not drawn at once; the rest is a click away. */
const MOST_SHOWN = 200;
/** A list of hundreds is not drawn anew between two letters, nor left to grow old. */
const REDRAW_MS = 400;
const LONGEST_WAIT_MS = 2000;

export function createSuggestionPanel(parts: SuggestionPanelParts): SuggestionPanel {
  const { editor, actions, authors, root, t, threads, onOpen } = parts;
  let opener: HTMLElement | null = null;
  let most = MOST_SHOWN;
  const drawn = new Map<string, { readonly sign: string; readonly element: HTMLElement; readonly round: number }>();
  let round = 0;
  let allSign = "";
  const summary = h("p", { class: "ed-check-summary", role: "status" });
  const list = h("div", { class: "ed-check-list sg-list" });
  const all = h("div", { class: "sg-all" });
  const views = h("div", { class: "sg-views" });
  const shut = iconButton("close", t("close"), () => close(), "Esc");
  const element = h(
    "aside",
    { class: "ed-check sg-panel", "aria-label": t("sgPanel"), hidden: true },
    h("div", { class: "ed-check-head" }, h("h2", {}, t("sgPanel")), shut),
    summary,
    views,
    all,
    list,
  );
  element.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") move(list, event.key === "ArrowDown" ? 1 : -1);
    else return;
    event.preventDefault();
  });

  /** What was drawn under a name, as long as it says the same. */
  const kept = (name: string, sign: string, make: () => HTMLElement): HTMLElement => {
    const known = drawn.get(name);
    const element = known?.sign === sign ? known.element : make();
    drawn.set(name, { sign, element, round });
    return element;
  };
  /** What the last drawing did not want. */
  const forget = () => {
    for (const [name, each] of drawn) if (each.round !== round) drawn.delete(name);
    round += 1;
  };
  const button = (label: string, className: string, run: () => void) =>
    h("button", { type: "button", class: `ed-button ed-button-outline ${className}`, onclick: run }, label);
  const drawRow = (suggestion: Suggestion): HTMLElement => {
    const jump = () => {
      actions.goTo(suggestion);
      if (matchMedia("(max-width: 700px)").matches) close(false);
    };
    const [first, ...rest] = suggestionLines(editor.state.doc, suggestion, t);
    return h(
      "li",
      { class: "sg-row", "data-author": suggestion.author },
      h("button", { type: "button", class: "ed-check-place sg-place", onclick: jump }, first),
      ...rest,
      h(
        "div",
        { class: "ed-check-foot" },
        h("span", { class: "ed-check-source" }, whenOf(suggestion.at)),
        actions.mayDecide() && button(t("sgAccept"), "sg-yes", decideAs(suggestion, true)),
        actions.mayDecide() && button(t("sgReject"), "sg-no", decideAs(suggestion, false)),
        actions.mayWithdraw(suggestion) && button(t("sgWithdraw"), "sg-no", () => now(() => actions.withdraw(suggestion))),
      ),
    );
  };
  /** Whoever has decided sees it at once, and goes on by keys where the row was. */
  const now = (act: () => void) => {
    const held = document.activeElement?.closest(".sg-row") ?? null;
    const at = [...list.querySelectorAll(".sg-row")].findIndex((each) => each === held);
    act();
    draw();
    if (at < 0 || list.contains(document.activeElement)) return;
    const places = placesIn(list);
    (places[Math.min(at, places.length - 1)] ?? shut).focus();
  };
  const decideAs = (suggestion: Suggestion, isAccepted: boolean) => () => now(() => actions.decideOne(suggestion, isAccepted));
  const row = (suggestion: Suggestion): HTMLElement => {
    const { parts, at } = suggestion;
    const hasLook = parts.some(({ kind }) => kind === "format" || kind === "style" || kind === "cell");
    const looks = hasLook ? [false, true].map((isOfCells) => changesOf(editor.state.doc, suggestion, isOfCells)) : [];
    const sign = JSON.stringify([parts, at, looks, actions.mayDecide(), actions.mayWithdraw(suggestion)]);
    return kept(`suggestion ${suggestion.key}`, sign, () => drawRow(suggestion));
  };
  /** The field of the letterhead in which the caret was last, while it was in none of the
   * text: then that is what is selected. */
  let field: string | null = null;
  root.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof Element) || element.contains(target)) return;
    const name = target.closest<HTMLElement>("[data-field]")?.dataset["field"];
    if (name === undefined && !target.closest(".ed-body")) return;
    field = name ?? null;
    redraw();
  });
  const inFields = () => [...threads.threads.get().values()].filter((each) => waitingOf(each));
  /** A field's row: in the thread all three texts are seen, and why. */
  const fieldRow = (thread: Thread): HTMLElement | null => {
    const suggested = waitingOf(thread);
    if (!suggested) return null;
    const { part } = thread.anchor;
    const isChanged = standingOf(suggested, part, threads.deciding.now(part)) === "changed";
    const sign = JSON.stringify([suggested.old, suggested.new, isChanged, thread.may]);
    return kept(`field ${thread.id}`, sign, () => drawFieldRow(thread, suggested, isChanged));
  };
  const drawFieldRow = (thread: Thread, suggested: Wording, isChanged: boolean): HTMLElement => {
    const { part } = thread.anchor;
    const mayDecide = thread.may.includes("decide") && !isChanged;
    const decideField = (act: "accept" | "reject" | "withdraw") => () => void threads.deciding.decide(thread, act);
    return h(
      "li",
      { class: "sg-row", "data-author": thread.author.id, "data-field-suggestion": thread.id },
      h(
        "button",
        { type: "button", class: "ed-check-place sg-place", onclick: () => threads.show(thread.id) },
        h("p", {}, h("strong", {}, `${t(fieldWord(part))}: `), h("span", { lang: "vi" }, ...drawDiff(suggested.old, suggested.new, t))),
      ),
      isChanged && h("p", { class: "ed-card-note" }, t("fsChanged")),
      h(
        "div",
        { class: "ed-check-foot" },
        h("span", { class: "ed-check-source" }, whenOf(thread.created_at)),
        mayDecide && button(t("sgAccept"), "sg-yes", decideField("accept")),
        mayDecide && button(t("sgReject"), "sg-no", decideField("reject")),
        thread.may.includes("withdraw") && button(t("sgWithdraw"), "sg-no", decideField("withdraw")),
      ),
    );
  };
  /** Of one author: all that there are, of which some are shown, and those for fields. */
  const group = (
    author: string,
    found: readonly Suggestion[],
    shown: readonly Suggestion[],
    ofFields: readonly Thread[],
  ): HTMLElement => {
    const { name, unit } = authors.of(author);
    const mayDecide = actions.mayDecide();
    const label = `${name}${unit ? ` · ${unit}` : ""} (${found.length + ofFields.length})`;
    const section = kept(`author ${author}`, "", () =>
      h("section", { class: "sg-group", "data-author": author }, h("div", {}), h("ul")),
    );
    const head = kept(`head ${author}`, JSON.stringify([label, mayDecide]), () =>
      h(
        "div",
        {},
        h("h3", {}, h("span", { class: "sg-dot" }), label),
        mayDecide &&
          h(
            "div",
            { class: "sg-foot" },
            button(t("sgAcceptAll"), "sg-yes", () => now(() => actions.decideAll(true, author))),
            button(t("sgRejectAll"), "sg-no", () => now(() => actions.decideAll(false, author))),
          ),
      ),
    );
    if (section.firstElementChild !== head) section.firstElementChild?.replaceWith(head);
    const rows = [...ofFields.map(fieldRow), ...shown.map(row)].filter((each) => each !== null);
    if (section.lastElementChild) arrange(section.lastElementChild, rows);
    return section;
  };

  const draw = () => {
    if (element.hidden || editor.isDestroyed) return;
    const found = actions.list();
    const ofFields = inFields();
    const count = found.length + ofFields.length;
    authors.want(new Set([...found.map(({ author }) => author), ...ofFields.map(({ author }) => author.id)]));
    const { from, to, empty } = editor.state.selection;
    const selected = empty || field !== null ? [] : found.filter((each) => each.from <= to && each.to >= from);
    const inField = ofFields.filter(({ anchor, may }) => anchor.part === field && may.includes("decide"));
    const said = count ? t("sgCount", { n: count }) : t("sgNone");
    if (summary.textContent !== said) summary.textContent = said;
    drawAll(count, selected, inField);
    const shown = found.slice(0, most);
    const by = groupBy(found);
    const shownBy = groupBy(shown);
    for (const { author } of ofFields) if (!by.has(author.id)) by.set(author.id, []);
    const fieldsOf = (author: string) => ofFields.filter((each) => each.author.id === author);
    const groups = [...by].map(([author, theirs]) => group(author, theirs, shownBy.get(author) ?? [], fieldsOf(author)));
    const left = found.length - shown.length;
    arrange(list, left > 0 ? [...groups, moreButton(left)] : groups);
    forget();
  };
  const moreButton = (left: number) =>
    kept("more", String(left), () =>
      button(t("sgMore", { n: left }), "", () => {
        most += MOST_SHOWN;
        draw();
      }),
    );
  /** Of all together, and of what is selected; the buttons do it to what is there then. */
  const drawAll = (count: number, selected: readonly Suggestion[], inField: readonly Thread[]) => {
    const sign = JSON.stringify([actions.mayDecide(), count > 1, selected.map(({ key }) => key), inField.map(({ id }) => id)]);
    if (sign === allSign) return;
    allSign = sign;
    const n = selected.length + inField.length;
    const decideSelected = (isAccepted: boolean) => {
      if (selected.length) actions.decideThese(selected, isAccepted);
      if (inField.length) void threads.deciding.decideThese(inField, isAccepted);
    };
    all.replaceChildren(
      ...(actions.mayDecide() && count > 1
        ? [
            button(t("sgAcceptEvery"), "sg-yes", () => now(() => actions.decideAll(true))),
            button(t("sgRejectEvery"), "sg-no", () => now(() => actions.decideAll(false))),
          ]
        : []),
      ...(actions.mayDecide() && n
        ? [
            button(t("sgAcceptSelected", { n }), "sg-yes", () => now(() => decideSelected(true))),
            button(t("sgRejectSelected", { n }), "sg-no", () => now(() => decideSelected(false))),
          ]
        : []),
    );
  };
  const redraw = whenQuiet(draw, REDRAW_MS, LONGEST_WAIT_MS);
  editor.on("transaction", ({ transaction }) => {
    if (transaction.docChanged || transaction.selectionSet) redraw();
  });
  authors.known.subscribe(redraw);
  threads.threads.subscribe(redraw);

  const close = (returnsFocus = true) => {
    if (element.hidden) return;
    element.hidden = true;
    root.classList.remove("has-check");
    if (returnsFocus) opener?.focus();
  };
  const open = () => {
    const active = document.activeElement;
    if (active instanceof HTMLElement && !element.contains(active)) opener = active;
    // One list at a time stands beside the page.
    onOpen();
    for (const other of root.querySelectorAll<HTMLElement>(".ed-check:not(.sg-panel)")) other.hidden = true;
    element.hidden = false;
    root.classList.add("has-check");
    most = MOST_SHOWN;
    draw();
    shut.focus();
  };
  return { element, views, open, close: () => close(false), toggle: () => (element.hidden ? open() : close()), redraw };
}

function groupBy(list: readonly Suggestion[]): Map<string, Suggestion[]> {
  const groups = new Map<string, Suggestion[]>();
  for (const each of list) {
    const theirs = groups.get(each.author);
    if (theirs) theirs.push(each);
    else groups.set(each.author, [each]);
  }
  return groups;
}

function placesIn(list: HTMLElement): HTMLElement[] {
  return Array.from(list.querySelectorAll<HTMLElement>(".sg-place"));
}

function move(list: HTMLElement, step: number): void {
  const places = placesIn(list);
  const index = places.findIndex((place) => place === document.activeElement);
  places[Math.min(Math.max(index + step, 0), places.length - 1)]?.focus();
}
