import { describe, expect, it } from "vitest";
import { Doc } from "yjs";
import { translator } from "../i18n";
import type { Choice } from "./choices";
import { CHOICES, choiceOf, choiceWords } from "./choices";

const LAW = {
  types: { state: [["CV", "Công văn"]], party: [["KL", "Kết luận"]] } as const,
  zeros: { state: [{ from: "2020-03-05", day: 10, month: 3 }], party: [{ from: "2020-03-05", day: 10, month: 10 }] },
};

describe("a field that is chosen", () => {
  it("gives only values that the server takes", () => {
    const fields = new Doc().getMap<unknown>("fields");
    const of = (part: Choice, value: unknown) => {
      fields.set(part, value);
      return choiceOf(fields, part);
    };
    expect(CHOICES.map((part) => choiceOf(fields, part))).toEqual(["", "normal", "", "", ""]);
    expect(of("date", "2026-11-05")).toBe("2026-11-05");
    for (const odd of ["2026-02-31", "mai", "2026-1-5", 7]) expect(of("date", odd)).toBe("");
    expect(of("urgency", "flash")).toBe("flash");
    expect(of("urgency", "toString")).toBe("normal");
    expect(of("number", "45b")).toBe("45b");
    expect(of("number", "4\n5")).toBe("");
    expect(of("document_type", "QĐ")).toBe("QĐ");
  });

  it("is told in the words of the page", () => {
    const t = translator("vi");
    const say = (part: Choice, value: string, kind = "") => choiceWords(part, value, LAW, kind, t);
    expect(say("date", "2026-02-05")).toBe("ngày 05 tháng 02 năm 2026");
    expect(say("deadline", "2026-04-15")).toBe("15/4/2026");
    expect(say("deadline", "2026-04-15", "party")).toBe("15/04/2026");
    expect(say("document_type", "CV")).toBe("Công văn");
    expect(say("document_type", "TTr")).toBe("TTr");
    expect(say("document_type", "KL", "party")).toBe("Kết luận");
    expect(say("urgency", "normal")).toBe(t("urgencyNormal"));
    expect(say("date", "")).toBe("");
  });
});
