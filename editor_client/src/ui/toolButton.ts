/** A toolbar button for a tool, and how a group of them follows the editor's state. */
import type { Editor } from "@tiptap/core";
import type { Translate } from "../i18n";
import { h, shortcutText } from "./dom";
import type { IconName } from "./icons";
import { icon } from "./icons";
import type { Tool } from "./tools";

/** A button with an icon; the tooltip is its accessible name and its shortcut. */
export function iconButton(
  name: IconName,
  label: string,
  onclick?: () => void,
  keys?: string,
): HTMLButtonElement {
  const button = h(
    "button",
    {
      type: "button",
      class: "ed-button ed-button-icon",
      "aria-label": label,
      title: keys ? `${label} (${shortcutText(keys)})` : label,
      // Keep the selection of the text while a tool is clicked.
      onmousedown: (event: Event) => event.preventDefault(),
      onclick,
    },
    icon(name),
  );
  return button;
}

export interface ToolGroup {
  readonly element: HTMLElement;
  /** Show which tools are on or cannot be used now. */
  update(): void;
}

export function toolGroup(
  tools: readonly (Tool & { readonly text?: string })[],
  editor: Editor,
  t: Translate,
  className = "",
): ToolGroup {
  const buttons = tools.map((tool) => {
    const button = iconButton(tool.icon, t(tool.word), () => tool.run(editor), tool.keys);
    button.dataset["tool"] = tool.id;
    if (tool.text) button.replaceChildren(h("span", { class: "ed-button-text" }, tool.text));
    return { tool, button };
  });
  return {
    element: h("div", { class: `ed-group ${className}`, role: "group" }, ...buttons.map(({ button }) => button)),
    update() {
      for (const { tool, button } of buttons) {
        if (tool.isOn) button.setAttribute("aria-pressed", String(tool.isOn(editor)));
        button.disabled = !editor.isEditable || (tool.can ? !tool.can(editor) : false);
      }
    },
  };
}
