/** `data-copy="#id"` on a button: put the text of that element on the clipboard. */
import { show } from "./notices";
import { word } from "./words";

export function listen(): void {
  document.addEventListener("click", (event) => {
    const { target } = event;
    if (!(target instanceof Element)) return;
    const source = target.closest<HTMLElement>("[data-copy]")?.dataset.copy;
    if (source === undefined) return;
    const text = document.querySelector(source)?.textContent ?? "";
    navigator.clipboard.writeText(text.trim()).then(
      () => show(word("copied"), "success"),
      () => show(word("failed")),
    );
  });
}
