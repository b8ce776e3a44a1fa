import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Doc, applyUpdate, encodeStateAsUpdate } from "yjs";
import type { EditingDoc } from "./editingDoc";
import { PAUSE_MS, SETTLE_MS, createEditingDoc } from "./editingDoc";

describe("the document of the page", () => {
  let session: Doc;
  let page: EditingDoc;
  let element: HTMLElement;

  const colleague = (text: string) => {
    const other = new Doc();
    applyUpdate(other, encodeStateAsUpdate(session));
    other.getText("t").insert(0, text);
    applyUpdate(session, encodeStateAsUpdate(other), "socket");
  };
  const compose = (kind: string) => element.dispatchEvent(new CompositionEvent(kind));

  beforeEach(() => {
    vi.useFakeTimers();
    session = new Doc();
    session.getText("t").insert(0, "học");
    page = createEditingDoc(session);
    element = document.createElement("div");
    page.calmWhileComposing(element);
  });
  afterEach(() => {
    page.destroy();
    vi.useRealTimers();
  });

  it("starts with what the session holds and passes edits both ways at once", () => {
    expect(page.doc.getText("t").toString()).toBe("học");
    page.doc.getText("t").insert(3, " bài");
    expect(session.getText("t").toString()).toBe("học bài");
    colleague("đi ");
    expect(page.doc.getText("t").toString()).toBe("đi học bài");
  });

  it("holds a colleague's changes while a word is composed, and merges both after it", () => {
    compose("compositionstart");
    colleague("đi ");
    page.doc.getText("t").insert(3, "!");
    expect(page.doc.getText("t").toString()).toBe("học!");
    expect(session.getText("t").toString()).toBe("đi học!");
    compose("compositionend");
    vi.advanceTimersByTime(SETTLE_MS);
    expect(page.doc.getText("t").toString()).toBe("đi học!");
  });

  it("does not wait for someone who stops in the middle of a word", () => {
    compose("compositionstart");
    colleague("đi ");
    vi.advanceTimersByTime(PAUSE_MS);
    expect(page.doc.getText("t").toString()).toBe("đi học");
  });

  it("tells the session whose edits are the page's own", () => {
    const origins: unknown[] = [];
    session.on("update", (_: Uint8Array, origin: unknown) => origins.push(origin));
    page.doc.getText("t").insert(0, "a");
    colleague("b");
    expect(origins).toHaveLength(2);
    expect(origins[0]).not.toBe("socket");
    expect(origins[1]).toBe("socket");
  });
});
