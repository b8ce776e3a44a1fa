/**
 * One thread in the panel: short while others are read, whole when it is the active one.
 *
 * Updated piece by piece: the box in which somebody types is never made anew. Must never
 * send anything by itself.
 */
import type { Translate } from "../i18n";
import { h } from "../ui/dom";
import { icon } from "../ui/icons";
import { popover } from "../ui/popover";
import type { ThreadsApi } from "./api";
import { drawComment } from "./comment";
import type { Composer } from "./composer";
import { createComposer } from "./composer";
import { arrange } from "./keyed";
import type { Kept } from "./kept";
import { peoplePicker } from "./picker";
import type { Names } from "./naming";
import { PICTURE } from "./pictures";
import type { Place } from "./places";
import { unreadOf } from "./store";
import { shortTime } from "./text";
import type { Comment, Decision, Said, Thread } from "./types";
import { drawFieldSuggestion } from "./fieldSuggestion";
import { waitingOf } from "./wording";

/** What a card asks for; each rejects with a ThreadError. */
export interface CardActs {
  readonly activate: (id: string) => void;
  readonly reply: (id: string, said: Said) => Promise<unknown>;
  readonly edit: (id: string, comment: string, said: Said) => Promise<unknown>;
  readonly remove: (id: string, comment: string) => void;
  readonly turn: (id: string, act: "resolve" | "reopen") => void;
  /** About what the thread suggests for its field; whether it was carried out. */
  readonly decide: (id: string, act: Decision, said: Said | null) => Promise<boolean>;
  readonly assign: (id: string, to: string | null) => void;
  readonly copyLink: (id: string) => void;
}

export interface CardParts {
  readonly t: Translate;
  readonly userId: string;
  readonly api: ThreadsApi;
  readonly kept: Kept;
  readonly acts: CardActs;
  readonly names: Names;
  /** What a field says now. */
  readonly fieldNow: (part: string) => string;
}

export interface Card {
  readonly element: HTMLElement;
  update(thread: Thread, place: Place | undefined, isActive: boolean): void;
  /** On the quote; from there Enter leads to the answer. */
  focus(): void;
}

