/** Two editors on two documents that exchange every update. */
import { Editor } from "@tiptap/core";
import { Collaboration } from "@tiptap/extension-collaboration";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Doc, XmlElement, XmlText, applyUpdate, encodeStateAsUpdate } from "yjs";
import { schemaExtensions } from "../schema";
import { SteadyCaret } from "./steadyCaret";
import { Structure } from "./structure";

let mine: Editor;
let theirs: Editor;

function open(doc: Doc): Editor {
  return new Editor({
    extensions: [
      ...schemaExtensions,
      Collaboration.configure({ fragment: doc.getXmlFragment("body") }),
      Structure,
      SteadyCaret,
    ],
    enableInputRules: false,
  });
}

beforeEach(() => {
  const here = new Doc();
  const there = new Doc();
  const paragraph = new XmlElement("paragraph");
  paragraph.insert(0, [new XmlText("Tôi đi học ở Đắk Lắk")]);
  here.getXmlFragment("body").insert(0, [paragraph]);
  applyUpdate(there, encodeStateAsUpdate(here));
  here.on("update", (update: Uint8Array, origin: unknown) => origin !== "sent" && applyUpdate(there, update, "sent"));
  there.on("update", (update: Uint8Array, origin: unknown) => origin !== "sent" && applyUpdate(here, update, "sent"));
  mine = open(here);
  theirs = open(there);
});

afterEach(() => {
  mine.destroy();
  theirs.destroy();
});

describe("the caret", () => {
  it("stays at its word when a colleague splits the paragraph before it", () => {
    mine.commands.setTextSelection(1 + "Tôi đi học".length);
    theirs.commands.setTextSelection(1 + "Tôi ".length);
    theirs.commands.splitBlock();
    mine.view.dispatch(mine.state.tr.insertText(" giỏi"));
    expect(mine.getText({ blockSeparator: "|" })).toBe("Tôi |đi học giỏi ở Đắk Lắk");
    expect(theirs.getText()).toBe(mine.getText());
  });

  it("stays where it is when a colleague splits or writes after it", () => {
    mine.commands.setTextSelection(1 + "Tôi".length);
    theirs.commands.setTextSelection(1 + "Tôi đi".length);
    theirs.commands.splitBlock();
    theirs.view.dispatch(theirs.state.tr.insertText("và "));
    mine.view.dispatch(mine.state.tr.insertText("!"));
    expect(mine.getText({ blockSeparator: "|" })).toBe("Tôi! đi|và  học ở Đắk Lắk");
  });

  it("moves with letters that a colleague types before it in the same word", () => {
    mine.commands.setTextSelection(1 + "Tôi đi h".length);
    theirs.commands.setTextSelection(1 + "Tôi đi ".length);
    theirs.view.dispatch(theirs.state.tr.insertText("x"));
    mine.view.dispatch(mine.state.tr.insertText("?"));
    expect(mine.getText()).toBe("Tôi đi xh?ọc ở Đắk Lắk");
  });
});
