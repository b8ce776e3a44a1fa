/** Where threads' words are at this moment, also between an edit and the next look. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Doc, XmlElement, XmlText } from "yjs";
import { cell } from "../collab/readable";
import { makeAnchor } from "./anchors";
import { flatBody } from "./flat";
import { createPlaces } from "./places";
import type { Thread } from "./types";

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
