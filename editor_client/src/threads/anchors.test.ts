import { describe, expect, it } from "vitest";
import type { XmlFragment } from "yjs";
import { applyUpdate, Doc, encodeStateAsUpdate, Text as YText, UndoManager, XmlElement, XmlText } from "yjs";
import { makeAnchor, resolve, wholeAnchor } from "./anchors";
import type { Flat } from "./flat";
import { flatBody, flatField } from "./flat";
import type { Anchor } from "./types";

const LEAVES = new Set(["hardBreak", "image"]);

function written(...paragraphs: string[]): { doc: Doc; body: XmlFragment } {
  const doc = new Doc();
  const body = doc.getXmlFragment("body");
  paragraphs.forEach((words, at) => insert(body, at, words));
  return { doc, body };
}

function insert(body: XmlFragment, at: number, words: string): XmlText {
  const paragraph = new XmlElement("paragraph");
  const text = new XmlText(words);
  body.insert(at, [paragraph]);
  paragraph.insert(0, [text]);
  return text;
}

const flat = (body: XmlFragment): Flat => flatBody(body, LEAVES);
const textAt = (body: XmlFragment, at: number) => (body.get(at) as XmlElement).get(0) as XmlText;

function anchorOn(body: XmlFragment, words: string): Anchor {
  const from = flat(body).text.indexOf(words);
  expect(from).toBeGreaterThanOrEqual(0);
  const anchor = makeAnchor(flat(body), { from, to: from + words.length }, "body", 1);
  if (!anchor) throw new Error("no anchor");
  return anchor;
}

function where(anchor: Anchor, body: XmlFragment, doc: Doc): { kind: string; words: string } {
  const now = flat(body);
  const found = resolve(anchor, now, doc);
  return { kind: found.kind, words: found.kind === "gone" ? "" : now.text.slice(found.from, found.to) };
}

