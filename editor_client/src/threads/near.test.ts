import { describe, expect, it } from "vitest";
import { squeeze } from "./match";
import { findReturned, freshIn } from "./near";

const QUOTE = "kiểm tra hệ thống hội nghị truyền hình";
const AROUND = ["Căn cứ Luật Tổ chức chính quyền địa phương;", "Đề nghị các đơn vị báo cáo trước ngày 25."];

/** What is found when `after` is written between the paragraphs that were there before. */
function back(after: string, { quote = QUOTE, before = AROUND.join("\n"), now = [AROUND[0], after, AROUND[1]].join("\n") } = {}): string | null {
  const [was, is] = [squeeze(before), squeeze(now)];
  const found = findReturned(is, quote, { text: was, own: null }, freshIn(was, is));
  return found && now.slice(found.from, found.to);
}

describe("words that come back nearly the same", () => {
  it.each([
    [QUOTE, QUOTE],
    ["Về việc kiểm tra toàn hệ thống hội nghị truyền hình năm 2026", "kiểm tra toàn hệ thống hội nghị truyền hình"],
    ["kiểm tra các hệ thống họp nghị truyền hình", "kiểm tra các hệ thống họp nghị truyền hình"],
    ["Việc Kiểm tra hệ thống hội nghị truyền hình, và", "Kiểm tra hệ thống hội nghị truyền hình"],
    ["Việc kiểm tra hệ thống hội nghị truyền hìnk.", "kiểm tra hệ thống hội nghị truyền hìnk"],
    ["Việc biểm tra hệ thống hội nghị truyền hình", "biểm tra hệ thống hội nghị truyền hình"],
    ["rà soát hệ thống hội nghị truyền hình", null],
    ["kiểm tra hệ thống", null],
    ["kiểm tra công tác văn thư, lưu trữ, truyền hình", null],
    ["Các sở, ban, ngành thực hiện nghiêm túc nội dung này", null],
  ])("%s", (written, found) => expect(back(written)).toBe(found));

  it("end where another number stands in the place of the last one", () => {
    const written = "Yêu cầu các đơn vị báo cáo trước ngày 20 hằng tháng.";
    expect(back(written, { quote: "các đơn vị báo cáo trước ngày 25" })).toBeNull();
    const before = AROUND[0] ?? "";
    const now = `${before}\n${written}`;
    expect(back(written, { quote: "các đơn vị báo cáo trước ngày 25", before, now })).toBe("các đơn vị báo cáo trước ngày 20");
  });

  it("are not taken when they could be either of two places", () => {
    expect(back(`${QUOTE}, sau đó kiểm tra hệ thống hội nghị trực tuyến`)).toBeNull();
    const other = "kiểm tra hệ thống họp trực tuyến hình";
    const before = [...AROUND, other].join("\n");
    expect(back(QUOTE, { before, now: [AROUND[0], QUOTE, AROUND[1], other].join("\n") })).toBeNull();
  });

  it("are not taken for what stood there all the time", () => {
    const before = [AROUND[0], `Về việc ${QUOTE}`, AROUND[1]].join("\n");
    const now = `${before} Hạn nộp là thứ Sáu.`;
    expect(back("", { before, now })).toBeNull();
    // Nor when a letter of it is changed.
    expect(back("", { before, now: before.replace("truyền", "truyện") })).toBeNull();
  });

  it("are taken beside where they themselves stood", () => {
    const text = [AROUND[0], `Về việc ${QUOTE}`, AROUND[1]].join("\n");
    const now = [AROUND[0], "Về việc kiểm tra các hệ thống hội nghị truyền hình", AROUND[1]].join("\n");
    const [was, is] = [squeeze(text), squeeze(now)];
    const from = text.indexOf(QUOTE);
    const own = { from, to: from + QUOTE.length };
    const found = findReturned(is, QUOTE, { text: was, own }, freshIn(was, is));
    expect(found && now.slice(found.from, found.to)).toBe("kiểm tra các hệ thống hội nghị truyền hình");
  });

  it("are never taken for another order of the same letter that is being rewritten", () => {
    const units = ["Sở Tài chính", "Sở Nội vụ", "Sở Xây dựng", "Công an tỉnh", "Ban Quản lý dự án"];
    const order = (unit: number, day: number) =>
      `Giao Sở Tư pháp chủ trì, phối hợp với ${units[unit % 5] ?? ""} báo cáo kết quả thực hiện trước ngày ${day}.`;
    for (let run = 0; run < 60; run += 1) {
      // In every third letter there is but one other order.
      const lines = Array.from({ length: run % 3 ? 12 : 2 }, (_none, n) => order(n + run, n + 1));
      const at = run % lines.length;
      const quote = lines[at] ?? "";
      const text = lines.join("\n");
      const from = text.indexOf(quote);
      lines.splice(at, 1);
      // The very order that went, but for the day, written into another one.
      lines[(run * 7) % lines.length] = order(at + run, 29);
      const now = squeeze(lines.join("\n"));
      const was = squeeze(text);
      const own = { from, to: from + quote.length };
      expect(findReturned(now, quote, { text: was, own }, freshIn(was, now))).toBeNull();
    }
  });

  it("are long enough to be known", () => {
    expect(back("Sở Tài chínhh", { quote: "Sở Tài chính" })).toBeNull();
  });

  it("are found, or not, in a draft of a hundred pages without a pause", () => {
    const line = (n: number) => `Điều ${n}. Các sở, ban, ngành thực hiện nhiệm vụ số ${n * 7919} theo phân công tại mục ${n * 31}.`;
    const lines = Array.from({ length: 4000 }, (_none, n) => line(n));
    const quote = "Sở Thông tin và Truyền thông hướng dẫn kỹ thuật cho các địa phương trong quý I";
    const was = squeeze(lines.join("\n"));
    lines.splice(2000, 0, quote.replace("hướng dẫn", "hướng dẫn về"));
    const is = squeeze(lines.join("\n"));
    const began = performance.now();
    expect(findReturned(is, quote, { text: was, own: null }, freshIn(was, is))).not.toBeNull();
    expect(performance.now() - began).toBeLessThan(500);
  });
});
