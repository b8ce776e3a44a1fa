/** Words, pages and zoom at the foot of the window. */
import type { Editor } from "@tiptap/core";
import type { Translate } from "../i18n";
import { h, oncePerFrame, whenQuiet } from "./dom";
import { estimatePages } from "./pages";

export interface StatusBar {
  readonly element: HTMLElement;
}

/** Vietnamese is counted as it is written: by syllables between spaces ("chữ"). */
export function countWords(text: string): number {
  return text.match(/[\p{L}\p{N}][^\s]*/gu)?.length ?? 0;
}

export function createStatusBar(
  editor: Editor,
  sheet: HTMLElement,
  zoom: HTMLElement,
  t: Translate,
): StatusBar {
  const words = h("span", { class: "ed-status-words" });
  const pages = h("span", { class: "ed-status-pages" });
  let total = 0;
  const textOf = (from: number, to: number) => editor.state.doc.textBetween(from, to, "\n", " ");
  const showWords = oncePerFrame(() => {
    if (editor.isDestroyed) return;
    const { from, to, empty } = editor.state.selection;
    words.textContent = empty
      ? t("words", { n: total })
      : t("selectedWords", { n: countWords(textOf(from, to)), total });
  });
  const count = () => {
    if (editor.isDestroyed) return;
    total = countWords(textOf(0, editor.state.doc.content.size));
    showWords();
    const estimate = estimatePages(sheet, editor.view.dom);
    pages.textContent = estimate > 1 ? t("pages", { n: estimate }) : t("pagesOne");
  };
  const countLater = whenQuiet(count, 400);
  editor.on("update", countLater);
  editor.on("selectionUpdate", showWords);
  new ResizeObserver(countLater).observe(sheet);
  count();
  return { element: h("footer", { class: "ed-status" }, words, pages, h("span", { class: "ed-space" }), zoom) };
}
