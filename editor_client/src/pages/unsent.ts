/**
 * On the drafts list: which drafts have edits that only this computer holds.
 *
 * The template gives the place, `<div id="unsent" data-drafts="/drafts/" hidden>`; with
 * nothing unsent it stays hidden. Titles were typed by people: text nodes only.
 */
import { listUnsent } from "../collab/unsent_index";
import { person } from "./person";
import { word } from "./words";

/** Another tab that is typing writes the list with every change: look when it rests. */
const REST_MS = 1500;

/** Draws the notice for what this computer holds now. */
export function showUnsent(place: HTMLElement, userId: string): void {
  const drafts = new Map(listUnsent(userId).map((draft) => [draft.draftId, draft]));
  place.hidden = drafts.size === 0;
  const heading = document.createElement("p");
  heading.className = "dt-unsent-heading";
  heading.textContent = word(drafts.size === 1 ? "unsentOne" : "unsent").replace(
    "{n}",
    String(drafts.size),
  );
  const list = document.createElement("ul");
  for (const { draftId, title } of drafts.values()) {
    const link = document.createElement("a");
    link.href = `${place.dataset["drafts"] ?? "/drafts/"}${encodeURIComponent(draftId)}/`;
    link.textContent = title;
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  place.replaceChildren(...(drafts.size === 0 ? [] : [heading, list]));
}

export function listen(): void {
  const place = document.getElementById("unsent");
  const userId = person();
  if (place === null || userId === null) return;
  let rest: ReturnType<typeof setTimeout> | undefined;
  showUnsent(place, userId);
  window.addEventListener("pageshow", () => showUnsent(place, userId));
  window.addEventListener("storage", () => {
    clearTimeout(rest);
    rest = setTimeout(() => showUnsent(place, userId), REST_MS);
  });
}
