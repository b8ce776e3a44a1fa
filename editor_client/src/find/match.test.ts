import { describe, expect, it } from "vitest";
import { findAll } from "./match";

const exact = { ignoreCase: false, ignoreDiacritics: false };
const loose = { ignoreCase: true, ignoreDiacritics: true };
const found = (text: string, query: string, options = loose) =>
  findAll(text, query, options).map(({ from, to }) => text.slice(from, to));

describe("finding text", () => {
  it("finds Vietnamese words typed without diacritics", () => {
    expect(found("Đắk Lắk, ĐẮK LẮK và dak lak", "dak lak")).toEqual(["Đắk Lắk", "ĐẮK LẮK", "dak lak"]);
    expect(found("Sở Thông tin", "thong")).toEqual(["Thông"]);
  });

  it("tells words apart by their marks when asked to", () => {
    expect(found("bà ba bá", "ba", exact)).toEqual(["ba"]);
    expect(found("Hà Nội, hà nội", "hà nội", { ignoreCase: true, ignoreDiacritics: false })).toHaveLength(2);
  });

  it("gives positions in the original text even where it is decomposed", () => {
    const decomposed = "xin chào".normalize("NFD");
    const [match] = findAll(decomposed, "chao", loose);
    expect(decomposed.slice(match?.from, match?.to).normalize("NFC")).toBe("chào");
  });

  it("finds nothing for an empty query and never overlaps", () => {
    expect(findAll("aaa", "", loose)).toEqual([]);
    expect(found("aaaa", "aa")).toEqual(["aa", "aa"]);
  });
});
