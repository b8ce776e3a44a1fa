import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Pace } from "./pace";

let groups: string[][];
let pace: Pace<string>;
/** How long the page needs to show a group. */
let work_ms = 0;

beforeEach(() => {
  vi.useFakeTimers();
  groups = [];
  work_ms = 0;
  pace = new Pace(
    (messages) => {
      vi.setSystemTime(Date.now() + work_ms);
      groups.push([...messages]);
    },
    () => Date.now(),
  );
});

afterEach(() => vi.useRealTimers());

describe("colleagues' letters", () => {
  it("are shown at once when nothing else was", () => {
    pace.take("a");
    expect(groups).toEqual([["a"]]);
  });

  it("that come soon after come together, in order", () => {
    for (const letter of "abcd") pace.take(letter);
    expect(groups).toEqual([["a"]]);
    vi.advanceTimersByTime(40);
    expect(groups).toEqual([["a"], ["b", "c", "d"]]);
  });

  it("rest longer where showing them is slow, but never long", () => {
    work_ms = 20;
    pace.take("a");
    pace.take("b");
    vi.advanceTimersByTime(50);
    expect(groups).toEqual([["a"]]);
    vi.advanceTimersByTime(20);
    expect(groups).toEqual([["a"], ["b"]]);
    work_ms = 5000;
    vi.advanceTimersByTime(1000);
    pace.take("c");
    pace.take("d");
    vi.advanceTimersByTime(201);
    expect(groups.at(-1)).toEqual(["d"]);
  });

  it("are delivered when asked for, and not twice", () => {
    pace.take("a");
    pace.take("b");
    pace.flush();
    expect(groups).toEqual([["a"], ["b"]]);
    vi.advanceTimersByTime(1000);
    expect(groups).toHaveLength(2);
  });

  it("go on after one that could not be read", () => {
    let fails = true;
    const got: string[] = [];
    const strict = new Pace<string>((messages) => {
      if (fails) throw new Error("unreadable");
      got.push(...messages);
    }, () => Date.now());
    expect(() => strict.take("a")).toThrow("unreadable");
    fails = false;
    strict.take("b");
    vi.advanceTimersByTime(300);
    expect(got).toEqual(["b"]);
  });
});
