import { describe, expect, it } from "vitest";
import { applyUpdate, Doc, encodeStateAsUpdate, XmlElement, XmlText } from "yjs";
import { seedText } from "./seed_text";

const body = (doc: Doc) => doc.getXmlFragment("body");

function copy(doc: Doc): Doc {
  const other = new Doc();
  applyUpdate(other, encodeStateAsUpdate(doc));
  return other;
}

describe("a paragraph that is made here", () => {
  it("has its text at once, also deep in a table", () => {
    const doc = new Doc();
    seedText(doc);
    const cell = new XmlElement("tableCell");
    cell.insert(0, [new XmlElement("paragraph")]);
    body(doc).insert(0, [new XmlElement("paragraph"), cell, new XmlElement("pageBreak")]);
    const [first, table, rule] = body(doc).toArray() as XmlElement[];
    expect(first?.get(0)).toBeInstanceOf(XmlText);
    expect((table?.get(0) as XmlElement).get(0)).toBeInstanceOf(XmlText);
    expect(rule?.length).toBe(0);
  });

  it("keeps the text that it was made with", () => {
    const doc = new Doc();
    seedText(doc);
    const paragraph = new XmlElement("paragraph");
    paragraph.insert(0, [new XmlText("Kính gửi")]);
    body(doc).insert(0, [paragraph]);
    expect(paragraph.length).toBe(1);
    expect(paragraph.toString()).toBe("<paragraph>Kính gửi</paragraph>");
  });

  it("merges what two people begin in it at the same moment", () => {
    const left = new Doc();
    seedText(left);
    body(left).insert(0, [new XmlElement("paragraph")]);
    const right = copy(left);
    seedText(right);
    for (const [doc, letter] of [[left, "a"], [right, "b"]] as const) {
      const text = (body(doc).get(0) as XmlElement).get(0) as XmlText;
      text.insert(0, letter);
    }
    applyUpdate(left, encodeStateAsUpdate(right));
    const paragraph = body(left).get(0) as XmlElement;
    expect(paragraph.length).toBe(1);
    expect([...(paragraph.get(0) as XmlText).toString()].sort()).toEqual(["a", "b"]);
  });
});

describe("a paragraph that somebody else made", () => {
  it("is left alone, whatever else happens here", () => {
    const remote = new Doc();
    body(remote).insert(0, [new XmlElement("paragraph")]);
    const doc = new Doc();
    seedText(doc);
    applyUpdate(doc, encodeStateAsUpdate(remote));
    body(doc).insert(1, [new XmlElement("paragraph")]);
    const lengths = (body(doc).toArray() as XmlElement[]).map(({ length }) => length);
    expect(lengths).toEqual([0, 1]);
  });
});
