/** The same cases as the server's labels: what one shows, the other prints. */
import { describe, expect, it } from "vitest";
import cases from "../../../tests/unit/collab/content/label_cases.json";
import type { Labelled } from "./labels";
import { formatLabel, labelParagraphs, parseLabel } from "./labels";
import { fromLetters, fromRoman, toLetters, toRoman } from "./numerals";

const p = (style: string, number: string | null = null): Labelled => ({ style, number });

describe("automatic labels", () => {
  it("use the Vietnamese alphabet for points, đ after d and no f, j, w, z", () => {
    const letters = Array.from({ length: 25 }, (_, index) => toLetters(index + 1));
    expect(letters.join(" ")).toBe("a b c d đ e g h i k l m n o p q r s t u v x y aa ab");
    expect(letters.map(fromLetters)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
  });

  it("number articles through the whole document and clauses within each", () => {
    expect(
      labelParagraphs([
        p("chapter"), p("article"), p("clause"), p("clause"), p("point"), p("body"), p("point"),
        p("clause"), p("point"), p("chapter"), p("article"), p("clause"),
      ]),
    ).toEqual([
      "Chương I", "Điều 1.", "1.", "2.", "a)", "", "b)", "3.", "a)", "Chương II", "Điều 2.", "1.",
    ]);
  });

  it("count on from a number of the writer's own only when it is of the automatic form", () => {
    expect(labelParagraphs([p("article", "Điều 7."), p("article"), p("article", "Điều 8a."), p("article")])).toEqual([
      "Điều 7.", "Điều 8.", "Điều 8a.", "Điều 9.",
    ]);
    expect(parseLabel("article", "Điều 01.")).toBeNull();
    expect(parseLabel("chapter", "Chương IIII")).toBeNull();
    expect(formatLabel("body", 1)).toBe("");
  });

  it("read Roman digits back", () => {
    for (const value of [1, 4, 9, 14, 40, 99, 400, 1987]) {
      expect(fromRoman(toRoman(value))).toBe(value);
    }
    expect(fromRoman("Ă")).toBeNull();
  });

  it.each(cases.map(({ name, paragraphs }) => [name, paragraphs] as const))(
    "agree with the server: %s",
    (_, rows) => {
      const paragraphs = rows.map(([style, number]) => p(style ?? "", number ?? null));
      expect(labelParagraphs(paragraphs)).toEqual(rows.map(([, , label]) => label));
    },
  );
});
