import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { listen } from "./previews";

listen();

const input = document.createElement("input");
const place = document.createElement("figure");
const image = document.createElement("img");

function choose(...files: File[]): void {
  Object.defineProperty(input, "files", { value: files, configurable: true });
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

beforeEach(() => {
  input.type = "file";
  input.dataset["preview"] = "#place";
  place.id = "place";
  place.hidden = true;
  place.replaceChildren(image);
  document.body.replaceChildren(input, place);
  let count = 0;
  URL.createObjectURL = vi.fn(() => `blob:picture-${++count}`);
  URL.revokeObjectURL = vi.fn();
});

afterEach(() => image.removeAttribute("src"));

describe("a picture that was chosen", () => {
  it("is shown before it is sent, and gone when it is taken back", () => {
    choose(new File(["x"], "chu-ky.png", { type: "image/png" }));
    expect(place.hidden).toBe(false);
    expect(image.src).toBe("blob:picture-1");
    choose();
    expect(place.hidden).toBe(true);
    expect(image.hasAttribute("src")).toBe(false);
  });

  it("gives its memory back when another takes its place", () => {
    choose(new File(["x"], "a.png"));
    choose(new File(["y"], "b.png"));
    expect(URL.revokeObjectURL).toHaveBeenCalledWith("blob:picture-1");
    expect(image.src).toBe("blob:picture-2");
  });

  it("is not looked for where none is asked for", () => {
    delete input.dataset["preview"];
    choose(new File(["x"], "a.png"));
    expect(place.hidden).toBe(true);
  });
});
