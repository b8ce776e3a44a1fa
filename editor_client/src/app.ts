/** Puts the editor page together: bar, tools, page, status. Knows the session, no socket. */
import type { Editor } from "@tiptap/core";
import type { UndoManager } from "yjs";
import { placeFromHash } from "./check/faults";
import type { Boot, Session } from "./collab/types";
import { createEditor } from "./createEditor";
import { createUndoManager } from "./extensions/undo";
import { facts } from "./fields/facts";
import { letterhead } from "./fields/letterhead";
import { scalarsOf } from "./fields/scalars";
import { translator } from "./i18n";
import type { ImageContext } from "./images/insert";
import { insertImages } from "./images/insert";
import { IMAGE_TYPES } from "./images/upload";
import { bindKeys } from "./keys";
import { createThreads } from "./threads";
import { createAsked } from "./ui/asked";
import { createContextBar } from "./ui/contextBar";
import { h } from "./ui/dom";
import { showFieldPresence } from "./ui/fieldPresence";
import { createFollowing } from "./ui/follow";
import { icon } from "./ui/icons";
import { createMenu } from "./ui/menu";
import { createNoticeBanner } from "./ui/noticeBanner";
import { spareHidden } from "./ui/offscreen";
import { fetchLater, panelOnDemand } from "./ui/onDemand";
import { createPresence } from "./ui/presence";
import { createSaveIndicator } from "./ui/saveIndicator";
import { createSignatureOffer } from "./ui/signatureOffer";
import { createStatusBar } from "./ui/statusBar";
import { createSuggestions } from "./ui/suggestions";
import { createTitleField } from "./ui/titleField";
import { createToast } from "./ui/toast";
import { createToolbar } from "./ui/toolbar";
import { createZoom } from "./ui/zoom";

export interface App {
  readonly editor: Editor;
  readonly undoManager: UndoManager;
  destroy(): void;
}

