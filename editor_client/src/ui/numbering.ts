/** Dialog for the number of the paragraph: automatic, none, or one of the writer's own. */
import type { Editor } from "@tiptap/core";
import { labelsOf } from "../extensions/labels";
import type { Translate } from "../i18n";
import { openDialog } from "./dialog";
import { h } from "./dom";

export function openNumbering(editor: Editor, t: Translate): void {
  const { $from } = editor.state.selection;
  const position = $from.depth > 0 ? $from.before($from.depth) : 0;
  const present = $from.parent.attrs["number"] as string | null | undefined;
  const shown = labelsOf(editor.state.doc).get(position) ?? "";
  const own = h("input", { type: "text", class: "ed-input", value: shown, maxlength: 40, "aria-label": t("numberingOwn") });
  const choice = (value: string, label: string, isChecked: boolean) =>
    h("label", { class: "ed-choice" }, h("input", { type: "radio", name: "ed-number", value, checked: isChecked }), label);
  const form = h(
    "form",
    { class: "ed-form", method: "dialog" },
    choice("auto", t("numberingAuto"), present === null || present === undefined),
    choice("none", t("numberingNone"), present === ""),
    h("div", { class: "ed-choice-row" }, choice("own", t("numberingOwn"), Boolean(present)), own),
    h(
      "div",
      { class: "ed-form-actions" },
      h("button", { type: "submit", class: "ed-button ed-button-primary" }, t("linkApply")),
    ),
  );
  own.addEventListener("input", () => {
    const radio = form.querySelector<HTMLInputElement>('input[value="own"]');
    if (radio) radio.checked = true;
  });
  const dialog = openDialog(t("numberingTitle"), t("close"), form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = new FormData(form).get("ed-number");
    dialog.close();
    const label = own.value.normalize("NFC").trim();
    editor.chain().focus().setNumber(value === "auto" ? null : value === "none" ? "" : label).run();
  });
}
