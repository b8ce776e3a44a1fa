/**
 * Two dialogs of the server-rendered pages.
 *
 * - `hx-target="#dialog"`: the answer is shown in the page's dialog. A `data-close`
 *   element in it, Escape or an `HX-Trigger: dialog-close` answer closes it.
 * - `data-confirm="Question?"` on a form, or `hx-confirm`: asked before it is sent.
 */
import { word } from "./words";

interface ConfirmDetail {
  question: string | null;
  issueRequest: (skipConfirmation: boolean) => void;
}

export function ask(question: string): Promise<boolean> {
  const dialog = document.createElement("dialog");
  dialog.className = "dt-dialog";
  const body = document.createElement("p");
  body.className = "dt-dialog-body m-0";
  body.textContent = question;
  const actions = document.createElement("form");
  actions.method = "dialog";
  actions.className = "dt-dialog-actions";
  actions.append(
    button(word("cancel"), "no", "btn"),
    button(word("proceed"), "yes", "btn btn-primary"),
  );
  dialog.append(body, actions);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

function button(label: string, value: string, css: string): HTMLButtonElement {
  const made = document.createElement("button");
  made.className = css;
  made.value = value;
  made.textContent = label;
  return made;
}

export function listen(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    const question = form.dataset.confirm;
    if (question === undefined || form.dataset.confirmed === "yes") return;
    event.preventDefault();
    const { submitter } = event;
    void ask(question).then((yes) => {
      if (!yes) return;
      form.dataset.confirmed = "yes";
      form.requestSubmit(submitter);
    });
  });

  document.body.addEventListener("htmx:confirm", (event) => {
    const { detail } = event as CustomEvent<ConfirmDetail>;
    const { question } = detail;
    if (question === null || question === "") return;
    event.preventDefault();
    void ask(question).then((yes) => {
      if (yes) detail.issueRequest(true);
    });
  });

  const dialog = document.getElementById("dialog");
  if (!(dialog instanceof HTMLDialogElement)) return;
  dialog.addEventListener("htmx:afterSwap", () => {
    if (!dialog.open) dialog.showModal();
  });
  dialog.addEventListener("click", (event) => {
    const { target } = event;
    const closes = target instanceof Element && target.closest("[data-close]") !== null;
    if (closes || target === dialog) dialog.close();
  });
  document.body.addEventListener("dialog-close", () => dialog.close());
}
