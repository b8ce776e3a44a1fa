/** Set, change or remove the link of the selected text. */
import type { Editor } from "@tiptap/core";
import type { Translate } from "../i18n";
import { safeHref } from "../schema/links";
import { h } from "./dom";

export function linkForm(editor: Editor, t: Translate, close: () => void): HTMLElement {
  const present = String(editor.getAttributes("link")["href"] ?? "");
  const input = h("input", {
    type: "text",
    inputmode: "url",
    class: "ed-input",
    value: present,
    placeholder: "https://",
    "aria-label": t("linkAddress"),
  });
  const problem = h("div", { class: "ed-problem", role: "alert" });
  const done = () => {
    close();
    editor.commands.focus();
  };
  const form = h(
    "form",
    {
      class: "ed-form",
      onsubmit: (event: Event) => {
        event.preventDefault();
        const href = safeHref(input.value);
        if (!href) {
          problem.textContent = t("linkBad");
          return;
        }
        applyLink(editor, href);
        done();
      },
    },
    h("label", { class: "ed-label" }, t("linkAddress"), input),
    problem,
    h(
      "div",
      { class: "ed-form-actions" },
      present &&
        h(
          "button",
          {
            type: "button",
            class: "ed-button",
            onclick: () => {
              editor.chain().extendMarkRange("link").unsetMark("link").run();
              done();
            },
          },
          t("linkRemove"),
        ),
      h("button", { type: "submit", class: "ed-button ed-button-primary" }, t("linkApply")),
    ),
  );
  return form;
}

function applyLink(editor: Editor, href: string): void {
  if (editor.state.selection.empty && !editor.isActive("link")) {
    const text = href.replace(/^mailto:/, "");
    editor.commands.insertContent({ type: "text", text, marks: [{ type: "link", attrs: { href } }] });
    return;
  }
  editor.chain().extendMarkRange("link").setMark("link", { href }).run();
}
