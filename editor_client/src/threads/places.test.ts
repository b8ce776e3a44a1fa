/** Where threads' words are at this moment, also between an edit and the next look. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Doc, XmlElement, XmlText } from "yjs";
import { cell } from "../collab/readable";
import { makeAnchor } from "./anchors";
import { flatBody } from "./flat";
import { createPlaces } from "./places";
import type { Anchor, Thread } from "./types";

const LEAVES = new Set(["hardBreak", "image"]);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the words of a thread", () => {
  it("are shown where they are, also when an edit came with the thread", () => {
    const doc = new Doc();
    const body = doc.getXmlFragment("body");
    const text = new XmlText("Gửi trước ngày 15 hằng tháng.");
    const paragraph = new XmlElement("paragraph");
    body.insert(0, [paragraph]);
    paragraph.insert(0, [text]);
    const from = text.toString().indexOf("hằng tháng");
    const anchor = makeAnchor(flatBody(body, LEAVES), { from, to: from + 10 }, "body", 1);
    const threads = cell<ReadonlyMap<string, Thread>>(new Map());
    const places = createPlaces({
      doc,
      body,
      fields: doc.getMap("fields"),
      epoch: 1,
      leaves: LEAVES,
      threads,
      mayMove: () => false,
      leads: () => true,
      move: () => Promise.resolve(),
    });
    threads.set(new Map([["a", { id: "a", revision: 1, anchor } as unknown as Thread]]));
    const shown = () => places.highlights(new Set(["a"]));
    expect(shown()).toEqual([{ id: "a", from: from + 1, to: from + 11 }]);
    text.insert(4, "đi ");
    expect(shown()).toEqual([{ id: "a", from: from + 4, to: from + 14 }]);
    vi.advanceTimersByTime(400);
    expect(shown()).toEqual([{ id: "a", from: from + 4, to: from + 14 }]);
    places.destroy();
  });
});

describe("words that were gone", () => {
  const QUOTE = "kiểm tra hệ thống hội nghị truyền hình";

  /** A thread on the quote in the second of three paragraphs, in an editor's browser. */
  function desk(more: Partial<Thread> = {}, leads = true) {
    const doc = new Doc();
    const body = doc.getXmlFragment("body");
    const texts = ["Căn cứ Luật Tổ chức", `Về việc ${QUOTE} tại đơn vị`, "Đề nghị báo cáo"].map((words, at) => {
      const paragraph = new XmlElement("paragraph");
      const text = new XmlText(words);
      body.insert(at, [paragraph]);
      paragraph.insert(0, [text]);
      return text;
    });
    const flat = flatBody(body, LEAVES);
    const from = flat.text.indexOf(QUOTE);
    const anchor = makeAnchor(flat, { from, to: from + QUOTE.length }, "body", 1) as Anchor;
    const thread = { id: "a", revision: 1, anchor, ...more } as unknown as Thread;
    const threads = cell<ReadonlyMap<string, Thread>>(new Map([["a", thread]]));
    const moved: Anchor[] = [];
    const places = createPlaces({
      doc,
      body,
      fields: doc.getMap("fields"),
      epoch: 1,
      leaves: LEAVES,
      threads,
      mayMove: () => true,
      leads: () => leads,
      move: (anchors) => (moved.push(...anchors.values()), Promise.resolve()),
    });
    const place = () => {
      const found = places.places.get().get("a")?.found;
      if (!found || found.kind === "gone") return "gone";
      return places.flatOf("body").text.slice(found.from, found.to);
    };
    return { texts: texts as [XmlText, XmlText, XmlText], thread, threads, moved, place };
  }
  const look = () => vi.advanceTimersByTime(400);

  it("are found when they were cut, rewritten and pasted, and keep what was quoted", async () => {
    const { texts, moved, place } = desk();
    texts[1].delete(8, QUOTE.length);
    look();
    expect(place()).toBe("gone");
    texts[2].insert(0, "Kiểm tra các hệ thống hội nghị truyền hình. ");
    look();
    expect(place()).toBe("Kiểm tra các hệ thống hội nghị truyền hình");
    await vi.advanceTimersByTimeAsync(5000);
    expect(moved).toMatchObject([{ quote: QUOTE, part: "body" }]);
    texts[2].insert(9, "ngay ");
    look();
    expect(place()).toBe("Kiểm tra ngay các hệ thống hội nghị truyền hình");
  });

  it("are found while they are typed again, letter by letter", () => {
    const { texts, place } = desk();
    texts[1].delete(8, QUOTE.length);
    look();
    const again = "kiểm tra hệ thống họp nghị truyền hình";
    for (const [at, letter] of [...again].entries()) {
      texts[0].insert(at, letter);
      if (at % 3 === 0) look();
    }
    texts[0].insert(again.length, " ");
    look();
    expect(place()).toBe(again);
  });

  it("are found when all was rewritten between two looks", () => {
    const { texts, place } = desk();
    texts[1].delete(0, texts[1].length);
    texts[1].insert(0, "Kế hoạch kiểm tra hệ thống hội nghị truyền hình trực tuyến");
    look();
    expect(place()).toBe(QUOTE);
    texts[1].delete(0, texts[1].length);
    texts[0].insert(0, "Kiểm tra hệ thống hội nghị truyền hình. ");
    look();
    expect(place()).toBe("Kiểm tra hệ thống hội nghị truyền hình");
  });

  it("are found when they come back days later, where the draft is open", () => {
    const here = desk();
    here.texts[1].delete(8, QUOTE.length);
    here.threads.set(new Map([["a", { ...here.thread, revision: 2 }]]));
    look();
    vi.advanceTimersByTime(60_000);
    here.texts[2].insert(0, "Việc kiểm tra các hệ thống hội nghị truyền hình. ");
    look();
    expect(here.place()).toBe("kiểm tra các hệ thống hội nghị truyền hình");
    // An answer in the thread loses nothing of it.
    here.threads.set(new Map([["a", { ...here.thread, revision: 3 }]]));
    look();
    expect(here.place()).toBe("kiểm tra các hệ thống hội nghị truyền hình");
  });

  it("are never taken for the like that stood there before", () => {
    const { texts, place } = desk();
    texts[0].insert(0, "Kiểm tra hệ thống họp nghị truyền hình. ");
    look();
    expect(place()).toBe(QUOTE);
    texts[1].delete(8, QUOTE.length);
    look();
    expect(place()).toBe("gone");
    texts[0].insert(0, "Rồi ");
    look();
    expect(place()).toBe("gone");
    texts[2].insert(0, "Kiểm tra các hệ thống hội nghị truyền hình. ");
    look();
    expect(place()).toBe("gone");
  });

  it("are led there only by those whose word the server takes", async () => {
    const { texts, moved, place } = desk({}, false);
    texts[1].delete(8, QUOTE.length);
    look();
    texts[2].insert(0, "Kiểm tra các hệ thống hội nghị truyền hình. ");
    look();
    expect(place()).not.toBe("gone");
    await vi.advanceTimersByTimeAsync(5000);
    expect(moved).toEqual([]);
  });
});