/** Fill `root` with the editor of `session`. Call it when `session.ready` is done. */
export function mountApp(root: HTMLElement, boot: Boot, session: Session): App {
  const t = translator(boot.language);
  const toast = createToast();
  const { body, fields } = session;
  const undoManager = createUndoManager(body, fields);
  const scalars = scalarsOf(fields);

  const bodyHolder = h("div", { class: "ed-body", id: "ed-body" });
  const head = letterhead(fields, scalars, boot, t);
  const strip = facts(scalars, boot, t);
  const sheet = h("article", { class: "ed-sheet", lang: "vi" }, head.head, bodyHolder, head.foot);
  const canvas = h("main", { class: "ed-canvas" }, strip.element, sheet);

  const images: ImageContext = {
    get editor() {
      return editor;
    },
    target: { url: boot.urls.images, csrf: boot.csrf },
    toast,
    t,
  };
  const suggestions = createSuggestions(boot, session, undoManager, t, toast);
  const editor: Editor = createEditor({
    element: bodyHolder,
    body,
    awareness: session.awareness,
    undoManager,
    imageContext: () => images,
    suggesting: suggestions.options,
    t,
  });

  const fileInput = h("input", {
    type: "file",
    accept: IMAGE_TYPES.join(","),
    multiple: true,
    hidden: true,
    onchange: () => {
      const files = Array.from(fileInput.files ?? []);
      fileInput.value = "";
      void insertImages(images, files, editor.state.selection.to);
    },
  });
  const later = fetchLater(t, toast);
  const find = panelOnDemand(later, (parts) => parts.createFindPanel(editor, undoManager, t, toast));
  const openFind = (withReplace: boolean) => find.use((panel) => panel.open(withReplace));
  const share = () => later.with((parts) => parts.openShare(boot));
  const shortcuts = () => later.with((parts) => parts.openShortcuts(t));
  const toolbar = createToolbar(editor, t, {
    chooseImage: () => fileInput.click(),
    openFind: () => openFind(false),
    openNumbering: () => later.with((parts) => parts.openNumbering(editor, t)),
  });
  const check = panelOnDemand(later, (parts) =>
    parts.createCheckPanel({ url: boot.urls.formatCheck, session, editor, undoManager, root, t, toast }),
  );
  const threads = createThreads({
    boot,
    session,
    editor,
    undoManager,
    isSuggesting: () => session.canWrite.get() && suggestions.isSuggesting(),
    root,
    canvas,
    slots: head.slots,
    choices: [...strip.choices, ...head.choices],
    t,
    toast,
    onOpen: () => {
      check.made()?.close();
      suggestions.closePanel();
    },
  });
  const offer = createSignatureOffer(head.foot, boot.urls.signatureBlock, session, undoManager, t, toast);
  const context = createContextBar(editor, canvas, t);
  const zoom = createZoom(canvas, t);
  const status = createStatusBar(editor, sheet, zoom.element, t);

  const openCheck = (run: () => void) => {
    threads.close();
    run();
  };
  const shareButton = h(
    "button",
    { type: "button", class: "ed-button ed-button-primary ed-share-button", title: t("share"), onclick: share },
    icon("share"),
    h("span", {}, t("share")),
  );
  const checkButton = h(
    "button",
    { type: "button", class: "ed-button ed-check-button", title: t("formatCheck"), "aria-label": t("formatCheck"), onclick: () => openCheck(() => check.use((panel) => panel.toggle())) },
    icon("formatCheck"),
    h("span", {}, t("formatCheck")),
  );
  const asked = createAsked(boot, t);
  const bar = h(
    "header",
    { class: "ed-bar" },
    h("a", { class: "ed-button ed-button-icon", href: boot.urls.list, title: t("back"), "aria-label": t("back") }, icon("back")),
    createTitleField(session, boot, t, toast),
    createSaveIndicator(session.status, t),
    h("span", { class: "ed-space" }),
    createPresence(session, t),
    threads.button,
    checkButton,
    shareButton,
    asked.element,
    createMenu(boot, t, {
      openFind: () => openFind(false),
      openCheck: () => openCheck(() => check.use((panel) => panel.open())),
      openShare: share,
      openShortcuts: shortcuts,
    }),
  );
  shareButton.hidden = boot.level !== "own";
  const side = h("div", { class: "ed-side" });

  root.replaceChildren(
    h("a", { class: "ed-skip", href: "#ed-body" }, t("skip")),
    bar,
    toolbar.element,
    createNoticeBanner(session, boot, t, toast),
    h(
      "div",
      { class: "ed-middle" },
      canvas,
      find.slot,
      check.slot,
      side,
      ...threads.elements,
      createFollowing(session, editor, canvas, t),
    ),
    status.element,
    context.element,
    toast.element,
    fileInput,
  );
  suggestions.attach(editor, {
    bar,
    toolbar: toolbar.element,
    side,
    page: bodyHolder,
    root,
    slots: head.slots,
    threads,
    onOpen: () => threads.close(),
  });
  root.classList.add("ed-app");
  root.dataset["ready"] = "true";
  performance.mark("text-ready");

  // The letterhead knows no suggestions: who suggests leaves it as it is.
  const followMode = () => {
    const canWrite = session.canWrite.get();
    const isDirect = canWrite && !suggestions.isSuggesting() && !suggestions.isPreview();
    if (!editor.isDestroyed) editor.setEditable(canWrite && !suggestions.isPreview());
    head.setWritable(isDirect);
    strip.setWritable(isDirect);
    toolbar.update();
  };
  suggestions.onMode(followMode);
  session.canWrite.subscribe((canWrite) => {
    if (editor.isDestroyed) return;
    followMode();
    toolbar.element.hidden = !canWrite;
    root.classList.toggle("is-read-only", !canWrite);
  });
  const stopPresence = showFieldPresence(session, head.slots);
  const stopSparing = spareHidden(bodyHolder);
  const stopKeys = bindKeys(root, {
    undo: () => undoManager.undo(),
    redo: () => undoManager.redo(),
    find: openFind,
    shortcuts,
    toolbar: () => toolbar.focus(),
    link: () => toolbar.element.querySelector<HTMLElement>('[data-tool="link"]')?.click(),
    suggestion: (by) => suggestions.step(by),
  });

  const followAddress = () => {
    const place = placeFromHash(location.hash);
    if (place) check.use((panel) => panel.goTo(place));
    else if (threads.followHash(location.hash)) return;
    else if (location.hash === "#signature-block") offer.reveal();
  };
  window.addEventListener("hashchange", followAddress);
  // The page is laid out only after this turn; before it there is nothing to scroll.
  requestAnimationFrame(followAddress);

  return {
    editor,
    undoManager,
    destroy() {
      window.removeEventListener("hashchange", followAddress);
      offer.destroy();
      asked.destroy();
      suggestions.destroy();
      threads.destroy();
      stopPresence();
      stopSparing();
      stopKeys();
      toolbar.destroy();
      context.destroy();
      head.destroy();
      strip.destroy();
      editor.destroy();
    },
  };
}
