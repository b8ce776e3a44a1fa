import { describe, expect, it } from "vitest";
import { keptWords } from "./kept";
import { drawWords, shortTime } from "./text";

const drawn = (text: string, ...names: string[]) => {
  const holder = document.createElement("p");
  holder.append(...drawWords(text, names.map((name) => ({ id: name, name, colour: "" }))));
  return holder;
};

describe("words of a comment", () => {
  it("stay text, whatever they look like", () => {
    const words = `<b onclick="x()">đậm</b> javascript:alert(1) data:text/html,x`;
    const holder = drawn(words);
    expect(holder.textContent).toBe(words);
    expect(holder.children).toHaveLength(0);
  });

  it("lead only to http and https, without what ends the sentence", () => {
    const links = drawn("Xem https://a.vn/b?c=1). và (http://d.vn, ftp://e.vn").querySelectorAll("a");
    expect([...links].map((link) => link.getAttribute("href"))).toEqual(["https://a.vn/b?c=1", "http://d.vn/"]);
    expect(links[0]?.rel).toContain("noopener");
  });

  it("show a name only where it was really mentioned", () => {
    const holder = drawn("@Lê Thị Hồng Đào và @Lê Thị hỏi @ai", "Lê Thị", "Lê Thị Hồng Đào");
    expect([...holder.querySelectorAll(".ed-mention")].map((each) => each.textContent)).toEqual([
      "@Lê Thị Hồng Đào",
      "@Lê Thị",
    ]);
  });
});

describe("the time of a comment", () => {
  it("is short for today, and has its day and year when they differ", () => {
    const now = new Date(2026, 10, 27, 15, 0);
    expect(shortTime(new Date(2026, 10, 27, 9, 5).toISOString(), now)).toBe("09:05");
    expect(shortTime(new Date(2026, 1, 3, 9, 5).toISOString(), now)).toBe("03/02 09:05");
    expect(shortTime(new Date(2025, 11, 31, 23, 59).toISOString(), now)).toBe("31/12/2025 23:59");
  });
});

describe("unsent words", () => {
  it("are kept for each person, draft and thread, and a broken storage harms nothing", () => {
    const kept = keptWords("an", "d1");
    kept.write("new", { text: "dở dang", key: "k", mentions: [] });
    expect(kept.read("new")?.text).toBe("dở dang");
    expect(keptWords("phi", "d1").read("new")).toBeNull();
    expect(keptWords("an", "d2").read("new")).toBeNull();
    localStorage.setItem("duthao.comment.an.d1.new", "{hỏng");
    expect(kept.read("new")).toBeNull();
    kept.drop("new");
    const none = keptWords("an", "d1", null);
    none.write("new", { text: "x", key: "k", mentions: [] });
    expect(none.read("new")).toBeNull();
  });
});
