/**
 * Everything on the page about suggestions, in one piece: the mode, the tools in the bar,
 * the list beside the page, the card at a suggestion, and the views before and after.
 */
import type { Editor } from "@tiptap/core";
import type { UndoManager } from "yjs";
import { cell } from "../collab/readable";
import type { Cell } from "../collab/readable";
import { ServerTime } from "../collab/server_time";
import type { Boot, Session } from "../collab/types";
import type { FieldSlot } from "../fields/slot";
import type { Translate } from "../i18n";
import { createAuthors } from "../suggest/authors";
import { asOneStep, nextSuggestion, onlyThese } from "../suggest/decide";
import type { SuggestingOptions } from "../suggest/extension";
import { listSuggestions } from "../suggest/listing";
import type { Suggestion } from "../suggest/listing";
import { createMode, keptMode } from "../suggest/mode";
import { createPreview } from "../suggest/preview";
import type { View } from "../suggest/preview";
import { isWaiting } from "../suggest/reshape";
import type { Decide } from "../suggest/resolve";
import type { Threads } from "../threads";
import { waitingOf } from "../threads/wording";
import { h, whenQuiet } from "./dom";
import { createFieldViews } from "./fieldViews";
import { createSuggestionCard } from "./suggestionCard";
import { createSuggestionPanel } from "./suggestionPanel";
import type { Toast } from "./toast";
import { iconButton } from "./toolButton";

export interface SuggestionActions {
  readonly list: () => readonly Suggestion[];
  readonly goTo: (suggestion: Suggestion) => void;
  readonly decideOne: (suggestion: Suggestion, isAccepted: boolean) => void;
  readonly decideThese: (suggestions: readonly Suggestion[], isAccepted: boolean) => void;
  readonly decideAll: (isAccepted: boolean, author?: string) => void;
  readonly mayDecide: () => boolean;
  /** Whether this person may take it back: it is their own, and they may not decide. */
  readonly mayWithdraw: (suggestion: Suggestion) => boolean;
  readonly withdraw: (suggestion: Suggestion) => void;
}

export interface SuggestionPlaces {
  readonly bar: HTMLElement;
  readonly toolbar: HTMLElement;
  readonly side: HTMLElement;
  readonly page: HTMLElement;
  readonly root: HTMLElement;
  readonly slots: readonly FieldSlot[];
  /** They hold what is suggested for fields of the letterhead. */
  readonly threads: Pick<Threads, "threads" | "deciding" | "show">;
  /** The list is about to stand where another panel may be. */
  readonly onOpen: () => void;
}

export interface Suggestions {
  /** For the editor, before it is made. */
  readonly options: SuggestingOptions;
  readonly isSuggesting: () => boolean;
  /** Whether the page shows a picture of the text, which nobody can write in. */
  readonly isPreview: () => boolean;
  /** Puts everything in its place, once there is an editor. */
  attach(editor: Editor, places: SuggestionPlaces): void;
  /** Called at once, and whenever the mode or the view changes. */
  onMode(listener: () => void): void;
  step(by: 1 | -1): void;
  closePanel(): void;
  destroy(): void;
}

