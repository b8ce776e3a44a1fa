/** Tools for the table or image that holds the selection, floating just above it. */
import type { Editor } from "@tiptap/core";
import { NodeSelection } from "@tiptap/pm/state";
import type { Translate } from "../i18n";
import { altForm } from "./altForm";
import { h, oncePerFrame } from "./dom";
import { popover } from "./popover";
import { iconButton, toolGroup } from "./toolButton";
import { imageTools, tableTools } from "./tools";

export interface ContextBar {
  readonly element: HTMLElement;
  destroy(): void;
}

export function createContextBar(editor: Editor, canvas: HTMLElement, t: Translate): ContextBar {
  const forTable = toolGroup(tableTools, editor, t);
  const forImage = toolGroup(imageTools, editor, t);
  const alt = iconButton("info", t("imageAlt"));
  popover(alt, { label: t("imageAlt"), role: "dialog", content: (close) => altForm(editor, t, close) });
  forImage.element.append(alt);
  const element = h("div", { class: "ed-context", role: "toolbar", hidden: true });

  const update = oncePerFrame(() => {
    if (editor.isDestroyed) return;
    const target = editor.isEditable ? targetOf(editor) : null;
    element.hidden = !target;
    if (!target) return;
    const group = target.kind === "table" ? forTable : forImage;
    element.setAttribute("aria-label", t(target.kind === "table" ? "tableTools" : "imageTools"));
    if (element.firstElementChild !== group.element) element.replaceChildren(group.element);
    group.update();
    place(element, target.dom, canvas);
  });
  editor.on("transaction", update);
  editor.on("focus", update);
  canvas.addEventListener("scroll", update, { passive: true });
  window.addEventListener("resize", update);
  return {
    element,
    destroy() {
      canvas.removeEventListener("scroll", update);
      window.removeEventListener("resize", update);
    },
  };
}

function targetOf(editor: Editor): { kind: "table" | "image"; dom: Element } | null {
  const { selection } = editor.state;
  if (selection instanceof NodeSelection && selection.node.type.name === "image") {
    const dom = editor.view.nodeDOM(selection.from);
    return dom instanceof Element ? { kind: "image", dom } : null;
  }
  const { $anchor } = selection;
  for (let depth = $anchor.depth; depth > 0; depth -= 1) {
    if ($anchor.node(depth).type.name === "table") {
      const dom = editor.view.nodeDOM($anchor.before(depth));
      return dom instanceof Element ? { kind: "table", dom } : null;
    }
  }
  return null;
}

/** Above the object while its top is visible, else at the top of the canvas. */
function place(bar: HTMLElement, target: Element, canvas: HTMLElement): void {
  const box = target.getBoundingClientRect();
  const frame = canvas.getBoundingClientRect();
  const { width, height } = bar.getBoundingClientRect();
  const top = Math.max(box.top - height - 8, frame.top + 8);
  bar.hidden = box.bottom < frame.top + height || box.top > frame.bottom;
  const left = Math.min(Math.max(box.left, frame.left + 8), frame.right - width - 8);
  bar.style.top = `${top}px`;
  bar.style.left = `${Math.max(left, 4)}px`;
}
