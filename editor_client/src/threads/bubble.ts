/**
 * The button that appears beside selected words, or a picture: comment on them.
 *
 * For everybody who may comment, also where the text itself may only be read. On a phone
 * it stands at the foot of the page, away from the system's own menu.
 */
import type { Editor } from "@tiptap/core";
import { NodeSelection } from "@tiptap/pm/state";
import type { Translate } from "../i18n";
import { h, oncePerFrame, shortcutText } from "../ui/dom";
import { icon } from "../ui/icons";
import { NEW_KEYS } from "./panel";

export interface Bubble {
  readonly element: HTMLElement;
  update(): void;
  destroy(): void;
}

export interface BubbleParts {
  readonly editor: Editor;
  readonly canvas: HTMLElement;
  readonly t: Translate;
  readonly mayComment: () => boolean;
  readonly isSuggesting: () => boolean;
  readonly run: () => void;
}

export function createBubble({ editor, canvas, t, mayComment, isSuggesting, run }: BubbleParts): Bubble {
  const word = h("span", {}, t("threads"));
  const element = h(
    "button",
    {
      type: "button",
      class: "ed-bubble",
      hidden: true,
      title: `${t("threadNew")} (${shortcutText(NEW_KEYS)})`,
      // The selection stays.
      onmousedown: (event: Event) => event.preventDefault(),
      onclick: () => {
        element.hidden = true;
        run();
      },
    },
    icon("messagePlus"),
    word,
  );
  const update = oncePerFrame(() => {
    const box = mayComment() && !editor.isDestroyed ? selectedBox(editor) : null;
    element.hidden = !box;
    if (!box) return;
    word.textContent = t(focusedField() && isSuggesting() ? "fsSuggestThis" : "threads");
    const frame = canvas.getBoundingClientRect();
    if (box.bottom < frame.top || box.top > frame.bottom) {
      element.hidden = true;
      return;
    }
    const { width, height } = element.getBoundingClientRect();
    const below = box.bottom + 6;
    const top = below + height > frame.bottom ? box.top - height - 6 : below;
    element.style.top = `${String(Math.max(top, frame.top + 4))}px`;
    element.style.left = `${String(Math.min(Math.max(box.right - width / 2, frame.left + 4), frame.right - width - 16))}px`;
  });
  document.addEventListener("selectionchange", update);
  // An empty field that is entered changes no selection.
  document.addEventListener("focusin", update);
  canvas.addEventListener("scroll", update, { passive: true });
  window.addEventListener("resize", update);
  return {
    element,
    update,
    destroy() {
      document.removeEventListener("selectionchange", update);
      document.removeEventListener("focusin", update);
      canvas.removeEventListener("scroll", update);
      window.removeEventListener("resize", update);
    },
  };
}

interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly right: number;
}

/** Of the end of the selection in the body, or of the field that has one. */
function selectedBox(editor: Editor): Box | null {
  const field = focusedField();
  // Where one may not write, a click in a field can only mean to speak of it.
  if (field) return field.readOnly || hasSelection(field) ? field.getBoundingClientRect() : null;
  const picture = selectedPicture(editor);
  if (picture !== null) {
    const dom = editor.view.nodeDOM(picture);
    return dom instanceof Element ? dom.getBoundingClientRect() : null;
  }
  const selection = document.getSelection();
  const { from, to } = editor.state.selection;
  const isIn = selection && !selection.isCollapsed && editor.view.dom.contains(selection.anchorNode);
  if (!isIn || from === to) return null;
  if (editor.state.doc.textBetween(from, to, " ").trim() === "") return null;
  const end = editor.view.coordsAtPos(to, -1);
  return { top: end.top, bottom: end.bottom, right: end.right };
}

/** The position of the picture that is selected in the body. */
export function selectedPicture({ state: { selection } }: Editor): number | null {
  return selection instanceof NodeSelection && selection.node.type.name === "image" ? selection.from : null;
}

/** The field of the letterhead in which the caret is. */
export function focusedField(): HTMLTextAreaElement | null {
  const active = document.activeElement;
  return active instanceof HTMLTextAreaElement && active.dataset["field"] !== undefined ? active : null;
}

export const hasSelection = (field: HTMLTextAreaElement) => field.selectionStart !== field.selectionEnd;
