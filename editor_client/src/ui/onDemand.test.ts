// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Later, fetchLater, panelOnDemand } from "./onDemand";
import type { Toast } from "./toast";

const parts = {} as Later;
const told: string[] = [];
const toast: Toast = { element: document.createElement("div"), show: (text) => told.push(text) };
const t = (word: string) => word;

beforeEach(() => {
  vi.useFakeTimers();
  told.length = 0;
});

afterEach(() => vi.useRealTimers());

describe("parts that come later", () => {
  it("are fetched once, by themselves, when the page is at rest", async () => {
    const load = vi.fn(() => Promise.resolve(parts));
    const later = fetchLater(t, toast, load);
    expect(load).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1000);
    const run = vi.fn();
    later.with(run);
    expect(run).toHaveBeenCalledExactlyOnceWith(parts);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("answer a click that was quicker, as soon as they are there", async () => {
    const later = fetchLater(t, toast, () => Promise.resolve(parts));
    const run = vi.fn();
    later.with(run);
    expect(run).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(0);
    expect(run).toHaveBeenCalledOnce();
  });

  it("tell when they cannot be fetched, and are asked for again", async () => {
    let isAway = true;
    const later = fetchLater(t, toast, () => (isAway ? Promise.reject(new Error("away")) : Promise.resolve(parts)));
    await vi.advanceTimersByTimeAsync(1000);
    expect(told).toEqual([]);
    const run = vi.fn();
    later.with(run);
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual(["partMissing"]);
    isAway = false;
    later.with(run);
    await vi.advanceTimersByTimeAsync(0);
    expect(run).toHaveBeenCalledOnce();
  });

  it("make a panel once, in its place", async () => {
    const later = fetchLater(t, toast, () => Promise.resolve(parts));
    const make = vi.fn(() => ({ element: document.createElement("aside") }));
    const panel = panelOnDemand(later, make);
    const page = document.createElement("div");
    page.append(document.createElement("b"), panel.slot, document.createElement("i"));
    expect(panel.made()).toBeNull();
    panel.use(() => undefined);
    panel.use(() => undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect(make).toHaveBeenCalledOnce();
    expect(page.innerHTML).toBe("<b></b><aside></aside><i></i>");
  });
});
