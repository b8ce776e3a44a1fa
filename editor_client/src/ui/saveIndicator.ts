/** The one place that says whether the work is safe. "Đã lưu" only when the server said so. */
import type { Readable, SaveStatus } from "../collab/types";
import type { Translate } from "../i18n";
import { h } from "./dom";
import type { IconName } from "./icons";
import { icon } from "./icons";

interface Face {
  readonly icon: IconName;
  readonly text: string;
  /** On narrow screens; the icon alone when empty. */
  readonly short: string;
  readonly hint: string;
  readonly tone: "quiet" | "good" | "warning" | "danger";
}

export function createSaveIndicator(status: Readable<SaveStatus>, t: Translate): HTMLElement {
  const element = h("div", { class: "ed-save", role: "status", "aria-live": "polite" });
  status.subscribe((now) => {
    const face = faceOf(now, t);
    // Redrawn only when something shown changes: a reader must not say it twice.
    const key = [now.kind, face.text, face.tone, face.hint].join("\n");
    if (element.dataset["key"] === key) return;
    element.dataset["key"] = key;
    element.dataset["kind"] = now.kind;
    element.dataset["tone"] = face.tone;
    element.title = face.hint;
    element.replaceChildren(
      icon(face.icon),
      h("span", { class: "ed-save-text" }, face.text),
      h("span", { class: "ed-save-short", "aria-hidden": "true" }, face.short),
    );
  });
  return element;
}

function faceOf(status: SaveStatus, t: Translate): Face {
  switch (status.kind) {
    case "connecting":
      return { icon: "cloudUp", text: t("connecting"), short: "", hint: "", tone: "quiet" };
    case "saved":
      return { icon: "cloudCheck", text: t("saved"), short: "", hint: t("savedHint"), tone: "good" };
    case "saving":
      return { icon: "cloudUp", text: t("saving"), short: "", hint: t("savingHint", { n: status.unsent }), tone: "quiet" };
    case "offline": {
      const n = status.unsent;
      return {
        icon: "cloudOff",
        text: n ? t("offline", { n }) : t("offlineNone"),
        short: n ? t("offlineShort", { n }) : t("offlineNone"),
        hint: t(status.keptHere ? "offlineHint" : "offlineNotKept"),
        tone: status.keptHere ? "warning" : "danger",
      };
    }
    case "log_down":
      return {
        icon: "alertTriangle",
        text: t("logDown", { n: status.unsent }),
        short: t("offlineShort", { n: status.unsent }),
        hint: t("offlineHint"),
        tone: "warning",
      };
    case "read_only":
      return {
        icon: status.frozen ? "lock" : "eye",
        text: t(status.frozen ? "frozen" : "readOnly"),
        short: t("readOnly"),
        hint: "",
        tone: "quiet",
      };
    case "refused":
      return {
        icon: "alertTriangle",
        text: t("refused", { n: status.unsent }),
        short: t("offlineShort", { n: status.unsent }),
        hint: t("refusedHint"),
        tone: "danger",
      };
  }
}
