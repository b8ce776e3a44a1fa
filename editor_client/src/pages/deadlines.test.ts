import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listen } from "./deadlines";

let tick: HTMLInputElement;
let day: HTMLInputElement;

beforeAll(listen);

beforeEach(() => {
  document.body.innerHTML = `<ul data-offered="2026-12-07"><li><div class="dt-recipient-act">
    <input type="checkbox"><input type="date"></div></li></ul>`;
  [tick, day] = Array.from(document.querySelectorAll("input")) as [HTMLInputElement, HTMLInputElement];
});

function change(input: HTMLInputElement): void {
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

describe("a recipient who must act", () => {
  it("gets the day that is offered, and cannot be left without one", () => {
    tick.checked = true;
    change(tick);
    expect([day.value, day.required]).toEqual(["2026-12-07", true]);
  });

  it("keeps the day that somebody typed, and a day alone means that they must act", () => {
    day.value = "2026-12-01";
    change(day);
    expect([tick.checked, day.required]).toEqual([true, true]);
    change(tick);
    expect(day.value).toBe("2026-12-01");
  });

  it("loses the day when nothing is asked of them any more", () => {
    tick.checked = true;
    change(tick);
    tick.checked = false;
    change(tick);
    expect([day.value, day.required]).toEqual(["", false]);
  });
});
