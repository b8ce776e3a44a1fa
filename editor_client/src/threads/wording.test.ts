import { describe, expect, it } from "vitest";
import type { FieldSuggestion, Thread } from "./types";
import { fieldWords, finalWords, standingOf } from "./wording";

const suggested = (old: string, now: string): FieldSuggestion => ({ old, new: now, state: "open", decided_by: null, decided_at: null });

describe("what a field says", () => {
  it("is known whatever blanks stand around it", () => {
    expect(fieldWords("subject", "  đảm bảo \n\n hội nghị ")).toBe("đảm bảo hội nghị");
    expect(fieldWords("recipients", "Như trên;\r\n\n Lưu: VT \n")).toBe("Như trên;\nLưu: VT");
    expect(fieldWords("subject", "tie\u0302\u0301n")).toBe("tiến");
  });

  it("tells how a suggestion stands to it", () => {
    expect(standingOf(suggested("a", "b"), "subject", " a ")).toBe("open");
    expect(standingOf(suggested("a", "b"), "subject", "b\n")).toBe("said");
    expect(standingOf(suggested("a", "b"), "subject", "c")).toBe("changed");
    expect(standingOf(suggested("a", ""), "subject", " ")).toBe("said");
  });
});

describe("the letterhead after all suggestions", () => {
  const waits = (id: number, part: string, old: string, now: string, state: "open" | "resolved" = "open") =>
    ({ id: String(id), state, created_at: `2026-11-0${String(id)}`, anchor: { part }, suggestion: suggested(old, now) }) as unknown as Thread;

  it("says what is suggested, the first of two, and those that build on each other", () => {
    const two = [waits(2, "subject", "a", "c"), waits(1, "subject", "a", "b"), waits(3, "issuer", "a", "x")];
    expect(finalWords("subject", "a", two)).toBe("b");
    expect(finalWords("subject", "a", [...two, waits(4, "subject", "b", "d")])).toBe("d");
    expect(finalWords("place", "a", two)).toBe("a");
  });

  it("leaves a field alone that says something else by now, or of which all is decided", () => {
    expect(finalWords("subject", "z", [waits(1, "subject", "a", "b")])).toBe("z");
    expect(finalWords("subject", "a", [waits(1, "subject", "a", "b", "resolved")])).toBe("a");
    expect(finalWords("subject", " a ", [waits(1, "subject", "a", "")])).toBe("");
  });
});
