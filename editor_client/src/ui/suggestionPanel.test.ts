// @vitest-environment jsdom
/** The list of suggestions while colleagues write, and while somebody decides by keys. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Editor } from "@tiptap/core";
import type { EditorState } from "@tiptap/pm/state";
import { cell } from "../collab/readable";
import type { Translate } from "../i18n";
import { decideThese } from "../suggest/decide";
import { listSuggestions } from "../suggest/listing";
import type { Suggestion } from "../suggest/listing";
import { act, at, doc, stateOf } from "../suggest/trial";
import type { Thread } from "../threads/types";
import type { SuggestionPanel } from "./suggestionPanel";
import { createSuggestionPanel } from "./suggestionPanel";

vi.mock("./icons", () => ({ icon: () => document.createElement("i") }));

let state: EditorState;
let panel: SuggestionPanel;
let mayDecide: boolean;
let listed: number;
let threads: ReturnType<typeof cell<ReadonlyMap<string, Thread>>>;
let decidedFields: unknown[];
let tell: (event: { transaction: { docChanged: boolean; selectionSet: boolean } }) => void;

const rows = () => [...panel.element.querySelectorAll<HTMLElement>(".sg-row")];
const places = () => [...panel.element.querySelectorAll<HTMLElement>(".sg-place")];
/** A colleague's letter at the very beginning. */
const type = () => {
  state = state.apply(state.tr.insertText("x", 1));
  tell({ transaction: { docChanged: true, selectionSet: false } });
};

beforeEach(() => {
  vi.useFakeTimers();
  window.matchMedia = (() => ({ matches: false })) as never;
  mayDecide = true;
  threads = cell<ReadonlyMap<string, Thread>>(new Map());
  decidedFields = [];
  listed = 0;
  state = stateOf(doc("một hai", "ba bốn", "năm sáu"));
  for (const word of ["hai", "bốn", "sáu"]) {
    const place = at(state.doc, word);
    state = act(state, (tr) => tr.delete(place, place + 3));
  }
  const editor = {
    isDestroyed: false,
    get state() {
      return state;
    },
    on: (_name: string, listener: typeof tell) => (tell = listener),
  };
  const decide = ({ key }: Suggestion, isAccepted: boolean) => {
    const tr = decideThese(state, new Set([key]), isAccepted);
    if (tr) state = state.apply(tr);
  };
  panel = createSuggestionPanel({
    editor: editor as unknown as Editor,
    actions: {
      list: () => {
        listed += 1;
        return listSuggestions(state.doc);
      },
      goTo: () => undefined,
      decideOne: decide,
      decideThese: () => undefined,
      decideAll: () => undefined,
      mayDecide: () => mayDecide,
      mayWithdraw: () => false,
      withdraw: () => undefined,
    },
    authors: { known: cell(new Map()), want: () => undefined, of: (id) => ({ id, name: id, unit: "", colour: "#000000" }) },
    root: document.body,
    t: ((word: string) => word) as Translate,
    threads: {
      threads,
      deciding: { now: () => "cũ", decideThese: (...asked: unknown[]) => decidedFields.push(asked) } as never,
      show: () => undefined,
    },
    onOpen: () => undefined,
  });
  document.body.replaceChildren(panel.element);
  panel.open();
});

afterEach(() => void vi.useRealTimers());

describe("the list of suggestions", () => {
  it("keeps its rows while a colleague writes, with the focus in one of them", () => {
    const before = rows();
    places()[1]!.focus();
    type();
    vi.advanceTimersByTime(500);
    expect(rows()).toEqual(before);
    expect(rows().every((row, index) => row === before[index])).toBe(true);
    expect(document.activeElement).toBe(places()[1]);
  });

  it("is kept up where somebody always writes", () => {
    state = state.apply(decideThese(state, new Set([listSuggestions(state.doc)[0]!.key]), true)!);
    for (let key = 0; key < 25; key += 1) {
      type();
      vi.advanceTimersByTime(100);
    }
    expect(rows()).toHaveLength(2);
    // Not for each letter.
    expect(listed).toBeLessThan(4);
  });

  it("goes on by keys where the decided one stood", () => {
    rows()[1]!.querySelector<HTMLElement>(".sg-yes")!.focus();
    (document.activeElement as HTMLElement).click();
    expect(rows()).toHaveLength(2);
    expect(document.activeElement).toBe(places()[1]);
    rows()[1]!.querySelector<HTMLElement>(".sg-no")!.focus();
    (document.activeElement as HTMLElement).click();
    expect(document.activeElement).toBe(places()[0]);
  });

  it("takes its buttons away from whoever may not decide any more", () => {
    mayDecide = false;
    panel.redraw();
    vi.advanceTimersByTime(500);
    expect(rows()).toHaveLength(3);
    expect(panel.element.querySelector(".sg-yes")).toBeNull();
  });

  it("decides what is suggested for the field in which the caret is, and nothing else", () => {
    const waits = (id: string, part: string) =>
      ({
        id,
        state: "open",
        anchor: { part },
        author: { id: "an" },
        created_at: "2026-11-20T08:00:00Z",
        may: ["decide"],
        suggestion: { state: "open", old: "cũ", new: id },
      }) as unknown as Thread;
    const [subject, place] = [waits("t1", "subject"), waits("t2", "place")];
    threads.set(new Map([subject, place].map((each) => [each.id, each])));
    const field = document.createElement("textarea");
    field.dataset["field"] = "subject";
    document.body.append(field);
    const chosen = () =>
      [...panel.element.querySelectorAll<HTMLElement>(".sg-all button")].filter(({ textContent }) => /Selected/.test(textContent));
    field.focus();
    vi.advanceTimersByTime(500);
    expect(chosen()).toHaveLength(2);
    chosen()[0]!.focus();
    chosen()[0]!.click();
    chosen()[1]!.click();
    expect(decidedFields).toEqual([[[subject], true], [[subject], false]]);
    expect(rows().filter((row) => row.dataset["fieldSuggestion"] === undefined)).toHaveLength(3);
    // The caret in the text is in no field any more.
    const text = document.createElement("div");
    text.className = "ed-body";
    text.tabIndex = 0;
    document.body.append(text);
    text.focus();
    vi.advanceTimersByTime(500);
    expect(chosen()).toHaveLength(0);
  });
});
