import { describe, expect, it } from "vitest";
import type { Stretch } from "./wordDiff";
import { wordDiff } from "./wordDiff";

/** "[gone]" and "{come}" in the text. */
const shown = (parts: readonly Stretch[]) =>
  parts.map(({ kind, text }) => (kind === "same" ? text : kind === "gone" ? `[${text}]` : `{${text}}`)).join("");

describe("the words that differ", () => {
  it("are told where they stand", () => {
    expect(shown(wordDiff("đảm bảo hội nghị", "đảm bảo hội nghị truyền hình"))).toBe("đảm bảo hội nghị{ truyền hình}");
    expect(shown(wordDiff("gửi trước ngày 25", "gửi trước ngày 20"))).toBe("gửi trước ngày [25]{20}");
    expect(shown(wordDiff("một hai ba bốn năm", "một 2 ba bốn 5"))).toBe("một [hai]{2} ba bốn [năm]{5}");
    expect(shown(wordDiff("", "mới"))).toBe("{mới}");
    expect(shown(wordDiff("cũ", ""))).toBe("[cũ]");
    expect(wordDiff("như nhau", "như nhau")).toEqual([{ kind: "same", text: "như nhau" }]);
  });

  it("are one stretch when they follow each other", () => {
    expect(shown(wordDiff("a b c d", "a x y d"))).toBe("a [b c]{x y} d");
  });

  it("put together are both texts, whatever they are", () => {
    const words = ["", "a", "a b", "b a", "a b c", "c b a", "a\nb", "a  b", "x y z a b", "<b>a</b> &"];
    for (const old of words) {
      for (const now of words) {
        const parts = wordDiff(old, now);
        const of = (kind: Stretch["kind"]) => parts.filter((p) => p.kind === "same" || p.kind === kind).map((p) => p.text).join("");
        expect(of("gone")).toBe(old);
        expect(of("come")).toBe(now);
      }
    }
  });

  it("of long texts are found at once", () => {
    const long = (word: string) => Array.from({ length: 1000 }, (_, n) => `${word}${String(n % 7)}`).join(" ");
    expect(wordDiff(long("a"), long("b")).length).toBe(2);
  });
});
