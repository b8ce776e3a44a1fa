/**
 * The way back to the form for whoever is asked for an opinion about this draft.
 *
 * Shown only while an answer is awaited; the server says so. Must never hold up the page:
 * without an answer there is no button.
 */
import type { Boot } from "../collab/types";
import type { Translate } from "../i18n";
import { h } from "./dom";
import { icon } from "./icons";

interface AskedOf {
  readonly id: string;
  readonly due_on: string;
  readonly asked_by: string;
}

export interface Asked {
  readonly element: HTMLAnchorElement;
  /** The server has answered, or could not. */
  readonly looked: Promise<void>;
  destroy(): void;
}

export function createAsked(boot: Boot, t: Translate, ask: typeof fetch = fetch.bind(globalThis)): Asked {
  const element = h(
    "a",
    { class: "ed-button ed-button-primary ed-asked", hidden: true },
    icon("process"),
    h("span", {}, t("askedOpinion")),
  );
  const show = (first: AskedOf | undefined) => {
    element.hidden = first === undefined;
    if (!first) return;
    element.href = `/opinions/${first.id}/`;
    const label = t("askedBy", { name: first.asked_by, day: dayOf(first.due_on) });
    element.title = label;
    element.setAttribute("aria-label", label);
  };
  let looks = 0;
  const look = async () => {
    const number = (looks += 1);
    const answer = await ask(boot.urls.asked, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { items } = (await answer.json()) as { items: AskedOf[] };
    // An answer that was overtaken says what is no longer so.
    if (number === looks) show(items[0]);
  };
  const lookQuietly = () => look().catch(() => undefined);
  // Whoever comes back from the form has perhaps answered; others are asked meanwhile.
  const onVisible = () => {
    if (document.visibilityState === "visible") void lookQuietly();
  };
  document.addEventListener("visibilitychange", onVisible);
  return { element, looked: lookQuietly(), destroy: () => document.removeEventListener("visibilitychange", onVisible) };
}

/** "2026-11-27" as people here write it. */
function dayOf(iso: string): string {
  return iso.split("-").reverse().join("/");
}
