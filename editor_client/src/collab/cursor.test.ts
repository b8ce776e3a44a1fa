import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { safeCursor } from "./cursor";

const id = { client: 7, clock: 3 };

describe("a caret that a colleague's program sent", () => {
  it("is kept when it is a place in the text", () => {
    const doc = new Y.Doc();
    const text = doc.getText("content");
    text.insert(0, "công văn");
    for (const index of [0, 4, 8]) {
      for (const assoc of [0, -1]) {
        const place = Y.createRelativePositionFromTypeIndex(text, index, assoc);
        const json = Y.relativePositionToJSON(place) as unknown;
        const cursor = { anchor: json, head: json };
        expect(safeCursor(JSON.parse(JSON.stringify(cursor)))).toEqual(cursor);
      }
    }
  });

  it.each([
    null,
    "caret",
    {},
    { anchor: {}, head: {} },
    { anchor: null, head: { item: id } },
    { anchor: { item: id } },
    { anchor: { item: 5 }, head: { item: id } },
    { anchor: { item: { client: 7, clock: -1 } }, head: { item: id } },
    { anchor: { item: { client: 7, clock: 1.5 } }, head: { item: id } },
    { anchor: { type: { client: "7", clock: 1 } }, head: { item: id } },
    { anchor: { tname: {} }, head: { item: id } },
  ])("is none when its shape is %j", (cursor) => {
    expect(safeCursor(cursor)).toBeNull();
  });
});
