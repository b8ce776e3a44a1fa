/** Pick the size of a new table by pointing, or by arrow keys. */
import type { Translate } from "../i18n";
import { h } from "./dom";

const ROWS = 8;
const COLUMNS = 8;

export function tableGrid(t: Translate, pick: (rows: number, columns: number) => void): HTMLElement {
  const caption = h("div", { class: "ed-grid-caption", "aria-live": "polite" });
  const cells: HTMLButtonElement[] = [];
  const show = (rows: number, columns: number) => {
    caption.textContent = t("tableSize", { rows, columns });
    cells.forEach((cell, index) => {
      const isIn = Math.floor(index / COLUMNS) < rows && index % COLUMNS < columns;
      cell.classList.toggle("is-in", isIn);
    });
  };
  for (let row = 1; row <= ROWS; row += 1) {
    for (let column = 1; column <= COLUMNS; column += 1) {
      cells.push(
        h("button", {
          type: "button",
          class: "ed-grid-cell",
          tabindex: row === 1 && column === 1 ? 0 : -1,
          "aria-label": t("tableSize", { rows: row, columns: column }),
          onpointerenter: () => show(row, column),
          onfocus: () => show(row, column),
          onclick: () => pick(row, column),
        }),
      );
    }
  }
  const grid = h("div", { class: "ed-grid" }, ...cells);
  grid.addEventListener("keydown", (event) => {
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS };
    const step = steps[event.key];
    const index = cells.indexOf(document.activeElement as HTMLButtonElement);
    if (step === undefined || index < 0) return;
    event.preventDefault();
    event.stopPropagation();
    cells[index + step]?.focus();
  });
  show(1, 1);
  return h("div", { class: "ed-grid-box" }, grid, caption);
}
