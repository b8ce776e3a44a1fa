/** The row of tools above the page. */
import type { Editor } from "@tiptap/core";
import type { Translate } from "../i18n";
import { h, oncePerFrame, shortcutText } from "./dom";
import { keepInOneRow } from "./overflow";
import { linkForm } from "./linkForm";
import { popover } from "./popover";
import { styleSelect } from "./styleSelect";
import { tableGrid } from "./tableGrid";
import { iconButton, toolGroup } from "./toolButton";
import {
  alignTools,
  indentTools,
  insertTools,
  listTools,
  markTools,
  moreMarkTools,
  undoTools,
} from "./tools";

export interface ToolbarActions {
  readonly chooseImage: () => void;
  readonly openFind: () => void;
  readonly openNumbering: () => void;
}

export interface Toolbar {
  readonly element: HTMLElement;
  focus(): void;
  /** Follow what the editor allows now. */
  update(): void;
  destroy(): void;
}

export function createToolbar(editor: Editor, t: Translate, actions: ToolbarActions): Toolbar {
  const style = styleSelect(editor, t);
  const groups = {
    undo: toolGroup(undoTools, editor, t),
    marks: toolGroup(markTools, editor, t),
    lists: toolGroup(listTools, editor, t),
    indents: toolGroup(indentTools, editor, t),
    aligns: toolGroup(alignTools, editor, t),
    moreMarks: toolGroup(moreMarkTools, editor, t),
    inserts: toolGroup(insertTools, editor, t),
  };

  const numbering = iconButton("listNumbers", t("numbering"), actions.openNumbering);
  numbering.replaceChildren(h("span", { class: "ed-button-text" }, "1."));
  const link = iconButton("link", t("link"), undefined, "Mod-K");
  link.dataset["tool"] = "link";
  popover(link, { label: t("link"), role: "dialog", content: (close) => linkForm(editor, t, close) });
  const table = iconButton("table", t("table"));
  table.dataset["tool"] = "table";
  popover(table, {
    label: t("table"),
    role: "dialog",
    content: (close) =>
      tableGrid(t, (rows, cols) => {
        close();
        editor.chain().focus().insertTable({ rows, cols, withHeaderRow: rows > 1 }).run();
      }),
  });
  const image = iconButton("photo", t("image"), actions.chooseImage);
  image.dataset["tool"] = "image";
  const find = iconButton("search", t("find"), actions.openFind, "Mod-F");
  find.dataset["tool"] = "find";

  const styles = h("div", { class: "ed-group" }, style.element);
  const objects = h("div", { class: "ed-group", role: "group" }, table, image, link);
  groups.inserts.element.append(numbering);
  const finding = h("div", { class: "ed-group", role: "group" }, find);
  const moreButton = iconButton("dots", t("more"));
  moreButton.classList.add("ed-more");
  moreButton.setAttribute("aria-expanded", "false");
  const row = h(
    "div",
    { class: "ed-toolbar", role: "toolbar", "aria-label": t("toolbar"), "aria-orientation": "horizontal" },
    moreButton,
  );
  const panel = h("div", { class: "ed-toolbar-more", role: "toolbar", "aria-label": t("more"), hidden: true });
  const stop = keepInOneRow(row, panel, moreButton, [
    groups.undo.element,
    styles,
    groups.marks.element,
    groups.lists.element,
    groups.aligns.element,
    groups.indents.element,
    objects,
    finding,
    groups.inserts.element,
    groups.moreMarks.element,
  ]);
  const element = h("div", { class: "ed-toolbar-box" }, row, panel);
  rovingFocus(element);

  const update = oncePerFrame(() => {
    if (editor.isDestroyed) return;
    style.update();
    for (const group of Object.values(groups)) group.update();
    for (const button of [link, table, image, numbering]) button.disabled = !editor.isEditable;
    link.setAttribute("aria-pressed", String(editor.isActive("link")));
  });
  editor.on("transaction", update);
  update();
  return {
    element,
    focus: () => focusables(element)[0]?.focus(),
    update,
    destroy: stop,
  };
}

function focusables(element: HTMLElement): HTMLElement[] {
  return Array.from(element.querySelectorAll<HTMLElement>("button:not([disabled]):not([hidden]), select:not([disabled])")).filter(
    (each) => each.offsetParent !== null,
  );
}

/** Arrow keys move along the toolbar, as the toolbar pattern of ARIA asks. */
function rovingFocus(element: HTMLElement): void {
  element.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const items = focusables(element);
    const index = items.indexOf(document.activeElement as HTMLElement);
    if (index < 0) return;
    event.preventDefault();
    const step = event.key === "ArrowRight" ? 1 : -1;
    items[(index + step + items.length) % items.length]?.focus();
  });
}

/** "Ctrl+F" and the like, for menus. */
export function keysLabel(keys: string): HTMLElement {
  return h("kbd", {}, shortcutText(keys));
}
