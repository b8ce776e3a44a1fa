/** The draft's name in the bar; renamed in place. The server has the last word. */
import type { Boot, Session } from "../collab/types";
import type { Translate } from "../i18n";
import { h } from "./dom";
import type { Toast } from "./toast";

/** As long as the registry takes. */
const LONGEST = 500;

export function createTitleField(session: Session, boot: Boot, t: Translate, toast: Toast): HTMLInputElement {
  const input = h("input", {
    type: "text",
    class: "ed-title",
    maxlength: LONGEST,
    "aria-label": t("title"),
    title: t("title"),
    spellcheck: "false",
  });
  let present = "";
  /** Whether the person has changed the words in the field. */
  let isEditing = false;
  const show = (title: string) => {
    present = title;
    document.title = `${title} · Duthao`;
    if (isEditing) return;
    input.value = input.title = title;
  };
  session.title.subscribe(show);
  const save = async () => {
    const title = input.value.normalize("NFC").trim();
    isEditing = false;
    if (!title || title === present) {
      show(present);
      return;
    }
    try {
      const answer = await fetch(boot.urls.rename, {
        method: "PATCH",
        headers: { "Content-Type": "application/json", "X-CSRFToken": boot.csrf },
        body: JSON.stringify({ title }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      show(title);
    } catch {
      show(present);
      toast.show(t("titleFailed"), "danger");
    }
  };
  input.addEventListener("input", () => (isEditing = true));
  input.addEventListener("change", () => void save());
  input.addEventListener("blur", () => {
    // Changed and changed back: no change event came.
    if (!isEditing) return;
    isEditing = false;
    show(present);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") input.blur();
    if (event.key === "Escape") {
      isEditing = false;
      show(present);
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
