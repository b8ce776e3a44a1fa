/** The draft's name in the bar; renamed in place. The server has the last word. */
import type { Boot, Session } from "../collab/types";
import type { Translate } from "../i18n";
import { h } from "./dom";
import type { Toast } from "./toast";

export function createTitleField(session: Session, boot: Boot, t: Translate, toast: Toast): HTMLInputElement {
  const input = h("input", {
    type: "text",
    class: "ed-title",
    maxlength: 200,
    "aria-label": t("title"),
    title: t("title"),
    spellcheck: "false",
  });
  const present = () => session.title.get();
  session.title.subscribe((title) => {
    if (document.activeElement !== input) input.value = title;
    document.title = `${title} · Duthao`;
  });
  const save = async () => {
    const title = input.value.normalize("NFC").trim();
    if (!title || title === present()) {
      input.value = present();
      return;
    }
    try {
      const answer = await fetch(boot.urls.rename, {
        method: "PATCH",
        headers: { "Content-Type": "application/json", "X-CSRFToken": boot.csrf },
        body: JSON.stringify({ title }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      document.title = `${title} · Duthao`;
    } catch {
      input.value = present();
      toast.show(t("titleFailed"), "danger");
    }
  };
  input.addEventListener("change", () => void save());
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") input.blur();
    if (event.key === "Escape") {
      input.value = present();
      input.blur();
    }
  });
  const follow = () => {
    const level = session.level.get();
    input.readOnly = boot.archived || (level !== "edit" && level !== "own");
  };
  session.level.subscribe(follow);
  return input;
}
