/** Short messages at the foot of the page, read out to those who cannot see them. */
import { h } from "./dom";

export type Tone = "info" | "success" | "danger";

export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

export interface Toast {
  readonly element: HTMLElement;
  show(text: string, tone?: Tone, action?: ToastAction): void;
}

const STAY_MS = 6000;
const STAY_WITH_ACTION_MS = 15000;

export function createToast(): Toast {
  const element = h("div", { class: "ed-toasts", role: "status", "aria-live": "polite" });
  return {
    element,
    show(text, tone = "info", action) {
      const toast = h("div", { class: "ed-toast", "data-tone": tone }, h("span", {}, text));
      const close = () => toast.remove();
      if (action) {
        const run = () => {
          close();
          action.run();
        };
        toast.append(h("button", { type: "button", class: "ed-toast-action", onclick: run }, action.label));
      }
      element.append(toast);
      setTimeout(close, action ? STAY_WITH_ACTION_MS : STAY_MS);
    },
  };
}
