import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as searching from "./searching";

function press(target: EventTarget, init: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", {
    key: "/",
    bubbles: true,
    cancelable: true,
    ...init,
  });
  target.dispatchEvent(event);
  return event;
}

beforeAll(() => searching.listen());

beforeEach(() => {
  document.body.innerHTML =
    '<input id="bar" data-search-box><input id="other"><p contenteditable="true" id="text"></p>';
});

describe("the key /", () => {
  it("goes to the search box and is not typed", () => {
    expect(press(document.body).defaultPrevented).toBe(true);
    expect(document.activeElement?.id).toBe("bar");
  });

  it("prefers the box of the page to that of the bar", () => {
    document.body.insertAdjacentHTML("beforeend", '<input id="page" data-search-box>');
    press(document.body);
    expect(document.activeElement?.id).toBe("page");
  });

  it("stays a slash for whoever writes", () => {
    const other = document.getElementById("other") as HTMLInputElement;
    other.focus();
    expect(press(other).defaultPrevented).toBe(false);
    expect(press(document.body, { ctrlKey: true }).defaultPrevented).toBe(false);
    expect(document.activeElement).toBe(other);
  });

  it("does nothing under a dialog", () => {
    document.body.insertAdjacentHTML("beforeend", "<dialog open></dialog>");
    expect(press(document.body).defaultPrevented).toBe(false);
  });
});
