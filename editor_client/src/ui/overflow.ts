/**
 * One calm row: groups that do not fit move behind the "…" button, last ones first.
 *
 * The groups keep their place in a panel below the row, so every tool stays reachable
 * by keyboard on any width.
 */
import { oncePerFrame } from "./dom";

export function keepInOneRow(
  row: HTMLElement,
  panel: HTMLElement,
  button: HTMLElement,
  groups: readonly HTMLElement[],
): () => void {
  const fit = oncePerFrame(() => {
    // Put all back, then move the last ones away until the row holds.
    for (const group of groups) row.insertBefore(group, button);
    button.hidden = true;
    const isFull = () => row.scrollWidth > row.clientWidth + 1;
    const moved: HTMLElement[] = [];
    if (isFull()) {
      button.hidden = false;
      for (const group of [...groups].reverse()) {
        if (!isFull()) break;
        moved.unshift(group);
        panel.prepend(group);
      }
    }
    panel.replaceChildren(...moved);
    if (!moved.length) {
      panel.hidden = true;
      button.setAttribute("aria-expanded", "false");
    }
  });
  button.addEventListener("click", () => {
    panel.hidden = !panel.hidden;
    button.setAttribute("aria-expanded", String(!panel.hidden));
  });
  const observer = new ResizeObserver(fit);
  observer.observe(row);
  void document.fonts?.ready.then(fit);
  fit();
  return () => observer.disconnect();
}
