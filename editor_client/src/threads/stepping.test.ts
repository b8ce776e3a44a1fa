/** From thread to thread by keys: the focus goes along, and it is said where one is. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Translate } from "../i18n";
import type { ThreadsApi } from "./api";
import type { CardActs } from "./card";
import { keptWords } from "./kept";
import type { Panel } from "./panel";
import { createPanel } from "./panel";
import type { Stepping } from "./stepping";
import { createStepping } from "./stepping";
import type { Thread } from "./types";

const t = ((word: string, values: object = {}) => [word, ...Object.values(values)].join(" ")) as unknown as Translate;
const MAY = ["reply", "resolve"];

const thread = (id: string, created_at: string): Thread =>
  ({
    id,
    revision: 1,
    state: "open",
    anchor: { part: "body", quote: `chữ ${id}` },
    author: { id: "phi", name: "Phi", colour: "" },
    unit: null,
    assignee: null,
    suggestion: null,
    created_at,
    read: 1,
    may: MAY,
    comments: [
      {
        id: `c${id}`,
        number: 1,
        author: { id: "phi", name: "Phi", colour: "" },
        text: `Ý ${id}`,
        mentions: [],
        files: [],
        created_at,
        edited_at: null,
        removed_at: null,
      },
    ],
  }) as unknown as Thread;

let panel: Panel;
let stepping: Stepping;
let active: string | null;
const threads = new Map<string, Thread>();

const draw = () =>
  panel.draw({ threads, places: new Map(), active, state: "ready", mayComment: true } as Parameters<Panel["draw"]>[0]);
const focused = () => document.activeElement;
const cardOf = (id: string) => panel.element.querySelector<HTMLElement>(`[data-thread="${id}"]`) as HTMLElement;
const shown = { maySee: () => true, isShown: () => !panel.element.hidden, open: () => undefined };
const spoken = () => panel.element.querySelector("[aria-live]")?.textContent;

beforeEach(() => {
  Element.prototype.scrollIntoView = vi.fn();
  threads.clear();
  active = null;
  for (const [at, id] of ["a", "b", "c"].entries()) threads.set(id, thread(id, `2026-11-0${String(at + 1)}T00:00:00Z`));
  const acts = {
    activate: (id: string) => {
      active = id;
      draw();
    },
  } as unknown as CardActs;
  const api = { people: () => Promise.resolve([]) } as unknown as ThreadsApi;
  panel = createPanel({
    t,
    userId: "an",
    api,
    kept: keptWords("an", "d", null),
    acts,
    names: { of: () => ({ part: null, words: "" }), now: () => null },
    fieldNow: () => "",
    onNew: () => undefined,
    onLeave: () => undefined,
    onClose: () => undefined,
  } as Parameters<typeof createPanel>[0]);
  panel.element.hidden = false;
  document.body.replaceChildren(panel.element);
  draw();
  stepping = createStepping({ t, panel, threads: () => threads, active: () => active, activate: acts.activate, ...shown });
});

describe("going through the threads by keys", () => {
  it("puts the focus on each in turn, round and back, and says which it is", () => {
    const seen = [1, 1, 1, 1, -1].map((by) => {
      stepping.step(by);
      expect(focused()?.className).toBe("ed-card-quote");
      return focused()?.closest<HTMLElement>(".ed-card")?.dataset["thread"];
    });
    expect(seen).toEqual(["a", "b", "c", "a", "c"]);
    expect(spoken()).toBe("threadAt 3 3 Phi Ý c");
  });

  it("begins with the last when it goes back first", () => {
    stepping.step(-1);
    expect(active).toBe("c");
  });

  it("leads from the quote to the answer with Enter", () => {
    stepping.step(1);
    focused()?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    expect(focused()).toBe(cardOf("a").querySelector("textarea"));
  });

  it("keeps the focus while the card is drawn anew, on the tool or else on the quote", () => {
    stepping.step(1);
    const change = (more: Partial<Thread>) => {
      threads.set("a", { ...(threads.get("a") ?? thread("a", "")), ...more });
      draw();
    };
    change({ revision: 2 });
    expect(focused()).toBe(cardOf("a").querySelector(".ed-card-quote"));
    cardOf("a").querySelector<HTMLElement>(".ed-card-resolve")?.focus();
    change({ revision: 3 });
    expect(focused()).toBe(cardOf("a").querySelector(".ed-card-resolve"));
    change({ revision: 4, may: ["reply"] });
    expect(focused()).toBe(cardOf("a").querySelector(".ed-card-quote"));
  });

  it("goes to the neighbour of a thread that was settled, and to the shelf after the last", () => {
    stepping.step(1);
    for (const [id, left] of [["a", "b"], ["b", "c"], ["c", null]] as const) {
      cardOf(id).querySelector<HTMLElement>(".ed-card-quote")?.focus();
      stepping.settled(id);
      active = null;
      threads.delete(id);
      draw();
      const place = left === null ? panel.element.querySelector("[data-shelf=open]") : cardOf(left).querySelector(".ed-card-quote");
      expect(focused()).toBe(place);
    }
    expect(spoken()).toBe("threadSettledAll");
  });

  it("leaves the focus where somebody writes when a thread is settled elsewhere", () => {
    const box = document.createElement("textarea");
    document.body.append(box);
    box.focus();
    stepping.settled("a");
    expect(focused()).toBe(box);
  });

  it("says that there is nothing to go to", () => {
    threads.clear();
    draw();
    stepping.step(1);
    expect(spoken()).toBe("threadNoneHere");
  });
});
