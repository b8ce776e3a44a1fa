import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { listen, REST_MS, stops } from "./versions";

const LIST = `
  <ol><li><a data-version="2" href="?at=2">Hai</a></li><li><a data-version="5" href="?at=5">Năm</a></li></ol>
  <div data-slider data-address="/drafts/d/versions/">
    <button data-play aria-label="Chạy" data-stop="Dừng"></button>
    <input type="range" min="1" max="5" value="5"><output data-said></output>
  </div>
  <div id="version" tabindex="-1">cũ</div>`;

function answer(seq: number): Response {
  return new Response(`<div data-seq="${seq}" data-when="8:0${seq}" data-who="Bà An">bản ${seq}</div>`);
}

async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(REST_MS);
  await vi.advanceTimersByTimeAsync(0);
}

function slider(): HTMLInputElement {
  const found = document.querySelector<HTMLInputElement>("input[type=range]");
  if (!found) throw new Error("no slider");
  return found;
}

function slideTo(value: number): void {
  slider().value = String(value);
  slider().dispatchEvent(new Event("input", { bubbles: true }));
}

describe("the slider", () => {
  const asked: string[] = [];
  let replies: ((response: Response) => void)[] = [];

  beforeEach(() => {
    vi.useFakeTimers();
    asked.length = 0;
    replies = [];
    vi.stubGlobal("fetch", (address: string, init: RequestInit) => {
      asked.push(address);
      return new Promise<Response>((resolve, reject) => {
        init.signal?.addEventListener("abort", () => reject(new Error("aborted")));
        replies.push(resolve);
      });
    });
    document.body.innerHTML = LIST;
    listen();
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("fetches only where it comes to rest, and says when and who", async () => {
    slideTo(4);
    slideTo(3);
    slideTo(2);
    await settle();
    expect(asked).toEqual(["/drafts/d/versions/2/"]);
    replies[0]?.(answer(2));
    await settle();
    expect(document.getElementById("version")?.textContent).toBe("bản 2");
    expect(document.querySelector("[data-said]")?.textContent).toBe("8:02 · Bà An");
    expect(slider().getAttribute("aria-valuetext")).toBe("8:02 · Bà An");
    expect(document.querySelector("li[aria-current]")?.textContent).toBe("Hai");
  });

  it("drops an answer that comes after a later question", async () => {
    slideTo(2);
    await settle();
    slideTo(3);
    await settle();
    replies[1]?.(answer(3));
    replies[0]?.(answer(2));
    await settle();
    expect(document.getElementById("version")?.textContent).toBe("bản 3");
  });

  it("keeps what is shown when the server fails, and says so", async () => {
    slideTo(2);
    await settle();
    replies[0]?.(new Response("", { status: 503 }));
    await settle();
    expect(document.getElementById("version")?.textContent).toBe("cũ");
    expect(document.querySelector("[data-said]")?.textContent).toContain("Chưa làm được");
  });

  it("plays from the beginning when it stands at the end, and stops", async () => {
    const play = document.querySelector<HTMLButtonElement>("[data-play]");
    play?.click();
    await settle();
    expect(asked).toEqual(["/drafts/d/versions/1/"]);
    expect(play?.getAttribute("aria-label")).toBe("Dừng");
    replies[0]?.(answer(1));
    await vi.advanceTimersByTimeAsync(600);
    expect(asked).toHaveLength(2);
    play?.click();
    replies[1]?.(answer(2));
    await vi.advanceTimersByTimeAsync(2000);
    expect(asked).toHaveLength(2);
  });
});

describe("the changes of a comparison", () => {
  it("are the outermost ones, and neighbours are one stop", () => {
    document.body.innerHTML =
      '<p class="dt-is-inserted"><ins>mới</ins></p>' +
      "<p>giữ <del>bỏ</del><ins>thay</ins> giữ <ins>thêm</ins></p>";
    expect(stops(document.body).map((e) => e.textContent)).toEqual(["mới", "thay", "thêm"]);
  });
});

describe("the keys N and P", () => {
  beforeAll(() => {
    Element.prototype.scrollIntoView = () => undefined;
  });

  it("go round the changes, and not while one types", () => {
    document.body.innerHTML =
      '<div data-compare><div data-steps hidden><button data-step="1"></button><span data-place></span></div></div>' +
      '<input id="q"><div class="dt-compared"><p><ins>một</ins> x <ins>hai</ins></p></div>';
    listen();
    const press = (key: string, target: EventTarget = document.body): void => {
      target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    };
    const here = (): string | null | undefined => document.querySelector(".dt-here")?.textContent;
    press("n");
    expect(here()).toBe("một");
    press("n");
    press("n");
    expect(here()).toBe("một");
    press("p");
    expect(here()).toBe("hai");
    expect(document.querySelector("[data-place]")?.textContent).toBe("2/2");
    press("n", document.getElementById("q") ?? document.body);
    expect(here()).toBe("hai");
  });
});
