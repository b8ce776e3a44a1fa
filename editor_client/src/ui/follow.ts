/**
 * Scrolls with a followed person and shows a banner. Any own scroll, click or key stops
 * it: nobody's page may move while they work.
 */
import type { Editor } from "@tiptap/core";
import { createRelativePositionFromJSON } from "yjs";
import type { FollowTarget, Session } from "../collab/types";
import { safeColour } from "../extensions/carets";
import type { Translate } from "../i18n";
import { toAbsolute } from "../images/placeholders";
import { h } from "./dom";

export function createFollowing(
  session: Session,
  editor: Editor,
  canvas: HTMLElement,
  t: Translate,
): HTMLElement {
  const name = h("span", {});
  const stop = () => {
    if (session.following.get() !== null) session.follow(null);
  };
  const element = h(
    "div",
    { class: "ed-following", role: "status", hidden: true },
    name,
    h("button", { type: "button", class: "ed-button", onclick: stop }, t("stopFollowing")),
  );
  for (const event of ["wheel", "touchmove", "pointerdown"]) {
    canvas.addEventListener(event, stop, { passive: true });
  }
  canvas.addEventListener("keydown", stop, { capture: true });
  session.following.subscribe((id) => {
    const person = session.people.get().find((each) => each.id === id);
    element.hidden = !person;
    if (!person) return;
    name.textContent = t("following", { name: person.name });
    element.style.setProperty("--face", safeColour(person.colour));
  });
  session.followTarget.subscribe((target) => {
    if (target && !editor.isDestroyed) scrollTo(target, editor, canvas);
  });
  return element;
}

function scrollTo(target: FollowTarget, editor: Editor, canvas: HTMLElement): void {
  const field = (target.viewing as { field?: unknown } | null)?.field;
  if (typeof field === "string") {
    canvas.querySelector(`[data-field="${CSS.escape(field)}"]`)?.scrollIntoView({ block: "center", behavior: "smooth" });
    return;
  }
  if (!target.cursor) return;
  const place = createRelativePositionFromJSON(target.cursor.head);
  const position = toAbsolute(editor.state, place);
  if (position === null) return;
  const box = editor.view.coordsAtPos(position);
  const frame = canvas.getBoundingClientRect();
  const middle = (box.top + box.bottom) / 2 - frame.top;
  const isComfortable = middle > frame.height * 0.2 && middle < frame.height * 0.8;
  if (!isComfortable) canvas.scrollBy({ top: middle - frame.height / 2, behavior: "smooth" });
}