export function createSuggestions(boot: Boot, session: Session, undoManager: UndoManager, t: Translate, toast: Toast): Suggestions {
  const choice = createMode(session.level, session.canWrite, keptMode(boot.draftId));
  const authors = createAuthors(boot.urls.authors, session.people);
  const time = new ServerTime(boot.now);
  const isSuggesting = () => choice.mode.get() === "suggest";
  let editor: Editor | null = null;
  let panel: ReturnType<typeof createSuggestionPanel> | null = null;
  const ends: (() => void)[] = [];
  const view = cell<View>("marked");
  let showCard: () => void = () => undefined;
  let decideFields: (isAccepted: boolean, author?: string) => void = () => undefined;

  /** Whether something was said about it already. */
  const carryOut = (verdict: Decide): boolean => {
    if (!editor) return false;
    const didWait = isWaiting(editor.state.doc);
    if (!asOneStep(undoManager, editor, verdict, choice.mayDecide.get())) return false;
    const waits = !didWait && isWaiting(editor.state.doc);
    if (waits) toast.show(t("sgWaits"), "info");
    return waits;
  };
  const actions: SuggestionActions = {
    list: () => (editor ? listSuggestions(editor.state.doc) : []),
    goTo: ({ key }) => {
      // It may have moved, or gone, since it was listed.
      const here = actions.list().find((each) => each.key === key);
      if (!here) return;
      editor?.chain().setTextSelection(here.from).scrollIntoView().run();
      editor?.view.focus();
      // Scrolling to it hides the card: it comes when that is over.
      setTimeout(() => showCard(), 120);
    },
    mayWithdraw: ({ author }) => author === session.user.id && session.canWrite.get() && !choice.mayDecide.get(),
    withdraw: (suggestion) => void carryOut(onlyThese(new Set([suggestion.key]), false)),
    decideOne: (suggestion, isAccepted) => void carryOut(onlyThese(new Set([suggestion.key]), isAccepted)),
    decideThese: (suggestions, isAccepted) => void carryOut(onlyThese(new Set(suggestions.map(({ key }) => key)), isAccepted)),
    decideAll: (isAccepted, author) => {
      const verdict: Decide = (suggested) => (author === undefined || suggested.author === author ? isAccepted : null);
      decideFields(isAccepted, author);
      if (!carryOut(verdict)) toast.show(t(isAccepted ? "sgAllAccepted" : "sgAllRejected"), "success");
    },
    mayDecide: () => choice.mayDecide.get(),
  };
  const step = (by: 1 | -1) => {
    const next = editor && nextSuggestion(actions.list(), editor.state.selection.head, by);
    if (next) actions.goTo(next);
    else toast.show(t("sgNone"));
  };

  return {
    options: {
      author: {
        id: session.user.id,
        now: () => time.now().toISOString(),
        newId: () => crypto.randomUUID(),
      },
      isSuggesting,
      onRefused: (reason) => toast.show(t(reason === "busy" ? "sgBusy" : "sgNotPossible"), "info"),
    },
    isSuggesting,
    attach(made, { bar, toolbar, side, page, root, slots, threads, onOpen }) {
      editor = made;
      const preview = createPreview(made, page, (view) => t(VIEW_WORDS[view]));
      decideFields = (isAccepted, author) => void threads.deciding.decideAll(isAccepted, author);
      panel = createSuggestionPanel({ editor: made, actions, authors, root, t, threads, onOpen });
      side.append(panel.element);
      const card = createSuggestionCard({ editor: made, actions, authors, t });
      root.append(card.element);
      showCard = card.showCaret;
      ends.push(() => card.destroy());
      const fieldViews = createFieldViews({ slots, fields: session.fields, threads });
      ends.push(() => fieldViews.destroy());
      view.subscribe((shown) => {
        root.dataset["view"] = shown;
        preview.show(shown);
        fieldViews.show(shown);
        card.hide();
      });
      panel.views.append(viewSelect(view, t));
      const tools = toolsOf(t, choice, panel, viewSelect(view, t));
      // Readers, who have no tools, see the list and the views in the bar above.
      session.canWrite.subscribe((canWrite) => {
        if (canWrite) toolbar.append(tools.element);
        else bar.querySelector(".ed-space")?.after(tools.element);
      });
      const inFields = () => [...threads.threads.get().values()].filter((each) => waitingOf(each)).length;
      const count = whenQuiet(() => {
        const found = actions.list();
        tools.count(found.length + inFields());
        // Their colours stand in the text, whether a list is open or not.
        authors.want(new Set(found.map(({ author }) => author)));
      }, COUNT_MS, LONGEST_WAIT_MS);
      ends.push(threads.threads.subscribe(count));
      made.on("transaction", ({ transaction }) => {
        if (transaction.docChanged) count();
      });
      count();
      choice.mayDecide.subscribe(() => panel?.redraw());
      choice.mode.subscribe((mode) => {
        root.dataset["mode"] = mode;
      });
    },
    isPreview: () => view.get() !== "marked",
    onMode: (listener) => {
      choice.mode.subscribe(listener);
      view.subscribe(listener);
    },
    step,
    closePanel: () => panel?.close(),
    destroy: () => ends.forEach((end) => end()),
  };
}

const COUNT_MS = 200;
const LONGEST_WAIT_MS = 1000;
const VIEW_WORDS = { marked: "sgViewMarked", original: "sgViewOriginal", final: "sgViewFinal" } as const;
const MODE_WORDS = { direct: "sgDirect", suggest: "sgSuggest" } as const;

function viewSelect(view: Cell<View>, t: Translate): HTMLSelectElement {
  const select = h(
    "select",
    {
      class: "ed-select sg-view",
      "aria-label": t("sgView"),
      title: t("sgView"),
      onchange: () => view.set(select.value as View),
    },
    ...(["marked", "original", "final"] as const).map((each) => h("option", { value: each }, t(VIEW_WORDS[each]))),
  );
  view.subscribe((shown) => {
    select.value = shown;
  });
  return select;
}

function toolsOf(
  t: Translate,
  choice: ReturnType<typeof createMode>,
  panel: ReturnType<typeof createSuggestionPanel>,
  view: HTMLSelectElement,
): { element: HTMLElement; count: (open: number) => void } {
  const mode = h(
    "select",
    {
      class: "ed-select sg-mode",
      "aria-label": t("sgMode"),
      title: t("sgMode"),
      onchange: () => choice.choose(mode.value === "suggest" ? "suggest" : "direct"),
    },
    ...(["direct", "suggest"] as const).map((each) => h("option", { value: each }, t(MODE_WORDS[each]))),
  );
  const badge = h("span", { class: "sg-count", hidden: true });
  const list = iconButton("suggestions", t("sgPanel"), () => panel.toggle());
  list.append(badge);
  choice.mode.subscribe((now) => {
    mode.value = now;
  });
  choice.mayWrite.subscribe((mayWrite) => {
    mode.hidden = !mayWrite;
  });
  choice.isForced.subscribe((isForced) => {
    mode.disabled = isForced;
    mode.title = t(isForced ? "sgForced" : "sgMode");
  });
  return {
    element: h("div", { class: "ed-group sg-tools", role: "group", "aria-label": t("sgPanel") }, mode, list, view),
    count: (open) => {
      badge.textContent = open > 99 ? "99+" : String(open);
      badge.hidden = open === 0;
      view.hidden = open === 0 && view.value === "marked";
    },
  };
}
