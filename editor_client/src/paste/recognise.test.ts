import { describe, expect, it } from "vitest";
import { recognise } from "./recognise";

const body = (...texts: string[]) => texts.map((text) => ({ text, style: "body" }));

describe("recognising numbers typed by hand", () => {
  it("finds Điều, khoản and điểm and strips what the label repeats", () => {
    const found = recognise(body("Điều 1. Phạm vi", "1. Quy chế này", "a) Sở;", "đ) Khác.", "Thân bài"));
    expect(found.map(({ style, strip, number }) => [style, strip, number])).toEqual([
      ["article", 8, null],
      ["clause", 3, null],
      ["point", 3, null],
      ["point", 3, "đ)"],
    ]);
  });

  it("joins a chapter's line with the title below it", () => {
    expect(recognise(body("Chương I", "QUY ĐỊNH CHUNG", "Điều 1. A"))).toEqual([
      { index: 1, style: "chapter", strip: 0, number: null, labelLine: 0 },
      { index: 2, style: "article", strip: 8, number: null, labelLine: null },
    ]);
  });

  it("keeps a number that the automatic one would change", () => {
    const found = recognise(body("Điều 5. A", "Điều 6. B", "Điều 6a. C", "Điều 7. D"));
    expect(found.map(({ number }) => number)).toEqual(["Điều 5.", null, "Điều 6a.", null]);
  });

  it("takes căn cứ by its first word and leaves ordinary sentences alone", () => {
    expect(recognise(body("Căn cứ Luật Tổ chức chính quyền địa phương;"))[0]?.style).toBe("basis");
    expect(recognise(body("Căn cứ vào đó, Sở báo cáo", "Năm 2017. Kết quả", "z) không phải điểm", "3.5 tỷ đồng"))).toEqual([]);
  });
});
