import { describe, expect, it } from "vitest";
import type { FieldSuggestion } from "./types";
import { fieldWords, standingOf } from "./wording";

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
