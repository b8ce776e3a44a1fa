/** The paragraph style: a native select, which works with keyboards and on phones. */
import type { Editor } from "@tiptap/core";
import type { Translate } from "../i18n";
import type { ParagraphStyle } from "../schema/styles";
import { PARAGRAPH_STYLES, isParagraphStyle } from "../schema/styles";
import { h, shortcutText } from "./dom";
import { STYLE_KEYS, STYLE_WORDS } from "./tools";

export interface StyleSelect {
  readonly element: HTMLSelectElement;
  update(): void;
}

export function styleSelect(editor: Editor, t: Translate): StyleSelect {
  const mixed = h("option", { value: "", disabled: true, hidden: true }, t("styleMixed"));
  const element = h(
    "select",
    { class: "ed-select ed-style-select", title: t("style"), "aria-label": t("style") },
    mixed,
    ...PARAGRAPH_STYLES.map((style) => h("option", { value: style, title: keysOf(style) }, t(STYLE_WORDS[style]))),
  );
  element.addEventListener("change", () => {
    if (isParagraphStyle(element.value)) editor.chain().focus().setStyle(element.value).run();
  });
  return {
    element,
    update() {
      const styles = new Set<unknown>();
      const { from, to } = editor.state.selection;
      editor.state.doc.nodesBetween(from, to, (node) => {
        if (node.type.name === "paragraph") styles.add(node.attrs["style"]);
        return !node.isTextblock;
      });
      const [only] = styles;
      mixed.textContent = styles.size ? t("styleMixed") : "–";
      element.value = styles.size === 1 && isParagraphStyle(only) ? only : "";
      element.disabled = !editor.isEditable;
    },
  };
}

function keysOf(style: ParagraphStyle): string {
  const keys = STYLE_KEYS[style];
  return keys ? shortcutText(keys) : "";
}
