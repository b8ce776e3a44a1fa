/**
 * Shows the server's own share page in the page's dialog (src/pages/dialogs.ts).
 *
 * Without htmx or a dialog on the page the forms would lead away from the text, so the
 * share page itself opens instead.
 */
import type { Boot } from "../collab/types";

interface Htmx {
  ajax(verb: string, path: string, options: { target: string; swap: string }): Promise<void>;
}

export function openShare(boot: Boot): void {
  const htmx = (window as { htmx?: Htmx }).htmx;
  if (!htmx || !document.querySelector("dialog#dialog")) {
    location.assign(boot.urls.share);
    return;
  }
  htmx
    .ajax("GET", boot.urls.share, { target: "#dialog", swap: "innerHTML" })
    .catch(() => location.assign(boot.urls.share));
}
