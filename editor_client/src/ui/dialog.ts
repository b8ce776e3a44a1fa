/** A modal window on the browser's own <dialog>: focus trap and Escape come with it. */
import { h } from "./dom";
import { icon } from "./icons";

export interface DialogHandle {
  readonly element: HTMLDialogElement;
  readonly body: HTMLElement;
  close(): void;
}

export function openDialog(title: string, closeLabel: string, ...content: Node[]): DialogHandle {
  const body = h("div", { class: "ed-dialog-body" });
  body.append(...content);
  const element = h(
    "dialog",
    { class: "ed-dialog", "aria-label": title },
    h(
      "div",
      { class: "ed-dialog-head" },
      h("h2", {}, title),
      h(
        "button",
        { type: "button", class: "ed-button ed-button-icon", title: closeLabel, "aria-label": closeLabel, onclick: () => element.close() },
        icon("close"),
      ),
    ),
    body,
  );
  element.addEventListener("close", () => element.remove());
  element.addEventListener("click", (event) => {
    // The backdrop is the dialog itself; its content is its children.
    if (event.target === element) element.close();
  });
  document.body.append(element);
  element.showModal();
  return { element, body, close: () => element.close() };
}
