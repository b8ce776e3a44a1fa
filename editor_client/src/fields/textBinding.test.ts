/** A shared field in two browsers: two Y.Docs that exchange updates when told to. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { diff, moveThrough } from "./textDiff";
import { bindText } from "./textBinding";

const ORIGIN = { name: "here" };

function type(element: HTMLTextAreaElement, value: string, caret = value.length): void {
  element.value = value;
  element.setSelectionRange(caret, caret);
  element.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

describe("the smallest edit", () => {
  it("is found at the caret when letters repeat", () => {
    expect(diff("aa", "aaa", 1)).toEqual({ index: 0, remove: 0, insert: "a" });
    expect(diff("aa", "aaa", 3)).toEqual({ index: 2, remove: 0, insert: "a" });
    expect(diff("tao", "tạo", 2)).toEqual({ index: 1, remove: 1, insert: "ạ" });
    expect(diff("abc", "abc", 0)).toBeNull();
  });

  it("covers a forward delete, whose caret stands before the change", () => {
    expect(diff("abcd", "abd", 2)).toEqual({ index: 2, remove: 1, insert: "" });
    expect(diff("abcd", "ad", 1)).toEqual({ index: 1, remove: 2, insert: "" });
  });

  it("applied to the old text gives the new text, whatever the caret", () => {
    const words = ["", "a", "aa", "aba", "abba", "bab", "Đắk", "Đăk Lăk", "😀a", "😁a", "a😀"];
    for (const before of words) {
      for (const after of words) {
        for (let caret = 0; caret <= after.length; caret += 1) {
          const edit = diff(before, after, caret);
          const result = edit
            ? before.slice(0, edit.index) + edit.insert + before.slice(edit.index + edit.remove)
            : before;
          expect(result, `${before} → ${after} @${caret}`).toBe(after);
        }
      }
    }
  });

  it("moves positions through a colleague's change", () => {
    expect(moveThrough([{ retain: 2 }, { insert: "xyz" }], 5)).toBe(8);
    expect(moveThrough([{ retain: 5 }, { insert: "xyz" }], 5)).toBe(5);
    expect(moveThrough([{ retain: 1 }, { delete: 3 }], 2)).toBe(1);
    expect(moveThrough([{ delete: 1 }, { retain: 3 }, { insert: "q" }], 2)).toBe(1);
  });
});

describe("a field on the page", () => {
  let here: Y.Doc;
  let there: Y.Doc;
  let mine: Y.Text;
  let theirs: Y.Text;
  let element: HTMLTextAreaElement;
  let stop: () => void;

  const sync = () => {
    Y.applyUpdate(there, Y.encodeStateAsUpdate(here), "remote");
    Y.applyUpdate(here, Y.encodeStateAsUpdate(there), "remote");
  };

  beforeEach(() => {
    here = new Y.Doc();
    there = new Y.Doc();
    here.getMap("fields").set("subject", new Y.Text("đảm bảo hoạt động"));
    sync();
    mine = here.getMap("fields").get("subject") as Y.Text;
    theirs = there.getMap("fields").get("subject") as Y.Text;
    element = document.createElement("textarea");
    document.body.append(element);
    element.focus();
    stop = bindText(element, mine, { multiline: false, origin: ORIGIN }).destroy;
  });

  afterEach(() => {
    stop();
    element.remove();
  });

  it("writes only what was typed, so that a colleague's words stay", () => {
    theirs.insert(0, "việc ");
    type(element, "đảm bảo hoạt động hiệu quả");
    sync();
    expect(mine.toString()).toBe("việc đảm bảo hoạt động hiệu quả");
    expect(element.value).toBe(mine.toString());
  });

  it("keeps the caret at its word when a colleague types before it", () => {
    element.setSelectionRange(8, 8);
    theirs.insert(0, "V/v ");
    sync();
    expect(element.selectionStart).toBe(12);
    expect(element.value.slice(0, element.selectionStart)).toBe("V/v đảm bảo ");
  });

  it("does not touch the text while a word is composed, and loses neither side", () => {
    element.setSelectionRange(17, 17);
    element.dispatchEvent(new CompositionEvent("compositionstart"));
    type(element, "đảm bảo hoạt động to");
    theirs.insert(0, "việc ");
    theirs.insert(theirs.length, " tốt");
    sync();
    expect(element.value).toBe("đảm bảo hoạt động to");
    type(element, "đảm bảo hoạt động tố");
    element.dispatchEvent(new CompositionEvent("compositionend"));
    sync();
    expect(mine.toString()).toBe(theirs.toString());
    expect(element.value).toBe(mine.toString());
    expect(mine.toString()).toMatch(/^việc đảm bảo hoạt động( tố tốt| tốt tố)$/);
  });

  it("takes UniKey's backspaces and letters one by one", () => {
    for (const value of ["đảm bảo hoạt động t", "đảm bảo hoạt động ta", "đảm bảo hoạt động tao"]) type(element, value);
    theirs.insert(0, "x");
    sync();
    for (const value of ["xđảm bảo hoạt động ta", "xđảm bảo hoạt động t", "xđảm bảo hoạt động tạ", "xđảm bảo hoạt động tạo"]) type(element, value);
    sync();
    expect(theirs.toString()).toBe("xđảm bảo hoạt động tạo");
  });

  it("makes one line of a pasted line break and writes NFC", () => {
    type(element, "a\nb");
    expect(mine.toString()).toBe("a b");
    const data = { getData: () => "Sở\r\nNội vụ".normalize("NFD") };
    const paste = new Event("paste", { cancelable: true });
    Object.assign(paste, { clipboardData: data });
    element.select();
    element.dispatchEvent(paste);
    expect(mine.toString()).toBe("Sở Nội vụ".normalize("NFC"));
  });

  it("is undone alone, a colleague's words stay", () => {
    const undo = new Y.UndoManager(here.getMap("fields"), { trackedOrigins: new Set([ORIGIN]) });
    type(element, "đảm bảo hoạt động hiệu quả");
    theirs.insert(0, "việc ");
    sync();
    undo.undo();
    expect(mine.toString()).toBe("việc đảm bảo hoạt động");
    expect(element.value).toBe(mine.toString());
  });
});
