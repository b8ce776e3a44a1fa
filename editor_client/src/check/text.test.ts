import { expect, test } from "vitest";
import { counted, findWords, spanOf } from "./text";

const slice = (text: string, span: { from: number; to: number } | null) => span && text.slice(span.from, span.to);

test("words are found at their place", () => {
  const text = "cơ quan nhà nước và nhà nước";
  expect(findWords(text, 20, 28, "nhà nước")).toEqual({ from: 20, to: 28 });
});

test("a text in decomposed letters is counted as the server counts it", () => {
  const text = "Đắk Lắk, nhà nước".normalize("NFD");
  expect(counted(text).points.join("")).toBe("Đắk Lắk, nhà nước");
  expect(slice(text, findWords(text, 9, 17, "nhà nước"))?.normalize("NFC")).toBe("nhà nước");
});

test("a sign outside the basic plane is one character to the server", () => {
  const text = "𠮷𠮷 nhà nước";
  expect(slice(text, findWords(text, 3, 11, "nhà nước"))).toBe("nhà nước");
});

test("signs that no paper carries are not counted", () => {
  const text = "a\u0007b nhà nước";
  expect(slice(text, findWords(text, 3, 11, "nhà nước"))).toBe("nhà nước");
});

test("words that moved are found again, the nearest ones", () => {
  const text = "nhà nước. Thêm một câu. Của nhà nước.";
  expect(findWords(text, 20, 28, "nhà nước")).toEqual({ from: 28, to: 36 });
});

test("words that are gone are not found", () => {
  expect(findWords("Nhà nước", 0, 8, "nhà nước")).toBeNull();
});

test("an empty place holds only at the end of the text", () => {
  expect(findWords("Như trên", 8, 8, "")).toEqual({ from: 8, to: 8 });
  expect(findWords("Như trên  ", 8, 8, "")).toEqual({ from: 8, to: 10 });
  expect(findWords("Như trên; thêm", 8, 8, "")).toBeNull();
  expect(findWords("Như", 8, 8, "")).toBeNull();
});

test("a span for showing stays inside the text", () => {
  expect(spanOf("abc", 1, 99)).toEqual({ from: 1, to: 3 });
  expect(spanOf("", 4, 9)).toEqual({ from: 0, to: 0 });
});