describe("an anchor in the body", () => {
  const words = "kiểm tra hệ thống idesk";
  const paragraphs = ["Căn cứ Luật Tổ chức", `Về việc ${words} tại đơn vị`, "Đề nghị báo cáo"];

  it("finds its words and gives ProseMirror's positions", () => {
    const { doc, body } = written(...paragraphs);
    const anchor = anchorOn(body, words);
    expect(anchor.quote).toBe(words);
    expect(where(anchor, body, doc)).toEqual({ kind: "here", words });
    const now = flat(body);
    const found = resolve(anchor, now, doc);
    if (found.kind !== "here") throw new Error("lost");
    // The first paragraph takes its letters and two ends; then a start, then "Về việc ".
    expect(now.span(found.from, found.to)).toEqual({ from: 19 + 2 + 1 + 8, to: 19 + 2 + 1 + 8 + words.length });
  });

  it("does not grow by what is written beside it and grows by what is written inside", () => {
    const { doc, body } = written(...paragraphs);
    const anchor = anchorOn(body, words);
    textAt(body, 1).insert(8, "đợt ");
    textAt(body, 1).insert(8 + 4 + words.length, " mới");
    expect(where(anchor, body, doc)).toEqual({ kind: "here", words });
    textAt(body, 1).insert(12 + 4, " nhanh");
    const found = resolve(anchor, flat(body), doc);
    expect(found).toMatchObject({ kind: "here", isChanged: true });
    expect(where(anchor, body, doc).words).toBe("kiểm nhanh tra hệ thống idesk");
  });

  it("is found where its words were pasted, and in the place that an undo brings back", () => {
    const { doc, body } = written(...paragraphs);
    const anchor = anchorOn(body, words);
    const undo = new UndoManager(body);
    textAt(body, 1).delete(8, words.length);
    expect(where(anchor, body, doc)).toEqual({ kind: "gone", words: "" });
    undo.stopCapturing();
    textAt(body, 2).insert(0, `${words}: `);
    expect(where(anchor, body, doc)).toEqual({ kind: "moved", words });
    undo.undo();
    undo.undo();
    expect(where(anchor, body, doc)).toEqual({ kind: "here", words });
    const other = new Doc();
    applyUpdate(other, encodeStateAsUpdate(doc));
    // Elsewhere the text that an undo wrote is new text: the quote finds it.
    expect(where(anchor, other.getXmlFragment("body"), other).words).toBe(words);
  });

  it("keeps all its words when the paragraph is split in the middle of them", () => {
    const { doc, body } = written(...paragraphs);
    const anchor = anchorOn(body, words);
    const rest = textAt(body, 1).toString().slice(8 + 9);
    textAt(body, 1).delete(8 + 9, rest.length);
    insert(body, 2, rest);
    expect(where(anchor, body, doc)).toEqual({ kind: "moved", words: "kiểm tra \nhệ thống idesk" });
  });

  it("tells two places with the same words apart by what stands around them", () => {
    const { doc, body } = written("Phòng A nộp báo cáo quý I", "Phòng B nộp báo cáo quý II", "Hết");
    const second = flat(body).text.lastIndexOf("báo cáo");
    const anchor = makeAnchor(flat(body), { from: second, to: second + 7 }, "body", 1);
    if (!anchor) throw new Error("no anchor");
    body.delete(1, 1);
    insert(body, 2, "Phòng B nộp báo cáo quý II");
    const found = resolve(anchor, flat(body), doc);
    expect(found.kind).toBe("moved");
    expect(found.kind !== "gone" && found.from).toBe(flat(body).text.lastIndexOf("báo cáo"));
  });

  it("does not jump to the same short word elsewhere", () => {
    const { doc, body } = written("Số và chữ", "lời và ý");
    const anchor = anchorOn(body, "và");
    textAt(body, 0).delete(0, 9);
    expect(where(anchor, body, doc).kind).toBe("gone");
  });

  it("is found by its quote in a document that was made anew", () => {
    const anchor = anchorOn(written(...paragraphs).body, words);
    const { doc, body } = written(...paragraphs);
    expect(where(anchor, body, doc)).toEqual({ kind: "moved", words });
  });

  it("holds, with what was written inside, when the same text goes on under another epoch", () => {
    const { doc, body } = written(...paragraphs);
    const anchor = anchorOn(body, words);
    textAt(body, 1).insert(8 + 9, "toàn bộ mạng lưới và ");
    const thawed = new Doc();
    applyUpdate(thawed, encodeStateAsUpdate(doc));
    expect(where(anchor, thawed.getXmlFragment("body"), thawed)).toEqual({
      kind: "here",
      words: "kiểm tra toàn bộ mạng lưới và hệ thống idesk",
    });
  });

  describe("on words that stand elsewhere too", () => {
    const twice = ["Giao Sở Tài chính chủ trì", "Đề nghị các đơn vị", "Kính gửi: Sở Tài chính, Sở Nội vụ"];

    it("never jumps there when its own are rewritten, however it is done", () => {
      for (const [from, length, by] of [
        [5, 12, "Sở Nội vụ"],
        [8, 9, "Nội vụ"],
        [0, 25, "Giao Sở Nội vụ chủ trì"],
        [5, 12, ""],
      ] as const) {
        const { doc, body } = written(...twice);
        const anchor = anchorOn(body, "Sở Tài chính");
        textAt(body, 0).delete(from, length);
        textAt(body, 0).insert(from, by);
        const { kind, words: now } = where(anchor, body, doc);
        expect(kind).not.toBe("moved");
        expect(now).not.toContain("Tài chính");
      }
    });

    it("never jumps there when its paragraph is deleted", () => {
      const { doc, body } = written(...twice);
      const anchor = anchorOn(body, "Sở Tài chính");
      body.delete(0, 1);
      expect(where(anchor, body, doc).kind).toBe("gone");
    });

    it("never jumps to the last other one of a short word", () => {
      const { doc, body } = written("UBND tỉnh ban hành", "Các sở của tỉnh thực hiện");
      const anchor = anchorOn(body, "tỉnh");
      textAt(body, 0).delete(5, 4);
      textAt(body, 0).insert(5, "huyện");
      expect(where(anchor, body, doc).kind).toBe("gone");
    });

    it("comes back to its own when they are typed again in their place", () => {
      const { doc, body } = written(...twice);
      const anchor = anchorOn(body, "Sở Tài chính");
      textAt(body, 0).delete(5, 12);
      textAt(body, 0).insert(5, "Sở Tài chính");
      const found = resolve(anchor, flat(body), doc);
      expect(found).toEqual({ kind: "moved", from: 5, to: 17 });
    });

    it("goes with its paragraph when that is moved", () => {
      const { doc, body } = written(...twice);
      const anchor = anchorOn(body, "Sở Tài chính");
      body.delete(0, 1);
      insert(body, 2, "Giao Sở Tài chính chủ trì");
      const found = resolve(anchor, flat(body), doc);
      expect(found).toMatchObject({ kind: "moved", from: flat(body).text.lastIndexOf("Sở Tài chính") });
    });

    it("goes with its words when they stood alone and were cut and pasted", () => {
      const { doc, body } = written("Giao Sở Tài chính chủ trì", "Đề nghị các đơn vị");
      const anchor = anchorOn(body, "Sở Tài chính");
      textAt(body, 0).delete(5, 13);
      textAt(body, 1).insert(8, "Sở Tài chính ");
      expect(where(anchor, body, doc)).toEqual({ kind: "moved", words: "Sở Tài chính" });
    });
  });

  it("is gone, and nothing breaks, when it was forged", () => {
    const { doc, body } = written(...paragraphs);
    const anchor = anchorOn(body, words);
    for (const start of ["", "AA==", "////", "AQR4eHh4AA==", "AP///////w8BAA=="]) {
      const forged = { ...anchor, start, quote: "không có ở đâu cả" };
      expect(where(forged, body, doc).kind).toBe("gone");
    }
    expect([...doc.share.keys()]).toEqual(["body"]);
  });

  it("passes over tables, pictures and line breaks without losing count", () => {
    const { doc, body } = written("trước", "sau đó là chữ này");
    const image = new XmlElement("image");
    body.insert(1, [image]);
    const paragraph = body.get(2) as XmlElement;
    paragraph.insert(0, [new XmlText("một"), new XmlElement("hardBreak")]);
    const anchor = anchorOn(body, "chữ này");
    const found = resolve(anchor, flat(body), doc);
    if (found.kind !== "here") throw new Error("lost");
    // paragraph (5 + 2), image (1), start (1), "một" (3), break (1), "sau đó là " (10)
    expect(flat(body).span(found.from, found.to)).toEqual({ from: 23, to: 30 });
    expect(flat(body).between(23, 30)).toEqual({ from: found.from, to: found.to });
  });
});

