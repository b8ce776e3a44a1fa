/**
 * Say in a corner what went wrong (or well) with a part of the page.
 *
 * The server's own sentence is shown when it sent one. Text only: what arrives is
 * never taken for HTML.
 */
import { word } from "./words";

export type Kind = "danger" | "success";

const SHOWN_MS = 8000;

export function show(message: string, kind: Kind = "danger"): void {
  const place = document.getElementById("notices");
  if (place === null) return;
  const notice = document.createElement("div");
  notice.className = `alert alert-${kind} alert-dismissible`;
  notice.setAttribute("role", kind === "danger" ? "alert" : "status");
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn-close";
  close.setAttribute("aria-label", word("close"));
  close.addEventListener("click", () => notice.remove());
  notice.append(message, close);
  place.append(notice);
  setTimeout(() => notice.remove(), SHOWN_MS);
}

/** The message of an error body `{"code", "message", "fields"}`, or our own. */
export function messageOf(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === "object" && parsed !== null && "message" in parsed) {
      const { message } = parsed;
      if (typeof message === "string" && message !== "") return message;
    }
  } catch {
    // Not JSON: a proxy's page, say. Our own sentence is clearer.
  }
  return word("failed");
}

export function listen(): void {
  document.body.addEventListener("htmx:responseError", (event) => {
    const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
    show(messageOf(xhr.responseText));
  });
  document.body.addEventListener("htmx:sendError", () => {
    show(word("unreachable"));
  });
}