export function createCard(id: string, parts: CardParts): Card {
  const { t, acts, userId } = parts;
  const head = h("div", { class: "ed-card-head" });
  const suggested = h("div", { class: "ed-card-suggestion", hidden: true });
  const comments = h("ul", { class: "ed-card-comments" });
  const status = h("div", { class: "ed-card-status" });
  const answer = h("div", { class: "ed-card-answer" });
  const element = h(
    "article",
    {
      class: "ed-card",
      "data-thread": id,
      onclick: (event: Event) => {
        if (!element.classList.contains("is-active") && !(event.target as Element).closest("a, button")) acts.activate(id);
      },
    },
    head,
    comments,
    suggested,
    status,
    answer,
  );
  const drawn = new Map<string, { sign: string; element: HTMLElement }>();
  let composer: Composer | null = null;
  let editing: string | null = null;
  let sign = "";
  let wasActive = false;
  let last: { thread: Thread; place: Place | undefined; isActive: boolean } | null = null;

  const redraw = () => {
    if (!last) return;
    sign = "";
    update(last.thread, last.place, last.isActive);
  };
  const stopEditing = () => {
    editing = null;
    redraw();
  };
  const editBox = (comment: Comment) =>
    createComposer({
      t,
      api: parts.api,
      placeholder: "threadWrite",
      submit: "threadSave",
      text: comment.text,
      mentions: comment.mentions,
      kept: { store: parts.kept, slot: slotOf(comment) },
      send: async (said) => {
        await acts.edit(id, comment.id, said);
        stopEditing();
      },
      onCancel: stopEditing,
    });
  const row = (comment: Comment, thread: Thread): HTMLElement => {
    const isOwn = comment.author.id === userId && thread.may.includes("reply");
    const isEdited = editing === comment.id;
    const mark = `${isEdited ? "edit" : (comment.edited_at ?? "")}|${comment.removed_at ?? ""}|${String(isOwn)}`;
    const known = drawn.get(comment.id);
    if (known?.sign === mark) return known.element;
    const box = isEdited ? editBox(comment) : null;
    const made = box
      ? h("li", { class: "ed-comment is-edited" }, box.element)
      : drawComment(comment, t, parts.api.fileUrl, isOwn ? { edit: () => edit(comment), remove: () => acts.remove(id, comment.id) } : null);
    drawn.set(comment.id, { sign: mark, element: made });
    return made;
  };
  const slotOf = (comment: Comment) => `edit.${comment.id}`;
  /** A change that was being written before a reload goes on when the thread is opened. */
  const resume = (thread: Thread) => {
    const isOwn = ({ author, removed_at }: Comment) => author.id === userId && !removed_at;
    editing = thread.comments.find((each) => isOwn(each) && parts.kept.read(slotOf(each)))?.id ?? null;
  };
  const edit = (comment: Comment) => {
    editing = comment.id;
    redraw();
    element.querySelector<HTMLElement>(".is-edited textarea")?.focus();
  };

  const quoteOf = () => head.querySelector<HTMLElement>(".ed-card-quote");
  const onQuoteKey = (event: KeyboardEvent) => {
    const mayReply = last?.isActive === true && last.thread.may.includes("reply");
    if (event.key !== "Enter" || !mayReply || !composer) return;
    event.preventDefault();
    composer.focus();
  };
  /** Drawn anew, it keeps the focus: on the same tool, or on the quote when that is gone. */
  const drawHead = (thread: Thread, place: Place | undefined, isActive: boolean) => {
    const focused = head.contains(document.activeElement) ? (document.activeElement?.className ?? "") : null;
    fillHead(thread, place, isActive);
    if (focused === null) return;
    const same = [...head.querySelectorAll<HTMLElement>("button")].find(({ className }) => className === focused);
    (same ?? quoteOf())?.focus({ preventScroll: true });
  };
  const fillHead = (thread: Thread, place: Place | undefined, isActive: boolean) => {
    const { part, words } = parts.names.of(thread.anchor);
    const unread = unreadOf(thread, userId);
    const quote = h(
      "button",
      {
        type: "button",
        class: "ed-card-quote",
        lang: "vi",
        "aria-expanded": String(isActive),
        title: isActive && thread.may.includes("reply") ? t("threadEnterReply") : null,
        onclick: () => acts.activate(id),
        onkeydown: onQuoteKey,
      },
      part && h("span", { class: "ed-card-part" }, `${part}: `),
      words,
    );
    const tools: (HTMLElement | null)[] = [unread > 0 ? h("span", { class: "ed-unread", title: t("threadUnread", { n: unread }) }, String(unread)) : null];
    if (isActive) tools.push(...headTools(thread));
    const note = noteOf(thread, place);
    head.replaceChildren(
      h("div", { class: "ed-card-line" }, quote, ...tools.filter((each) => each !== null)),
      ...(note ? [h("p", { class: "ed-card-note" }, icon("info"), note)] : []),
    );
    element.classList.toggle("is-gone", place?.found.kind === "gone");
  };
  const noteOf = ({ anchor, state }: Thread, place: Place | undefined): string | null => {
    const found = place?.found;
    const isPicture = anchor.part === PICTURE;
    if (found?.kind === "gone") return t(isPicture ? "threadPictureGone" : "threadGone");
    if (found?.kind !== "here" || !found.isChanged || state !== "open") return null;
    const now = parts.names.now(anchor);
    return now === null ? t(isPicture ? "threadPictureChanged" : "threadChanged") : t("threadChoiceNow", { now });
  };
  const headTools = (thread: Thread): HTMLElement[] => {
    const tool = (name: "link" | "check" | "undo", label: string, run: () => void, className = "") =>
      h(
        "button",
        { type: "button", class: `ed-button ed-button-icon ${className}`, title: label, "aria-label": label, onclick: run },
        icon(name),
      );
    const tools = [tool("link", t("threadLink"), () => acts.copyLink(id), "ed-card-link")];
    // What is suggested is decided; to settle it without would leave it open.
    const isDecided = !thread.may.includes("decide") && !thread.may.includes("withdraw");
    if (thread.state === "open" && thread.may.includes("resolve") && isDecided) {
      tools.push(tool("check", t("threadResolve"), () => acts.turn(id, "resolve"), "ed-card-resolve"));
    }
    if (thread.state === "resolved" && thread.may.includes("reopen")) {
      tools.push(tool("undo", t("threadReopen"), () => acts.turn(id, "reopen"), "ed-card-reopen"));
    }
    return tools;
  };
  const decide = async (act: Decision) => {
    const said = act === "reject" ? (composer?.said() ?? null) : null;
    if ((await acts.decide(id, act, said)) && said) composer?.clear();
  };
  let suggestedMark = "";
  const drawSuggestion = (thread: Thread) => {
    const { suggestion } = thread;
    const now = suggestion && waitingOf(thread) ? parts.fieldNow(thread.anchor.part) : "";
    const mark = suggestion ? [thread.revision, thread.may.join(), now].join("|") : "";
    if (mark === suggestedMark) return;
    suggestedMark = mark;
    suggested.hidden = !suggestion;
    suggested.replaceChildren(...(suggestion ? [drawFieldSuggestion(thread, suggestion, now, t, (act) => void decide(act))] : []));
  };
  const drawStatus = (thread: Thread, isActive: boolean) => {
    const items: HTMLElement[] = [];
    const replies = thread.comments.length - 1;
    if (!isActive && replies > 0) items.push(h("span", {}, t("threadReplies", { n: replies })));
    if (thread.assignee) items.push(h("span", { class: "ed-chip" }, t("threadAssigned", { name: thread.assignee.name })));
    if (isActive && thread.state === "open" && thread.may.includes("assign")) items.push(assignButton());
    const isSaid = thread.suggestion !== null && thread.suggestion.state !== "open";
    if (thread.state === "resolved" && thread.resolved_by && thread.resolved_at && !isSaid) {
      const time = shortTime(thread.resolved_at);
      items.push(h("span", {}, t("threadResolvedBy", { name: thread.resolved_by.name, time })));
    }
    status.replaceChildren(...items);
    status.hidden = items.length === 0;
  };
  const assignButton = () => {
    const button = h("button", { type: "button", class: "ed-card-assign" }, icon("share"), t("threadAssign"));
    popover(button, {
      label: t("threadAssign"),
      role: "dialog",
      content: (close) =>
        peoplePicker(parts.api, t, (to) => {
          close();
          acts.assign(id, to);
        }),
    });
    return button;
  };

  function update(thread: Thread, place: Place | undefined, isActive: boolean): void {
    if (isActive && !wasActive && thread.may.includes("reply")) {
      wasActive = true;
      resume(thread);
    }
    last = { thread, place, isActive };
    drawSuggestion(thread);
    const mark = [thread.revision, thread.read, isActive, place?.found.kind, noteOf(thread, place), thread.may.join(), editing].join("|");
    if (mark === sign) return;
    sign = mark;
    element.classList.toggle("is-active", isActive);
    element.classList.toggle("is-resolved", thread.state === "resolved");
    element.classList.toggle("is-unread", unreadOf(thread, userId) > 0);
    drawHead(thread, place, isActive);
    const shown = isActive ? thread.comments : thread.comments.slice(0, 1);
    arrange(comments, shown.map((comment) => row(comment, thread)));
    drawStatus(thread, isActive);
    const mayReply = isActive && thread.may.includes("reply");
    if (mayReply && !composer) {
      composer = createComposer({
        t,
        api: parts.api,
        placeholder: "threadReply",
        submit: "threadSend",
        takesFiles: true,
        kept: { store: parts.kept, slot: id },
        send: (said) => acts.reply(id, said),
      });
      answer.append(composer.element);
    }
    answer.hidden = !mayReply;
  }

  return { element, update, focus: () => quoteOf()?.focus() };
}
