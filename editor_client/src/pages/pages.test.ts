import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LocalCopy } from "../collab/local_copy";
import { databaseName, noteUnsent } from "../collab/unsent_index";
import * as signingOut from "./signing_out";
import { showUnsent } from "./unsent";
import { isIncomplete, tellUpgraded } from "./upgraded";

const waiting = { epoch: 1, unsent: 3, changedAt: "2026-11-22T08:00:00Z" };
const place = document.createElement("div");

beforeEach(() => {
  place.dataset["drafts"] = "/drafts/";
  document.body.dataset["user"] = "7";
  document.body.replaceChildren(place);
});

afterEach(() => localStorage.clear());

describe("drafts with unsent changes", () => {
  it("are not spoken of when there are none", () => {
    noteUnsent("8", { ...waiting, draftId: "d9", title: "của người khác" });
    showUnsent(place, "7");
    expect(place.hidden).toBe(true);
    expect(place.textContent).toBe("");
  });

  it("are counted and linked, each once, their titles as plain text", () => {
    noteUnsent("7", { ...waiting, draftId: "d1", title: "Tờ trình <b>1</b>" });
    noteUnsent("7", { ...waiting, draftId: "d1", epoch: 2, title: "Tờ trình <b>1</b>" });
    noteUnsent("7", { ...waiting, draftId: "d2", title: "Công văn" });
    showUnsent(place, "7");
    expect(place.hidden).toBe(false);
    expect(place.textContent).toContain("Trên máy này còn 2 dự thảo có thay đổi chưa gửi");
    const links = Array.from(place.querySelectorAll("a"));
    expect(links.map((a) => a.getAttribute("href")).sort()).toEqual(["/drafts/d1/", "/drafts/d2/"]);
    expect(place.querySelector("b")).toBeNull();
  });
});

describe("signing out", () => {
  it("empties what was sent, keeps what was not, and then sends the form", async () => {
    const quiet = { onKept: () => undefined, onFailed: () => undefined, onUnsent: () => undefined };
    const update = new Uint8Array([0, 0]);
    for (const [draft, change] of [["sent", null], ["unsent", 1]] as const) {
      const { copy } = await LocalCopy.open(databaseName("7", draft, 1), quiet);
      copy.write(update, change);
      await copy.close();
    }
    const form = document.createElement("form");
    form.setAttribute("data-sign-out", "");
    document.body.append(form);
    const submitted = vi.spyOn(form, "submit").mockImplementation(() => undefined);
    signingOut.listen();
    form.requestSubmit();
    expect(submitted).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(submitted).toHaveBeenCalledOnce());
    const held: number[] = [];
    for (const draft of ["sent", "unsent"]) {
      const { copy, opened } = await LocalCopy.open(databaseName("7", draft, 1), quiet);
      await copy.close();
      held.push(opened.updates.length);
    }
    expect(held).toEqual([0, 1]);
  });
});

describe("a page from before an upgrade", () => {
  it("is told from a whole one by an editor that never began", () => {
    const page = document.implementation.createHTMLDocument();
    expect(isIncomplete(page)).toBe(false);
    const root = page.createElement("div");
    root.id = "editor-root";
    page.body.append(root);
    expect(isIncomplete(page)).toBe(true);
    root.dataset["started"] = "true";
    expect(isIncomplete(page)).toBe(false);
  });

  it("is told from a whole one by a style that is not there", () => {
    const page = document.implementation.createHTMLDocument();
    const link = page.createElement("link");
    link.rel = "stylesheet";
    page.head.append(link);
    expect(isIncomplete(page)).toBe(true);
    const sheet = { cssRules: [] as unknown[] };
    Object.defineProperty(link, "sheet", { value: sheet });
    expect(isIncomplete(page)).toBe(true);
    sheet.cssRules.push({});
    expect(isIncomplete(page)).toBe(false);
  });

  it("says so once, with a button", () => {
    tellUpgraded();
    tellUpgraded();
    const bars = document.querySelectorAll(".dt-upgraded");
    expect(bars.length).toBe(1);
    expect(bars[0]?.textContent).toBe("Trang đã có bản mới, hãy tải lại.Tải lại trang");
  });
});
