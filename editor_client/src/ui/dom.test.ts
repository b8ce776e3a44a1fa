// @vitest-environment jsdom
/** What is put off until it is quiet. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { whenQuiet } from "./dom";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("what is put off until it is quiet", () => {
  it("runs once, when nobody asks any more", () => {
    const run = vi.fn();
    const ask = whenQuiet(run, 400);
    for (let key = 0; key < 30; key += 1) {
      ask();
      vi.advanceTimersByTime(100);
    }
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(400);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("runs now and then where it is never quiet, if it must not grow old", () => {
    const run = vi.fn();
    const ask = whenQuiet(run, 400, 2000);
    for (let key = 0; key < 61; key += 1) {
      ask();
      vi.advanceTimersByTime(100);
    }
    expect(run).toHaveBeenCalledTimes(3);
  });
});
