/** The description of the selected image, for those who cannot see it. */
import type { Editor } from "@tiptap/core";
import type { Translate } from "../i18n";
import { h } from "./dom";

export function altForm(editor: Editor, t: Translate, close: () => void): HTMLElement {
  const input = h("input", {
    type: "text",
    class: "ed-input",
    maxlength: 500,
    value: String(editor.getAttributes("image")["alt"] ?? ""),
  });
  return h(
    "form",
    {
      class: "ed-form",
      onsubmit: (event: Event) => {
        event.preventDefault();
        const alt = input.value.normalize("NFC").trim();
        editor.commands.updateAttributes("image", { alt });
        close();
        editor.commands.focus();
      },
    },
    h("label", { class: "ed-label" }, t("imageAlt"), input),
    h(
      "div",
      { class: "ed-form-actions" },
      h("button", { type: "submit", class: "ed-button ed-button-primary" }, t("linkApply")),
    ),
  );
}
