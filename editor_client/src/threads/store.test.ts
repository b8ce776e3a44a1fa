/** The threads a browser knows: asked for, caught up with, never shown without the server. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ThreadsApi } from "./api";
import { ThreadError } from "./api";
import type { ThreadStore } from "./store";
import { createStore, unreadOf } from "./store";
import type { Comment, Thread } from "./types";

const comment = (number: number, author: string): Comment =>
  ({ id: `c${String(number)}`, number, author: { id: author }, removed_at: null }) as unknown as Comment;
const thread = (id: string, revision: number, read = 0): Thread =>
  ({ id, revision, read, comments: [comment(1, "an"), comment(2, "phi")] }) as unknown as Thread;

let store: ThreadStore;
let asked: number[];
let answers: (() => { items: Thread[]; cursor: number; more: boolean })[];
const read = vi.fn(() => Promise.resolve());

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  answers = [];
  read.mockClear();
  const changes = (after: number) => {
    asked.push(after);
    try {
      return Promise.resolve(answers.shift()?.() ?? { items: [], cursor: after, more: false });
    } catch (error) {
      return Promise.reject(error as Error);
    }
  };
  store = createStore({ changes, read } as unknown as ThreadsApi);
});

afterEach(() => {
  store.destroy();
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

describe("the threads a browser knows", () => {
  it("are fetched part by part, then only what changed", async () => {
    answers.push(() => ({ items: [thread("a", 1)], cursor: 1, more: true }));
    answers.push(() => ({ items: [thread("b", 2)], cursor: 2, more: false }));
    void store.refresh();
    await settle();
    expect([...store.threads.get().keys()]).toEqual(["a", "b"]);
    store.hint(2);
    await settle();
    store.hint(3);
    await settle();
    expect(asked).toEqual([0, 1, 2]);
  });

  it("ask once for a flood of hints, and the first at once", async () => {
    for (let revision = 1; revision < 100; revision += 1) store.hint(revision);
    await settle();
    expect(asked).toEqual([0]);
    for (let revision = 100; revision < 200; revision += 1) store.hint(revision);
    await settle();
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(500);
    expect(asked).toHaveLength(2);
  });

  it("are tried again after a bad line, and what is known stays", async () => {
    answers.push(() => ({ items: [thread("a", 1)], cursor: 1, more: false }));
    void store.refresh();
    await settle();
    answers.push(() => {
      throw new ThreadError(0, "unreachable", "");
    });
    void store.refresh();
    await settle();
    expect([store.state.get(), store.threads.get().size]).toEqual(["ready", 1]);
    answers.push(() => ({ items: [thread("b", 2)], cursor: 2, more: false }));
    await vi.advanceTimersByTimeAsync(6000);
    expect(store.threads.get().size).toBe(2);
  });

  it("are told anew when the person may do other things with them", async () => {
    const item = thread("a", 1);
    answers.push(() => ({ items: [{ ...item, may: ["reply"] }], cursor: 1, more: false }));
    void store.refresh();
    await settle();
    answers.push(() => ({ items: [{ ...item, may: [] }], cursor: 1, more: false }));
    store.again();
    await settle();
    expect([asked, store.threads.get().get("a")?.may]).toEqual([[0, 0], []]);
  });

  it("are told anew also while an older answer is still on its way", async () => {
    const item = thread("a", 1);
    answers.push(() => ({ items: [{ ...item, may: ["reply"] }], cursor: 1, more: false }));
    answers.push(() => ({ items: [{ ...item, may: [] }], cursor: 1, more: false }));
    void store.refresh();
    store.again();
    await settle();
    expect([asked, store.threads.get().get("a")?.may]).toEqual([[0, 0], []]);
  });

  it("do not take an older right back from the late answer of an act", async () => {
    const item = thread("a", 2);
    answers.push(() => ({ items: [{ ...item, may: [] }], cursor: 2, more: false }));
    void store.refresh();
    await settle();
    store.take({ ...item, may: ["reply"] });
    expect(store.threads.get().get("a")?.may).toEqual([]);
  });

  it("stay put away when an act is answered after that", async () => {
    answers.push(() => {
      throw new ThreadError(403, "not_allowed", "");
    });
    void store.refresh();
    await settle();
    store.take(thread("a", 3));
    expect(store.threads.get().size).toBe(0);
  });

  it("are there when a refresh has ended, also one that had to wait for another", async () => {
    answers.push(() => ({ items: [], cursor: 0, more: false }));
    answers.push(() => ({ items: [thread("a", 1)], cursor: 1, more: false }));
    void store.refresh();
    let isThere: boolean | null = null;
    void store.refresh().then(() => {
      isThere = store.threads.get().has("a");
    });
    await settle();
    expect(isThere).toBe(true);
  });

  it("are put away when the right to them has ended", async () => {
    answers.push(() => ({ items: [thread("a", 1)], cursor: 1, more: false }));
    void store.refresh();
    await settle();
    answers.push(() => {
      throw new ThreadError(403, "not_allowed", "");
    });
    void store.refresh();
    await settle();
    expect([store.state.get(), store.threads.get().size]).toEqual(["forbidden", 0]);
  });

  it("are asked for each minute while they are looked at, so that a lost hint costs no more", async () => {
    const look = vi.spyOn(document, "visibilityState", "get").mockReturnValue("visible");
    await vi.advanceTimersByTimeAsync(61_000);
    expect(asked).toEqual([]);
    void store.refresh();
    await settle();
    answers.push(() => ({ items: [thread("a", 1)], cursor: 1, more: false }));
    await vi.advanceTimersByTimeAsync(60_000);
    expect([asked.length, store.threads.get().size]).toEqual([2, 1]);
    look.mockReturnValue("hidden");
    await vi.advanceTimersByTimeAsync(300_000);
    expect(asked).toHaveLength(2);
    look.mockReturnValue("visible");
    document.dispatchEvent(new Event("visibilitychange"));
    await settle();
    expect(asked).toHaveLength(3);
    look.mockRestore();
  });

  it("never go back to an older state, nor a mark to an older one", async () => {
    store.take(thread("a", 5, 2));
    store.take(thread("a", 4, 0));
    expect(store.threads.get().get("a")?.revision).toBe(5);
    store.take(thread("a", 6, 1));
    expect(store.threads.get().get("a")?.read).toBe(2);
    await settle();
  });

  it("are unread for what others said after the mark, until they are read", () => {
    store.take(thread("a", 1));
    const unread = () => unreadOf(store.threads.get().get("a") ?? thread("a", 0), "an");
    expect(unread()).toBe(1);
    store.markRead("a");
    store.markRead("a");
    expect(unread()).toBe(0);
    expect(read).toHaveBeenCalledTimes(1);
  });
});
