/**
 * Comment threads on the editor page: joins store, places, highlights and panel.
 *
 * A thread is never in the document, so everything here works for those who may only
 * comment. Must never write into the shared document.
 */
import type { Editor } from "@tiptap/core";
import type { UndoManager } from "yjs";
import { cell } from "../collab/readable";
import type { Boot, Readable, Session } from "../collab/types";
import type { ChoiceSlot } from "../fields/choices";
import type { FieldSlot } from "../fields/slot";
import type { Translate } from "../i18n";
import { h, oncePerFrame } from "../ui/dom";
import { icon } from "../ui/icons";
import type { Toast } from "../ui/toast";
import { moveAll, ThreadError, threadsApi } from "./api";
import { createBubble } from "./bubble";
import type { CardActs } from "./card";
import { createChosen } from "./chosen";
import { createComposer } from "./composer";
import type { Deciding } from "./deciding";
import { createDeciding } from "./deciding";
import { createFieldMarks } from "./fieldMarks";
import { createFieldSuggestions } from "./fieldSuggestions";
import { hookHighlights, showHighlights } from "./highlights";
import { jumpToThread } from "./jumping";
import { bindThreadKeys } from "./keys";
import { keptWords } from "./kept";
import { copyLink, threadOf } from "./links";
import { isTextField, namesOf } from "./naming";
import { createNews } from "./news";
import { createPanel } from "./panel";
import { createPlaces } from "./places";
import { createStepping } from "./stepping";
import { createStore, unreadOf } from "./store";
import type { Anchor, Thread } from "./types";
import { createWordingBox } from "./wordingBox";

export interface ThreadsParts {
  readonly boot: Boot;
  readonly session: Session;
  readonly editor: Editor;
  readonly undoManager: UndoManager;
  /** Whether this person suggests now instead of writing. */
  readonly isSuggesting: () => boolean;
  readonly root: HTMLElement;
  readonly canvas: HTMLElement;
  readonly slots: readonly FieldSlot[];
  readonly choices: readonly ChoiceSlot[];
  readonly t: Translate;
  readonly toast: Toast;
  /** Another panel in the same place is to be closed. */
  readonly onOpen: () => void;
}

export interface Threads {
  /** The panel, and the button beside selected words. */
  readonly elements: readonly HTMLElement[];
  /** For the bar. */
  readonly button: HTMLElement;
  readonly isShown: Readable<boolean>;
  readonly threads: Readable<ReadonlyMap<string, Thread>>;
  readonly deciding: Deciding;
  open(): void;
  close(): void;
  /** Open the panel at this thread. */
  show(id: string): void;
  /** Follow "#thread-<id>"; false when the address means something else. */
  followHash(hash: string): boolean;
  destroy(): void;
}

const NEW = "new";

