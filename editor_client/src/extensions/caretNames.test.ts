import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from "y-protocols/awareness";
import { Doc } from "yjs";
import { CaretNames, NAMED_MS } from "./caretNames";

let mine: Awareness;
let theirs: Awareness;
let caret: HTMLElement;
let root: HTMLElement;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  mine = new Awareness(new Doc());
  theirs = new Awareness(new Doc());
  root = document.createElement("div");
  caret = document.createElement("span");
  caret.className = "ed-caret";
  root.append(caret);
  const names = new CaretNames(mine);
  names.dress(caret, theirs.clientID);
  stop = names.watch(root);
});

afterEach(() => {
  stop();
  vi.useRealTimers();
  mine.destroy();
  theirs.destroy();
});

function theyMove(to: number): void {
  theirs.setLocalStateField("cursor", { anchor: to, head: to });
  applyAwarenessUpdate(mine, encodeAwarenessUpdate(theirs, [theirs.clientID]), "test");
}

describe("the name at a colleague's caret", () => {
  it("stands for a moment after the caret moved, then goes", () => {
    theyMove(1);
    expect(caret.classList.contains("is-named")).toBe(true);
    vi.advanceTimersByTime(NAMED_MS - 1);
    expect(caret.classList.contains("is-named")).toBe(true);
    vi.advanceTimersByTime(1);
    expect(caret.classList.contains("is-named")).toBe(false);
  });

  it("stays while the caret goes on moving", () => {
    theyMove(1);
    vi.advanceTimersByTime(NAMED_MS - 1);
    theyMove(2);
    vi.advanceTimersByTime(NAMED_MS - 1);
    expect(caret.classList.contains("is-named")).toBe(true);
  });

  it("does not come back for news that is not a move", () => {
    theyMove(1);
    vi.advanceTimersByTime(NAMED_MS);
    theirs.setLocalStateField("viewing", "page 2");
    theyMove(1);
    expect(caret.classList.contains("is-named")).toBe(false);
  });

  it("is shown on a caret that is drawn anew right after the move", () => {
    const names = new CaretNames(mine);
    const end = names.watch(root);
    theyMove(3);
    const again = document.createElement("span");
    names.dress(again, theirs.clientID);
    expect(again.classList.contains("is-named")).toBe(true);
    end();
  });
});