describe("an anchor in a field", () => {
  it("follows its words like one in the body", () => {
    const doc = new Doc();
    const text = doc.getText("subject");
    text.insert(0, "V/v kiểm tra hệ thống");
    const anchor = makeAnchor(flatField(text), { from: 4, to: 12 }, "subject", 1);
    expect(anchor?.quote).toBe("kiểm tra");
    text.insert(0, "Khẩn: ");
    if (!anchor) throw new Error("no anchor");
    expect(resolve(anchor, flatField(text), doc)).toEqual({ kind: "here", from: 10, to: 18, isChanged: false });
  });

  it("holds to the field itself where nothing is written, and stays when it is filled", () => {
    const doc = new Doc();
    const text = doc.getMap("fields").set("recipients", new YText());
    const anchor = wholeAnchor(flatField(text), "recipients", 1);
    if (!anchor) throw new Error("no anchor");
    expect(anchor.quote).toBe("");
    expect(resolve(anchor, flatField(text), doc)).toEqual({ kind: "here", from: 0, to: 0, isChanged: false });
    text.insert(0, "Như trên;");
    expect(resolve(anchor, flatField(text), doc)).toEqual({ kind: "here", from: 0, to: 9, isChanged: false });
    text.delete(0, 9);
    expect(resolve(anchor, flatField(text), doc).kind).toBe("here");
  });

  it("is never made of the body as such, and one that says so is gone", () => {
    const { doc, body } = written("Căn cứ Luật");
    expect(wholeAnchor(flat(body), "body", 1)).toBeNull();
    const forged = { ...anchorOn(body, "Căn cứ"), quote: "" };
    expect(where(forged, body, doc).kind).toBe("gone");
  });
});
