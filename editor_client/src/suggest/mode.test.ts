import { describe, expect, it } from "vitest";
import { cell } from "../collab/readable";
import type { Level } from "../collab/types";
import type { Mode } from "./mode";
import { createMode, keptMode } from "./mode";

function storage(): Storage {
  const held = new Map<string, string>();
  return {
    getItem: (name: string) => held.get(name) ?? null,
    setItem: (name: string, value: string) => void held.set(name, value),
  } as unknown as Storage;
}

function opened(place: () => Storage, draft = "d1", level: Level = "edit") {
  return createMode(cell<Level>(level), cell(true), keptMode(draft, place));
}

function modeOf(choice: ReturnType<typeof createMode>): Mode {
  return choice.mode.get();
}

describe("the mode of an editor", () => {
  it("is direct until somebody chooses", () => {
    expect(modeOf(opened(() => storage()))).toBe("direct");
  });

  it("stays what was chosen when the page is loaded anew", () => {
    const place = storage();
    opened(() => place).choose("suggest");
    expect(modeOf(opened(() => place))).toBe("suggest");
    opened(() => place).choose("direct");
    expect(modeOf(opened(() => place))).toBe("direct");
  });

  it("is chosen for each draft by itself", () => {
    const place = storage();
    opened(() => place).choose("suggest");
    expect(modeOf(opened(() => place, "d2"))).toBe("direct");
  });

  it("is suggesting for whoever may do nothing else, whatever was kept", () => {
    const place = storage();
    opened(() => place).choose("direct");
    expect(modeOf(opened(() => place, "d1", "suggest"))).toBe("suggest");
  });

  it("lasts as long as the page where a browser keeps nothing", () => {
    const none = (): Storage => {
      throw new Error("no storage");
    };
    const choice = opened(none);
    choice.choose("suggest");
    expect(modeOf(choice)).toBe("suggest");
  });
});
