// @vitest-environment jsdom
import { Editor } from "@tiptap/core";
import { Collaboration } from "@tiptap/extension-collaboration";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { schemaExtensions } from ".";

/** The attributes of a cell in the editor after another program wrote it. */
function cellWith(attributes: Record<string, unknown>): unknown {
  const fragment = new Y.Doc().getXmlFragment("body");
  const [table, row, cell] = ["table", "tableRow", "tableCell"].map((n) => new Y.XmlElement(n));
  if (!table || !row || !cell) throw new Error("no elements");
  for (const [name, value] of Object.entries(attributes)) {
    cell.setAttribute(name, value as string);
  }
  cell.insert(0, [new Y.XmlElement("paragraph")]);
  row.insert(0, [cell]);
  table.insert(0, [row]);
  fragment.insert(0, [table]);
  const editor = new Editor({
    element: document.createElement("div"),
    extensions: [...schemaExtensions, Collaboration.configure({ fragment })],
  });
  const attrs = editor.state.doc.firstChild?.firstChild?.firstChild?.attrs;
  editor.destroy();
  return attrs;
}

describe("a cell that another program wrote", () => {
  it("spans what it says", () => {
    const said = { colspan: 3, rowspan: 1, colwidth: [100, 0, 50] };
    const suggested = { insertion: null, deletion: null, headed: null, shape: null, formatting: null };
    expect(cellWith(said)).toEqual({ ...said, ...suggested });
  });

  it("keeps its widths as they are: a letter typed in it does not write them anew", () => {
    const shared = new Y.Doc();
    const fragment = shared.getXmlFragment("body");
    const editor = new Editor({
      element: document.createElement("div"),
      extensions: [...schemaExtensions, Collaboration.configure({ fragment })],
    });
    editor.commands.setContent('<table><tr><td colwidth="100"><p>một</p></td><td><p>hai</p></td></tr></table>');
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(shared));
    const theirs = new Editor({
      element: document.createElement("div"),
      extensions: [...schemaExtensions, Collaboration.configure({ fragment: other.getXmlFragment("body") })],
    });
    const written = new Set<string>();
    other.getXmlFragment("body").observeDeep((events) => {
      for (const event of events) for (const name of event.keys.keys()) written.add(name);
    });
    theirs.view.dispatch(theirs.state.tr.insertText("!", 4));
    expect(theirs.getText()).toContain("!");
    expect([...written]).toEqual([]);
    editor.destroy();
    theirs.destroy();
  });

  it("spans no more columns than a table may have", () => {
    // The editor lays out every column that a cell claims.
    expect(cellWith({ colspan: 5_000 })).toMatchObject({ colspan: 63 });
    // Rows that a table does not have are cut by the editor itself.
    expect(cellWith({ rowspan: 1e12 })).toMatchObject({ rowspan: 1 });
  });

  it.each([0, -1, 1.5, NaN, "9", { a: 1 }])("spans one when it says %s", (span) => {
    expect(cellWith({ colspan: span, rowspan: span })).toMatchObject({ colspan: 1, rowspan: 1 });
  });

  it.each(["100", [1, "a"], [Infinity], {}, 5])("has no width when it says %j", (colwidth) => {
    expect(cellWith({ colwidth })).toMatchObject({ colwidth: null });
  });
});
