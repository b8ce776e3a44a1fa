import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { cell } from "../collab/readable";
import type { Boot, Level, Session } from "../collab/types";
import { translator } from "../i18n";
import { createTitleField } from "./titleField";

const title = cell("Công văn");
let input: HTMLInputElement;
let asked: string[];

beforeEach(() => {
  title.set("Công văn");
  asked = [];
  vi.stubGlobal("fetch", (_url: string, { body }: { body: string }) => {
    asked.push((JSON.parse(body) as { title: string }).title);
    return Promise.resolve({ ok: true });
  });
  const session = { title, level: cell<Level>("edit") } as unknown as Session;
  const boot = { archived: false, urls: { rename: "/r" }, csrf: "" } as unknown as Boot;
  const toast = { element: document.body, show: () => undefined };
  input = createTitleField(session, boot, translator("vi"), toast);
  document.body.replaceChildren(input);
});

afterEach(() => vi.unstubAllGlobals());

function type(words: string): void {
  input.value = words;
  input.dispatchEvent(new Event("input"));
}

describe("the title in the bar", () => {
  it("follows a colleague's renaming, and the window's title with it", () => {
    title.set("Tờ trình về cầu Đắk Nuê");
    expect(input.value).toBe("Tờ trình về cầu Đắk Nuê");
    expect(document.title).toBe("Tờ trình về cầu Đắk Nuê · Duthao");
  });

  it("follows it also when the field has the focus but nothing was typed", () => {
    input.focus();
    title.set("Báo cáo");
    expect(input.value).toBe("Báo cáo");
  });

  it("leaves what is being typed alone, and shows the new name when that is dropped", () => {
    input.focus();
    type("Quyết định mới");
    title.set("Báo cáo");
    expect(input.value).toBe("Quyết định mới");
    input.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    expect(input.value).toBe("Báo cáo");
  });

  it("can be renamed and named back", async () => {
    for (const words of ["Kế hoạch", "Công văn"]) {
      type(words);
      input.dispatchEvent(new Event("change"));
      await vi.waitFor(() => expect(document.title).toBe(`${words} · Duthao`));
    }
    expect(asked).toEqual(["Kế hoạch", "Công văn"]);
  });
});
