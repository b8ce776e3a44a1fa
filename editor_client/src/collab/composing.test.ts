import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ComposingQueue, watchComposing } from "./composing";

let delivered: string[];
let queue: ComposingQueue<string>;

beforeEach(() => {
  vi.useFakeTimers();
  delivered = [];
  queue = new ComposingQueue((message) => delivered.push(message));
});

afterEach(() => vi.useRealTimers());

describe("colleagues' edits while a word is composed", () => {
  it("pass at once when nothing is composed", () => {
    queue.take("a");
    expect(delivered).toEqual(["a"]);
  });

  it("wait for the end of the word and come in order", () => {
    queue.begin();
    queue.take("a");
    queue.take("b");
    queue.end();
    queue.take("c");
    expect(delivered).toEqual([]);
    vi.advanceTimersByTime(60);
    expect(delivered).toEqual(["a", "b", "c"]);
    queue.take("d");
    expect(delivered).toEqual(["a", "b", "c", "d"]);
  });

  it("wait on when the next word begins at once", () => {
    queue.begin();
    queue.take("a");
    queue.end();
    vi.advanceTimersByTime(20);
    queue.begin();
    vi.advanceTimersByTime(1000);
    expect(delivered).toEqual([]);
    queue.end();
    vi.advanceTimersByTime(60);
    expect(delivered).toEqual(["a"]);
  });

  it("do not wait for a composition that was left open", () => {
    queue.begin();
    queue.take("a");
    vi.advanceTimersByTime(5001);
    expect(delivered).toEqual(["a"]);
  });

  it("are dropped with the connection, which brings them again", () => {
    queue.begin();
    queue.take("a");
    queue.drop();
    queue.end();
    vi.advanceTimersByTime(6000);
    expect(delivered).toEqual([]);
  });

  it("are held by a composition in any field of the page, until one stops watching", () => {
    const stop = watchComposing(queue);
    const field = document.body.appendChild(document.createElement("input"));
    field.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
    queue.take("a");
    expect(delivered).toEqual([]);
    field.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
    vi.advanceTimersByTime(60);
    expect(delivered).toEqual(["a"]);
    stop();
    field.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
    queue.take("b");
    expect(delivered).toEqual(["a", "b"]);
  });
});