export function createThreads(parts: ThreadsParts): Threads {
  const { boot, session, editor, root, t, toast } = parts;
  const userId = boot.user.id;
  const api = threadsApi(boot.urls.threads, boot.csrf);
  const kept = keptWords(userId, boot.draftId);
  const store = createStore(api);
  const news = createNews(userId);
  const isShown = cell(false);
  let active: string | null = null;
  /** What a link asked for before the threads were there. */
  let wanted: string | null = null;
  /** The same, until the server was asked for it. */
  let sought: string | null = null;

  const mayComment = () => !boot.archived && session.level.get() !== "view";
  /** A draft may be archived while it is open: then what the server still gives is read. */
  const maySee = () => mayComment() || (boot.archived && boot.readsThreads) || store.state.get() === "ready";
  const leaves = new Set(Object.values(editor.schema.nodes).filter((type) => type.isLeaf && !type.isText).map(({ name }) => name));
  const places = createPlaces({
    doc: session.doc,
    body: session.body,
    fields: session.fields,
    epoch: boot.epoch,
    leaves,
    threads: store.threads,
    mayMove: () => mayComment() && session.connected.get() && document.visibilityState === "visible",
    leads: ({ author, assignee }) => ["edit", "own"].includes(session.level.get()) || [author.id, assignee?.id].includes(userId),
    // The new anchors come back with the server's hint, with those of others.
    move: (anchors) => moveAll(api, anchors),
  });

  const chosen = createChosen(editor, places, boot.epoch);

  const tell = (error: unknown) => {
    const message = error instanceof ThreadError && error.message ? error.message : t("threadDone");
    toast.show(message, "danger");
  };
  const take = async (work: Promise<Thread>) => {
    store.take(await work);
  };
  const deciding = createDeciding({
    session,
    undoManager: parts.undoManager,
    api,
    threads: store.threads,
    take: store.take,
    toast,
    t,
  });
  const acts: CardActs = {
    activate: (id) => activate(id, { jumps: true }),
    reply: (id, said) => take(api.reply(id, said)),
    edit: (id, comment, said) => take(api.edit(id, comment, said.text, said.mentions)),
    remove: (id, comment) => {
      if (window.confirm(t("threadRemoveSure"))) take(api.remove(id, comment)).catch(tell);
    },
    turn: (id, act) => {
      take(api.turn(id, act))
        .then(() => {
          if (act === "resolve") stepping.settled(id);
          if (act === "resolve" && active === id) activate(null);
          else reveal(id);
        })
        .catch(tell);
    },
    decide: async (id, act, said) => {
      const thread = store.threads.get().get(id);
      const isDone = thread !== undefined && (await deciding.decide(thread, act, said));
      if (isDone && active === id) activate(null);
      return isDone;
    },
    assign: (id, to) => {
      if (to === userId) news.takesOver(id);
      void take(api.assign(id, to)).catch((error: unknown) => (news.leaves(id), tell(error)));
    },
    copyLink: (id) => copyLink(id, t, toast),
  };
  const names = namesOf(session.fields, boot, t);
  const panel = createPanel({
    t,
    userId,
    api,
    kept,
    acts,
    names,
    fieldNow: deciding.now,
    onNew: () => compose(),
    onLeave: () => activate(null),
    onClose: () => close(),
  });
  const stepping = createStepping({
    t,
    panel,
    threads: () => store.threads.get(),
    active: () => active,
    activate: (id) => activate(id, { jumps: true }),
    maySee,
    isShown: () => isShown.get(),
    open: () => open(),
  });
  const marks = createFieldMarks({
    slots: parts.slots,
    choices: parts.choices,
    t,
    open: (id) => activate(id),
    begin: (part) => compose(chosen.choice(part)),
  });
  const fieldSuggestions = createFieldSuggestions({
    slots: parts.slots,
    t,
    now: deciding.now,
    mayWrite: () => session.canWrite.get(),
    open: (id) => activate(id),
    decide: (thread, act) => void deciding.decide(thread, act),
  });
  const bubble = createBubble({
    editor,
    canvas: parts.canvas,
    t,
    mayComment,
    isSuggesting: parts.isSuggesting,
    run: () => compose(),
  });

  const count = h("span", { class: "ed-threads-count" });
  const dot = h("span", { class: "ed-unread", hidden: true });
  const button = h(
    "button",
    { type: "button", class: "ed-button ed-threads-button", onclick: () => (isShown.get() ? close() : open()) },
    icon("message"),
    h("span", { class: "ed-threads-word" }, t("threads")),
    count,
    dot,
  );

  const highlighted = () => {
    const all = [...store.threads.get().values()];
    const shown = new Set(all.filter(({ id, state }) => state === "open" || id === active).map(({ id }) => id));
    return { ranges: places.highlights(shown), active: isShown.get() ? active : null };
  };
  const draw = oncePerFrame(() => {
    if (editor.isDestroyed) return;
    const threads = store.threads.get();
    if (wanted && threads.has(wanted)) {
      const id = wanted;
      wanted = null;
      activate(id, { jumps: true });
    } else if (wanted && wanted !== sought && store.state.get() === "ready") {
      wanted = null;
      toast.show(t("threadNotHere"));
    }
    const all = [...threads.values()];
    const openCount = all.filter(({ state }) => state === "open").length;
    const unread = all.reduce((sum, thread) => sum + unreadOf(thread, userId), 0);
    count.textContent = openCount ? String(openCount) : "";
    dot.hidden = unread === 0;
    dot.textContent = String(unread);
    const label = t("threadsOf", { open: openCount, unread });
    button.title = label;
    button.setAttribute("aria-label", label);
    button.hidden = !maySee();
    if (!maySee()) close();
    panel.draw({ threads, places: places.places.get(), active, state: store.state.get(), mayComment: mayComment() });
    marks.draw(all, active, mayComment());
    fieldSuggestions.draw(all);
    // Redrawing beside a word that is being composed would end the composition.
    if (editor.view.composing) setTimeout(draw, 100);
    // Hundreds come in several answers, and each drawing lays out the whole page.
    else if (store.state.get() !== "loading") showHighlights(editor, highlighted());
    bubble.update();
    if (active && isShown.get() && document.visibilityState === "visible") store.markRead(active);
  });

  const reveal = (id: string) => {
    const thread = store.threads.get().get(id);
    if (thread) panel.reveal(thread);
    draw();
  };
  function activate(id: string | null, { jumps = false } = {}): void {
    if (id !== null && !isShown.get()) open();
    active = id;
    if (id === null) return draw();
    reveal(id);
    requestAnimationFrame(() => {
      panel.scrollTo(id);
      if (jumps) jumpToThread({ editor, root, threads: store.threads.get(), places: places.places.get() }, id);
    });
  }
  const show = (is: boolean) => {
    panel.element.hidden = !is;
    root.classList.toggle("has-threads", is);
    button.setAttribute("aria-pressed", String(is));
    isShown.set(is);
    draw();
  };
  function open(): void {
    if (!maySee()) return;
    parts.onOpen();
    show(true);
  }
  function close(): void {
    if (!isShown.get()) return;
    const hadFocus = panel.element.contains(document.activeElement);
    show(false);
    if (hadFocus) button.focus();
  }

  /** A field takes new words instead of a mark in its text. */
  const wordingFor = ({ part }: Anchor) => {
    if (!isTextField(part)) return null;
    const before = kept.read(NEW);
    const isSame = before?.anchor?.part === part;
    return createWordingBox({ t, part, now: deciding.now(part), kept: (isSame && before?.wording) || null, isOn: parts.isSuggesting() });
  };
  function compose(given: Anchor | null = null, { focuses = true } = {}): void {
    if (!mayComment()) return;
    const anchor = given ?? chosen.selected();
    if (!anchor) {
      open();
      toast.show(t("threadSelect"));
      return;
    }
    if (!isShown.get()) open();
    const wording = wordingFor(anchor);
    const box = createComposer({
      t,
      api,
      placeholder: "threadWrite",
      submit: "threadSend",
      takesFiles: true,
      wording,
      kept: { store: kept, slot: NEW, anchor },
      send: async (said) => {
        const words = wording?.value() ?? null;
        const thread = await api.start(words ? (chosen.whole(anchor.part) ?? anchor) : anchor, said, words);
        store.take(thread);
        panel.compose(null, null);
        activate(thread.id);
      },
      onCancel: () => panel.compose(null, null),
    });
    activate(null);
    panel.compose(anchor, box);
    if (focuses) box.focus();
  }

  hookHighlights(editor, {
    locate: (ids) => places.locate(ids),
    onClick: ([id]) => id && activate(id),
  });
  const stops = [
    store.threads.subscribe(draw),
    store.threads.subscribe((threads) => {
      for (const each of news.of(threads.values(), store.state.get() !== "ready")) {
        const run = () => activate(each.thread, { jumps: true });
        const words = each.kind === "mentioned" ? t("threadMentioned", { name: each.by }) : t("threadYours");
        toast.show(words, "info", { label: t("threadShow"), run });
      }
    }),
    store.state.subscribe(draw),
    places.places.subscribe(draw),
    session.threadsRevision.subscribe((revision) => store.hint(revision)),
    session.connected.subscribe((connected) => {
      if (connected && maySee()) void store.refresh();
    }),
    session.level.subscribe(() => {
      // Without the right the server's refusal puts away what was shown.
      if (maySee()) store.again();
      draw();
    }),
    bindThreadKeys({ compose: () => compose(), next: () => stepping.step(1), previous: () => stepping.step(-1) }),
  ];
  panel.element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
    event.preventDefault();
    close();
  });
  // What was written before a reload, with the words it speaks of.
  const unsent = kept.read(NEW);
  if (unsent?.anchor && mayComment()) compose(unsent.anchor, { focuses: false });

  return {
    elements: [panel.element, bubble.element],
    button,
    isShown,
    threads: store.threads,
    deciding,
    open,
    close,
    show: (id) => activate(id, { jumps: true }),
    followHash(hash) {
      const id = threadOf(hash);
      if (!id || !maySee()) return false;
      wanted = sought = id;
      open();
      // It may be newer than what is known here.
      void store.refresh().then(() => {
        if (sought === id) sought = null;
        draw();
      });
      return true;
    },
    destroy() {
      for (const stop of stops) stop();
      bubble.destroy();
      places.destroy();
      store.destroy();
    },
  };
}
