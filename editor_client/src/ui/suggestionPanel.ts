/** The list of suggestions beside the page, by who made them; each with its place. */
import type { Editor } from "@tiptap/core";
import type { Translate } from "../i18n";
import type { Authors } from "../suggest/authors";
import { suggestionsIn } from "../suggest/decide";
import type { Suggestion } from "../suggest/listing";
import type { Threads } from "../threads";
import type { Thread } from "../threads/types";
import { drawDiff } from "../threads/fieldSuggestion";
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
/** A list of hundreds is not drawn anew between two letters. */
const REDRAW_MS = 400;

export function createSuggestionPanel(parts: SuggestionPanelParts): SuggestionPanel {
  const { editor, actions, authors, root, t, threads, onOpen } = parts;
  let opener: HTMLElement | null = null;
  let most = MOST_SHOWN;
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

  const button = (label: string, className: string, run: () => void) =>
    h("button", { type: "button", class: `ed-button ed-button-outline ${className}`, onclick: run }, label);
  const row = (suggestion: Suggestion): HTMLElement => {
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
        actions.mayDecide() && button(t("sgAccept"), "sg-yes", () => actions.decideOne(suggestion, true)),
        actions.mayDecide() && button(t("sgReject"), "sg-no", () => actions.decideOne(suggestion, false)),
        actions.mayWithdraw(suggestion) && button(t("sgWithdraw"), "sg-no", () => actions.withdraw(suggestion)),
      ),
    );
  };
  const inFields = () => [...threads.threads.get().values()].filter((each) => waitingOf(each));
  /** A field's row: in the thread all three texts are seen, and why. */
  const fieldRow = (thread: Thread): HTMLElement | null => {
    const suggested = waitingOf(thread);
    if (!suggested) return null;
    const { part } = thread.anchor;
    const isChanged = standingOf(suggested, part, threads.deciding.now(part)) === "changed";
    const mayDecide = thread.may.includes("decide") && !isChanged;
    const decideAs = (act: "accept" | "reject" | "withdraw") => () => void threads.deciding.decide(thread, act);
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
        mayDecide && button(t("sgAccept"), "sg-yes", decideAs("accept")),
        mayDecide && button(t("sgReject"), "sg-no", decideAs("reject")),
        thread.may.includes("withdraw") && button(t("sgWithdraw"), "sg-no", decideAs("withdraw")),
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
    const decideAll = actions.mayDecide() && [
      button(t("sgAcceptAll"), "sg-yes", () => actions.decideAll(true, author)),
      button(t("sgRejectAll"), "sg-no", () => actions.decideAll(false, author)),
    ];
    return h(
      "section",
      { class: "sg-group", "data-author": author },
      h("h3", {}, h("span", { class: "sg-dot" }), `${name}${unit ? ` · ${unit}` : ""} (${found.length + ofFields.length})`),
      decideAll ? h("div", { class: "sg-foot" }, ...decideAll) : null,
      h("ul", {}, ...ofFields.map(fieldRow), ...shown.map(row)),
    );
  };

  const draw = () => {
    if (element.hidden || editor.isDestroyed) return;
    const found = actions.list();
    const ofFields = inFields();
    const count = found.length + ofFields.length;
    authors.want(new Set([...found.map(({ author }) => author), ...ofFields.map(({ author }) => author.id)]));
    const { from, to, empty } = editor.state.selection;
    const selected = empty ? [] : suggestionsIn(editor.state, from, to);
    summary.textContent = count ? t("sgCount", { n: count }) : t("sgNone");
    all.replaceChildren(
      ...(actions.mayDecide() && count > 1
        ? [
            button(t("sgAcceptEvery"), "sg-yes", () => actions.decideAll(true)),
            button(t("sgRejectEvery"), "sg-no", () => actions.decideAll(false)),
          ]
        : []),
      ...(actions.mayDecide() && selected.length
        ? [
            button(t("sgAcceptSelected", { n: selected.length }), "sg-yes", () => actions.decideThese(selected, true)),
            button(t("sgRejectSelected", { n: selected.length }), "sg-no", () => actions.decideThese(selected, false)),
          ]
        : []),
    );
    const shown = found.slice(0, most);
    const by = groupBy(found);
    const shownBy = groupBy(shown);
    for (const { author } of ofFields) if (!by.has(author.id)) by.set(author.id, []);
    const fieldsOf = (author: string) => ofFields.filter((each) => each.author.id === author);
    const more = button(t("sgMore", { n: found.length - shown.length }), "", () => {
      most += MOST_SHOWN;
      draw();
    });
    const groups = [...by].map(([author, theirs]) => group(author, theirs, shownBy.get(author) ?? [], fieldsOf(author)));
    list.replaceChildren(...groups, ...(found.length > shown.length ? [more] : []));
  };
  const redraw = whenQuiet(draw, REDRAW_MS);
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
  return { element, views, open, close: () => close(false), toggle: () => (element.hidden ? open() : close()) };
}

function groupBy(list: readonly Suggestion[]): Map<string, Suggestion[]> {
  const groups = new Map<string, Suggestion[]>();
  for (const each of list) groups.set(each.author, [...(groups.get(each.author) ?? []), each]);
  return groups;
}

function move(list: HTMLElement, step: number): void {
  const places = Array.from(list.querySelectorAll<HTMLElement>(".sg-place"));
  const index = places.findIndex((place) => place === document.activeElement);
  places[Math.min(Math.max(index + step, 0), places.length - 1)]?.focus();
}
