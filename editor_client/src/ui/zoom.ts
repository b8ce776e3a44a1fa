/** Size of the page on the screen; remembered on this computer. */
import type { Translate } from "../i18n";
import { h } from "./dom";
import { iconButton } from "./toolButton";

const STEPS = [50, 67, 75, 90, 100, 110, 125, 150, 175, 200] as const;
const KEY = "duthao.zoom";

export interface Zoom {
  readonly element: HTMLElement;
  change(by: -1 | 0 | 1): void;
}

export function createZoom(canvas: HTMLElement, t: Translate): Zoom {
  let percent = read();
  const value = h("button", {
    type: "button",
    class: "ed-button ed-zoom-value",
    title: t("zoomReset"),
    onclick: () => change(0),
  });
  const show = () => {
    // On a phone the page is fluid and text has its own size.
    canvas.style.setProperty("--zoom", String(percent / 100));
    value.textContent = `${percent}%`;
  };
  const change = (by: -1 | 0 | 1) => {
    const index = STEPS.findIndex((step) => step >= percent);
    percent = by === 0 ? 100 : (STEPS[Math.min(Math.max(index + by, 0), STEPS.length - 1)] ?? 100);
    try {
      localStorage.setItem(KEY, String(percent));
    } catch {
      // Storage may be forbidden; the zoom then lasts as long as the page.
    }
    show();
  };
  show();
  return {
    element: h(
      "div",
      { class: "ed-zoom", role: "group", "aria-label": t("zoom") },
      iconButton("minus", t("zoomOut"), () => change(-1)),
      value,
      iconButton("plus", t("zoomIn"), () => change(1)),
    ),
    change,
  };
}

function read(): number {
  try {
    const stored = Number(localStorage.getItem(KEY));
    return (STEPS as readonly number[]).includes(stored) ? stored : 100;
  } catch {
    return 100;
  }
}
