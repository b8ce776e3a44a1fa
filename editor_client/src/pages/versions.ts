/**
 * The pages of a draft's versions: the time slider and the steps from change to change.
 *
 * - `[data-slider]`: a range over the saves of a draft. What it points at is fetched
 *   when it has rested for a moment; an answer that comes too late is dropped.
 * - `[data-compare]`: N and P, or its buttons, go to the next and the previous change.
 * - `[data-submits]` sends its form when it changes; `[data-print]` prints.
 *
 * Without these the lists and links do the same, a page at a time.
 */
import { word } from "./words";

export const REST_MS = 150;
const FRAME_MS = 500;
// How many stops a whole history is played in.
const FRAMES = 60;
const CHANGES = [
  "ins",
  "del",
  ".dt-formatted",
  ".dt-is-inserted",
  ".dt-is-deleted",
  ".dt-is-moved-from",
  ".dt-is-moved-to",
  ".dt-is-formatted",
].join(",");

export function listen(): void {
  const slider = document.querySelector<HTMLElement>("[data-slider]");
  if (slider) slide(slider);
  const compare = document.querySelector<HTMLElement>("[data-compare]");
  const compared = document.querySelector<HTMLElement>(".dt-compared");
  if (compare && compared) step(compare, compared);
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement || input instanceof HTMLSelectElement)) return;
    if ("submits" in input.dataset) input.form?.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-print]")) window.print();
  });
}

function slide(box: HTMLElement): void {
  const range = box.querySelector<HTMLInputElement>("input[type=range]");
  const said = box.querySelector<HTMLElement>("[data-said]");
  const play = box.querySelector<HTMLButtonElement>("[data-play]");
  const place = document.getElementById("version");
  const { address } = box.dataset;
  if (!range || !said || !place || address === undefined) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked: AbortController | undefined;

  async function show(seq: string): Promise<void> {
    asked?.abort();
    const mine = (asked = new AbortController());
    box.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${address}${seq}/`, {
        headers: { "HX-Request": "true" },
        signal: mine.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      if (mine.signal.aborted || !range || !said || !place) return;
      place.innerHTML = html;
      const version = place.querySelector<HTMLElement>("[data-seq]");
      const words = [version?.dataset["when"], version?.dataset["who"]].filter(Boolean).join(" · ");
      said.textContent = words;
      range.setAttribute("aria-valuetext", words);
      mark(seq);
      window.history.replaceState(null, "", withPlace(seq));
    } catch {
      if (!mine.signal.aborted && said) said.textContent = word("failed");
    } finally {
      if (asked === mine) box.removeAttribute("aria-busy");
    }
  }

  range.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void show(range.value), REST_MS);
  });
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-version]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      range.value = link.dataset["version"] ?? range.value;
      void show(range.value).then(() => place.focus({ preventScroll: true }));
    });
  }
  if (play) player(play, range, show);
}

/** Plays from the place of the slider (from the beginning when it is at the end). */
function player(
  button: HTMLButtonElement,
  range: HTMLInputElement,
  show: (seq: string) => Promise<void>,
): void {
  const start = button.getAttribute("aria-label") ?? "";
  const stop = button.dataset["stop"] ?? start;
  let playing = false;
  const set = (on: boolean): void => {
    playing = on;
    button.setAttribute("aria-label", on ? stop : start);
    button.setAttribute("aria-pressed", String(on));
  };
  async function frame(): Promise<void> {
    if (!playing) return;
    const last = Number(range.max);
    const now = Number(range.value);
    if (now >= last) {
      set(false);
      return;
    }
    range.value = String(Math.min(last, now + Math.max(1, Math.round(last / FRAMES))));
    await show(range.value);
    setTimeout(() => void frame(), FRAME_MS);
  }
  button.addEventListener("click", () => {
    if (playing) {
      set(false);
      return;
    }
    set(true);
    if (range.value === range.max) range.value = range.min;
    void show(range.value).then(() => setTimeout(() => void frame(), FRAME_MS));
  });
  range.addEventListener("pointerdown", () => set(false));
}

function mark(seq: string): void {
  for (const link of document.querySelectorAll<HTMLElement>("a[data-version]")) {
    const line = link.closest("li");
    if (link.dataset["version"] === seq) line?.setAttribute("aria-current", "true");
    else line?.removeAttribute("aria-current");
  }
}

function withPlace(seq: string): string {
  const url = new URL(window.location.href);
  url.searchParams.set("at", seq);
  return url.pathname + url.search;
}

/** What is changed, outermost only, in reading order; neighbours are one stop. */
export function stops(within: ParentNode): HTMLElement[] {
  const found: HTMLElement[] = [];
  for (const element of within.querySelectorAll<HTMLElement>(CHANGES)) {
    if (element.parentElement?.closest(CHANGES)) continue;
    if (element.textContent === "" && !element.querySelector("img,hr")) continue;
    const before = element.previousSibling;
    if (before && before === found[found.length - 1]) found[found.length - 1] = element;
    else found.push(element);
  }
  return found;
}

function step(box: HTMLElement, compared: HTMLElement): void {
  const found = stops(compared);
  const buttons = box.querySelector<HTMLElement>("[data-steps]");
  const said = box.querySelector<HTMLElement>("[data-place]");
  if (found.length === 0 || !buttons) return;
  buttons.hidden = false;
  let at = -1;
  const go = (by: number): void => {
    found[at]?.classList.remove("dt-here");
    at = at < 0 && by < 0 ? found.length - 1 : (at + by + found.length) % found.length;
    const here = found[at];
    here?.classList.add("dt-here");
    here?.scrollIntoView({ block: "center" });
    if (said) said.textContent = `${at + 1}/${found.length}`;
  };
  buttons.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-step]") : null;
    if (button instanceof HTMLElement) go(Number(button.dataset["step"]));
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest("input,select,textarea")) return;
    const by = { n: 1, p: -1 }[event.key.toLowerCase()];
    if (by === undefined) return;
    event.preventDefault();
    go(by);
  });
}
