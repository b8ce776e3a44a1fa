/** Find and replace: a small panel over the corner of the page. */
import type { Editor } from "@tiptap/core";
import type { UndoManager } from "yjs";
import { findStateOf } from "../find/plugin";
import type { Translate } from "../i18n";
import { h, oncePerFrame } from "./dom";
import type { Toast } from "./toast";
import { iconButton } from "./toolButton";

export interface FindPanel {
  readonly element: HTMLElement;
  open(withReplace: boolean): void;
  close(): void;
}

export function createFindPanel(
  editor: Editor,
  undoManager: UndoManager,
  t: Translate,
  toast: Toast,
): FindPanel {
  const query = h("input", { type: "text", class: "ed-input", placeholder: t("findText"), "aria-label": t("findText") });
  const replacement = h("input", { type: "text", class: "ed-input", placeholder: t("replaceText"), "aria-label": t("replaceText") });
  const count = h("span", { class: "ed-find-count", "aria-live": "polite" });
  const ignoreDiacritics = h("input", { type: "checkbox" });
  const ignoreCase = h("input", { type: "checkbox", checked: true });

  const search = () => {
    editor.commands.setQuery({
      text: query.value,
      ignoreCase: ignoreCase.checked,
      ignoreDiacritics: ignoreDiacritics.checked,
    });
    reveal(editor);
  };
  const go = (step: 1 | -1) => {
    editor.commands.goToMatch(step);
    reveal(editor);
  };
  const replaceOne = () => {
    undoManager.stopCapturing();
    editor.commands.replaceMatch(replacement.value);
    undoManager.stopCapturing();
    reveal(editor);
  };
  const replaceAll = () => {
    const { matches } = findStateOf(editor.state);
    if (!matches.length) return;
    // One step of its own in the undo history.
    undoManager.stopCapturing();
    editor.commands.replaceAllMatches(replacement.value);
    undoManager.stopCapturing();
    toast.show(t("replaced", { n: matches.length }), "success");
  };
  const close = () => {
    if (element.hidden) return;
    element.hidden = true;
    editor.commands.setQuery(null);
    editor.commands.focus();
  };

  const replaceRow = h(
    "div",
    { class: "ed-find-row" },
    replacement,
    h("button", { type: "button", class: "ed-button", onclick: replaceOne }, t("replaceOne")),
    h("button", { type: "button", class: "ed-button", onclick: replaceAll }, t("replaceAll")),
  );
  const element = h(
    "div",
    { class: "ed-find", role: "search", hidden: true },
    h(
      "div",
      { class: "ed-find-row" },
      query,
      count,
      iconButton("chevronUp", t("findPrevious"), () => go(-1), "Shift-Enter"),
      iconButton("chevronDown", t("findNext"), () => go(1), "Enter"),
      iconButton("close", t("close"), close, "Esc"),
    ),
    replaceRow,
    h(
      "div",
      { class: "ed-find-options" },
      h("label", { class: "ed-choice" }, ignoreDiacritics, t("ignoreDiacritics")),
      h("label", { class: "ed-choice" }, ignoreCase, t("ignoreCase")),
    ),
  );
  query.addEventListener("input", (event) => {
    if (!(event as InputEvent).isComposing) search();
  });
  query.addEventListener("compositionend", search);
  ignoreDiacritics.addEventListener("change", search);
  ignoreCase.addEventListener("change", search);
  element.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && event.target === query) go(event.shiftKey ? -1 : 1);
    else if (event.key === "Enter" && event.target === replacement) replaceOne();
    else return;
    event.preventDefault();
  });
  const showCount = oncePerFrame(() => {
    if (editor.isDestroyed) return;
    const { matches, current } = findStateOf(editor.state);
    count.textContent = !query.value
      ? ""
      : matches.length
        ? t("findCount", { n: current + 1, total: matches.length })
        : t("findNone");
    count.classList.toggle("is-none", query.value !== "" && !matches.length);
  });
  editor.on("transaction", showCount);

  return {
    element,
    open(withReplace) {
      element.hidden = false;
      replaceRow.hidden = !editor.isEditable;
      const { from, to } = editor.state.selection;
      const selected = editor.state.doc.textBetween(from, to, "\n");
      if (selected && selected.length < 200 && !selected.includes("\n")) query.value = selected;
      search();
      const target = withReplace && query.value && editor.isEditable ? replacement : query;
      target.focus();
      target.select();
    },
    close,
  };
}

/** Bring the shown match into view; the focus stays in the panel. */
function reveal(editor: Editor): void {
  requestAnimationFrame(() => {
    editor.view.dom.querySelector(".ed-match-current")?.scrollIntoView({ block: "center", inline: "nearest" });
  });
}
