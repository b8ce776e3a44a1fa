import "fake-indexeddb/auto";
import { afterEach, describe, expect, it } from "vitest";
import { Doc, XmlElement, XmlText } from "yjs";
import { LocalCopy } from "./local_copy";
import { bodyHtml, bodyText } from "./recovery";
import { Rescue } from "./rescue";
import { databaseName, forgetSent, listUnsent, noteUnsent } from "./unsent_index";

afterEach(() => localStorage.clear());

function paragraph(...texts: [string, Record<string, object>?][]): XmlElement {
  const element = new XmlElement("paragraph");
  const text = new XmlText();
  let at = 0;
  for (const [words, marks] of texts) {
    text.insert(at, words, marks ?? {});
    at += words.length;
  }
  element.insert(0, [text]);
  return element;
}

function sample(): Doc {
  const doc = new Doc();
  const list = new XmlElement("bulletList");
  const item = new XmlElement("listItem");
  item.insert(0, [paragraph(["Văn phòng <UBND> & các sở"])]);
  list.insert(0, [item]);
  doc
    .getXmlFragment("body")
    .insert(0, [
      paragraph(["Căn cứ "], ["Nghị định", { bold: {}, italic: {} }]),
      new XmlElement("paragraph"),
      list,
    ]);
  return doc;
}

describe("a recovery copy", () => {
  it("has one line for each paragraph", () => {
    expect(bodyText(sample())).toBe("Căn cứ Nghị định\n\nVăn phòng <UBND> & các sở");
  });

  it("keeps bold and lists, and lets no text become markup", () => {
    const html = bodyHtml(sample(), "A & B");
    expect(html).toContain("<title>A &amp; B</title>");
    expect(html).toContain("<p>Căn cứ <em><strong>Nghị định</strong></em></p>");
    expect(html).toContain("<ul><li><p>Văn phòng &lt;UBND&gt; &amp; các sở</p></li></ul>");
  });
});

async function leaveUnsent(epoch: number): Promise<void> {
  const name = databaseName("7", "d1", epoch);
  const { copy } = await LocalCopy.open(name, {
    onKept: () => undefined,
    onFailed: () => undefined,
    onUnsent: (unsent) =>
      noteUnsent("7", {
        draftId: "d1",
        epoch,
        title: "Tờ trình",
        unsent,
        changedAt: "2026-11-22T08:00:00Z",
      }),
  });
  const doc = new Doc();
  doc.on("update", (update: Uint8Array) => copy.write(update, 1));
  doc.getXmlFragment("body").insert(0, [paragraph(["viết khi mất mạng"])]);
  await copy.close();
}

function rescue(epoch: number): Rescue {
  return new Rescue({
    userId: "7",
    draftId: "d1",
    epoch,
    doc: new Doc(),
    title: () => "Tờ trình",
    now: () => new Date("2026-11-22T09:00:00Z"),
    unsent: () => Promise.resolve(null),
  });
}

describe("edits left in another epoch", () => {
  it("are listed, found at the next visit, and gone only when discarded", async () => {
    await leaveUnsent(1);
    expect(listUnsent("7")).toMatchObject([{ draftId: "d1", epoch: 1, unsent: 1 }]);
    expect(listUnsent("8")).toEqual([]);
    await rescue(2).findLeftovers();
    expect(listUnsent("7")).toEqual([]);
    const later = rescue(2);
    await later.findLeftovers();
    expect(later.copy.get()).toMatchObject({
      reason: "wrong_epoch",
      title: "Tờ trình",
      text: "viết khi mất mạng",
    });
    await later.discard();
    const last = rescue(2);
    await last.findLeftovers();
    expect(last.copy.get()).toBeNull();
  });
});

describe("signing out", () => {
  it("deletes copies that were sent and keeps those that were not", async () => {
    await leaveUnsent(5);
    const sent = databaseName("7", "d2", 1);
    const handlers = {
      onKept: () => undefined,
      onFailed: () => undefined,
      onUnsent: () => undefined,
    };
    const { copy } = await LocalCopy.open(sent, handlers);
    copy.write(new Uint8Array([0, 0]), null);
    await copy.close();
    // The list of unsent drafts may be lost; the database still knows.
    localStorage.clear();
    await forgetSent("7");
    const left = async (name: string) => {
      const { copy: again, opened } = await LocalCopy.open(name, handlers);
      await again.close();
      return [opened.updates.length, opened.unsent.length];
    };
    expect(await left(databaseName("7", "d1", 5))).toEqual([1, 1]);
    expect(await left(sent)).toEqual([0, 0]);
  });
});
