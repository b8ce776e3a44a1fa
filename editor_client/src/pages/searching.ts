/**
 * The key "/" goes to the search box, as people know it from elsewhere: that of the
 * page when it has one, else that of the bar. Never while somebody writes.
 */

export function listen(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.isComposing || isWriting(event.target)) return;
    if (document.querySelector("dialog[open]") !== null) return;
    const box = searchBox();
    if (box === undefined) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}

/** The last one of the page that can be seen: the bar comes first, the page after it. */
function searchBox(): HTMLInputElement | undefined {
  const boxes = document.querySelectorAll<HTMLInputElement>("input[data-search-box]");
  return Array.from(boxes)
    .filter((box) => box.checkVisibility?.() ?? true)
    .pop();
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest("input, textarea, select") !== null)
  );
}
