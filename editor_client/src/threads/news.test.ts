import { describe, expect, it } from "vitest";
import { createNews } from "./news";
import type { Comment, Thread, ThreadPerson } from "./types";

const ME: ThreadPerson = { id: "me", name: "Tôi", colour: "#000" };
const AN: ThreadPerson = { id: "an", name: "An", colour: "#000" };

function thread(more: Partial<Thread> = {}): Thread {
  return { id: "t1", state: "open", author: AN, assignee: null, comments: [], ...more } as unknown as Thread;
}

function comment(more: Partial<Comment> = {}): Comment {
  return { id: "c1", author: AN, mentions: [ME], removed_at: null, ...more } as unknown as Comment;
}

describe("news of comments", () => {
  it("tells of a mention once", () => {
    const desk = createNews("me");
    const now = [thread({ comments: [comment()] })];
    expect(desk.of(now, false)).toEqual([{ kind: "mentioned", thread: "t1", by: "An" }]);
    expect(desk.of(now, false)).toEqual([]);
  });

  it("tells that a comment was put in the person's hands, and again when it comes back", () => {
    const desk = createNews("me");
    desk.of([thread()], true);
    const mine = [thread({ assignee: ME })];
    expect(desk.of(mine, false)).toEqual([{ kind: "assigned", thread: "t1" }]);
    expect(desk.of(mine, false)).toEqual([]);
    desk.of([thread({ assignee: AN })], false);
    expect(desk.of(mine, false)).toEqual([{ kind: "assigned", thread: "t1" }]);
  });

  it("keeps quiet of what was there when the page opened", () => {
    const desk = createNews("me");
    const there = [thread({ assignee: ME, comments: [comment()] })];
    expect(desk.of(there, true)).toEqual([]);
    expect(desk.of(there, false)).toEqual([]);
  });

  it("does not tell people what they took over themselves", () => {
    const desk = createNews("me");
    desk.of([thread()], true);
    desk.takesOver("t1");
    // Another change of the thread may come first.
    expect(desk.of([thread()], false)).toEqual([]);
    expect(desk.of([thread({ assignee: ME })], false)).toEqual([]);
  });

  it("tells what others put there after taking it over came to nothing", () => {
    const desk = createNews("me");
    desk.of([thread()], true);
    desk.takesOver("t1");
    desk.leaves("t1");
    expect(desk.of([thread({ assignee: ME })], false)).toHaveLength(1);
  });

  it("keeps quiet of what is settled already", () => {
    const desk = createNews("me");
    expect(desk.of([thread({ assignee: ME, state: "resolved" })], false)).toEqual([]);
  });
});
