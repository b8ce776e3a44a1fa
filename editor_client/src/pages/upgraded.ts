/**
 * After an upgrade a page from before may ask for files that are gone: say so.
 *
 * Heard: a chunk that fails to load later (vite:preloadError), a style or script that
 * fails while the page stands. Found at the end of loading: what failed before this
 * ran, and an editor that never began. Must never reload by itself: a person types.
 */
import { word } from "./words";

const ID = "upgraded";

/** Shows the message once, above everything, with a button that loads the page anew. */
export function tellUpgraded(): void {
  if (document.getElementById(ID) !== null) return;
  const bar = document.createElement("div");
  bar.id = ID;
  bar.className = "dt-upgraded";
  bar.setAttribute("role", "alert");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-primary";
  button.textContent = word("reload");
  button.addEventListener("click", () => location.reload());
  const text = document.createElement("span");
  text.textContent = word("upgraded");
  bar.append(text, button);
  document.body.append(bar);
}

/** Whether a style did not load, or the editor's script never ran. */
export function isIncomplete(page: Document): boolean {
  const styles = page.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]');
  if (Array.from(styles).some(isMissing)) return true;
  const root = page.getElementById("editor-root");
  return root !== null && root.dataset["started"] !== "true";
}

/** Browsers give a style that was not found as none, or as one without a rule. */
function isMissing({ sheet }: HTMLLinkElement): boolean {
  return sheet === null || sheet.cssRules.length === 0;
}

export function listen(): void {
  window.addEventListener("vite:preloadError", (event) => {
    event.preventDefault();
    tellUpgraded();
  });
  window.addEventListener(
    "error",
    ({ target }) => {
      const lost =
        target instanceof HTMLScriptElement ||
        (target instanceof HTMLLinkElement && target.rel !== "icon");
      if (lost) tellUpgraded();
    },
    true,
  );
  const check = () => {
    if (isIncomplete(document)) tellUpgraded();
  };
  if (document.readyState === "complete") check();
  else window.addEventListener("load", check);
}
