// @vitest-environment node
import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { applyUpdate, Doc } from "yjs";
import { LocalCopy } from "./local_copy";

let number = 0;

async function open(name: string) {
  const heard = { kept: [] as boolean[], unsent: [] as number[], failures: 0 };
  const { copy, opened } = await LocalCopy.open(name, {
    onKept: (kept) => heard.kept.push(kept),
    onUnsent: (count) => heard.unsent.push(count),
    onFailed: () => (heard.failures += 1),
  });
  return { copy, opened, heard };
}

function freshName(): string {
  number += 1;
  return `duthao:1:draft-${number}:1`;
}

/** A document whose updates are written into the copy as local changes. */
function typing(copy: LocalCopy, doc = new Doc()): Doc {
  let change = 0;
  doc.on("update", (update: Uint8Array) => {
    change += 1;
    copy.write(update, change);
  });
  return doc;
}

function textOf(updates: readonly Uint8Array[]): string {
  const doc = new Doc();
  for (const update of updates) applyUpdate(doc, update);
  return doc.getText("content").toJSON();
}

describe("the copy of a draft on this computer", () => {
  it("gives back what was typed before the tab was closed", async () => {
    const name = freshName();
    const first = await open(name);
    typing(first.copy).getText("content").insert(0, "Kính gửi");
    await first.copy.close();
    const again = await open(name);
    expect(textOf(again.opened.updates)).toBe("Kính gửi");
    expect(again.opened.unsent).toHaveLength(1);
  });

  it("says kept only after the database confirmed everything", async () => {
    const { copy, heard } = await open(freshName());
    typing(copy).getText("content").insert(0, "a");
    expect(heard.kept).toEqual([false]);
    await copy.settled();
    expect(heard.kept.at(-1)).toBe(true);
  });

  it("forgets unsent changes when they are committed, and not the later ones", async () => {
    const name = freshName();
    const { copy, heard } = await open(name);
    const text = typing(copy).getText("content");
    text.insert(0, "một");
    text.insert(3, " hai");
    text.insert(7, " ba");
    await copy.acknowledge(2);
    expect(heard.unsent.at(-1)).toBe(1);
    await copy.close();
    const again = await open(name);
    expect(again.opened.unsent).toHaveLength(1);
    expect(textOf(again.opened.updates)).toBe("một hai ba");
  });

  it("counts a deletion as unsent, though no state vector shows it", async () => {
    const name = freshName();
    const first = await open(name);
    const doc = typing(first.copy);
    doc.getText("content").insert(0, "bỏ câu này");
    await first.copy.acknowledge(1);
    doc.getText("content").delete(0, 3);
    await first.copy.close();
    const again = await open(name);
    expect(again.opened.unsent).toHaveLength(1);
    expect(textOf(again.opened.updates)).toBe("câu này");
  });

  it("does not count what came from the server", async () => {
    const { copy, heard } = await open(freshName());
    const remote = new Doc();
    remote.on("update", (update: Uint8Array) => copy.write(update, null));
    remote.getText("content").insert(0, "x");
    await copy.settled();
    expect(heard.unsent).toEqual([]);
    expect(await copy.unsent()).toBeNull();
  });

  it("keeps the unsent changes of two tabs apart from each other's answers", async () => {
    const name = freshName();
    const [left, right] = [await open(name), await open(name)];
    typing(left.copy).getText("content").insert(0, "a");
    typing(right.copy).getText("content").insert(0, "b");
    await left.copy.acknowledge(1);
    expect(left.heard.unsent.at(-1)).toBe(1);
    await right.copy.acknowledge(1);
    expect(right.heard.unsent.at(-1)).toBe(0);
  });

  it("loses nothing when it compacts while typing goes on", async () => {
    const name = freshName();
    const { copy } = await open(name);
    const text = typing(copy).getText("content");
    for (let index = 0; index < 700; index += 1) {
      text.insert(index, String(index % 10));
      if (index % 2 === 0) await copy.settled();
    }
    await copy.close();
    const again = await open(name);
    expect(textOf(again.opened.updates)).toBe(text.toJSON());
    expect(again.opened.updates.length).toBeLessThan(320);
  });

  it("reports a failed write instead of pretending", async () => {
    const { copy, heard } = await open(freshName());
    await copy.close();
    typing(copy).getText("content").insert(0, "a");
    await copy.settled();
    expect(heard.failures).toBe(1);
    expect(heard.kept.at(-1)).toBe(false);
  });
});
