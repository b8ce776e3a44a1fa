import { describe, expect, it } from "vitest";
import { cell } from "../collab/readable";
import type { SaveStatus } from "../collab/types";
import { translator } from "../i18n";
import { createSaveIndicator } from "./saveIndicator";

const t = translator("vi");

describe("the save indicator", () => {
  it("warns at once when the browser stops keeping changes, the words being the same", () => {
    const status = cell<SaveStatus>({ kind: "offline", unsent: 2, keptHere: true });
    const element = createSaveIndicator(status, t);
    const words = element.textContent;
    expect(element.dataset["tone"]).toBe("warning");
    status.set({ kind: "offline", unsent: 2, keptHere: false });
    expect(element.textContent).toBe(words);
    expect(element.dataset["tone"]).toBe("danger");
    expect(element.title).toBe(t("offlineNotKept"));
  });

  it("tells how many changes are on their way", () => {
    const status = cell<SaveStatus>({ kind: "saving", unsent: 1 });
    const element = createSaveIndicator(status, t);
    status.set({ kind: "saving", unsent: 3 });
    expect(element.title).toBe(t("savingHint", { n: 3 }));
  });

  it("is left alone when nothing shown changes", () => {
    const status = cell<SaveStatus>({ kind: "saved" });
    const element = createSaveIndicator(status, t);
    const drawn = element.firstChild;
    status.set({ kind: "saved" });
    expect(element.firstChild).toBe(drawn);
  });
});
