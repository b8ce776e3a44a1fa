/** The schema is a contract with collab/content: names, attributes, and what is refused. */
import { getSchema } from "@tiptap/core";
import { DOMParser as Parser, DOMSerializer } from "@tiptap/pm/model";
import { yXmlFragmentToProseMirrorRootNode, prosemirrorToYXmlFragment } from "@tiptap/y-tiptap";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { schemaExtensions } from ".";
import { safeHref, safeImageSrc } from "./links";

const schema = getSchema(schemaExtensions);
const parse = (html: string) =>
  Parser.fromSchema(schema).parse(new DOMParser().parseFromString(html, "text/html").body);

describe("the schema", () => {
  it("has exactly the nodes, marks and attributes of version 4", () => {
    const attributes = Object.fromEntries(
      Object.entries({ ...schema.nodes, ...schema.marks }).map(([name, type]) => [name, Object.keys(type.spec.attrs ?? {}).sort()]),
    );
    expect(attributes).toEqual({
      doc: [], text: [], bulletList: [], listItem: [],
      hardBreak: ["deletion", "insertion"], table: ["deletion", "insertion"], tableRow: ["deletion", "insertion"],
      pageBreak: ["deletion", "insertion"], horizontalRule: ["deletion", "insertion"],
      paragraph: ["align", "deletion", "formatting", "indent", "insertion", "listed", "nested", "number", "style"],
      orderedList: ["start"],
      tableCell: ["colspan", "colwidth", "deletion", "formatting", "headed", "insertion", "rowspan", "shape"],
      tableHeader: ["colspan", "colwidth", "deletion", "formatting", "headed", "insertion", "rowspan", "shape"],
      image: ["align", "alt", "deletion", "formatting", "insertion", "src", "width"],
      insertion: ["at", "author", "id"], deletion: ["at", "author", "id"], formatting: ["about", "at", "author", "before", "href", "id", "rank"],
      bold: [], italic: [], underline: [], strike: [], subscript: [], superscript: [], link: ["href"],
    });
  });

  it("goes through the shared document and back unchanged", () => {
    const doc = parse(
      `<p data-style="article" data-number="Điều 5a.">Phạm <b>vi</b><br>hai</p><p data-style="point" data-indent="2" data-align="right">x</p>
       <ul><li><p>một</p></li></ul><table><tr><th colspan=2 colwidth="100,200"><p>A</p></th></tr><tr><td><p>1</p></td><td><p>2</p></td></tr></table>
       <div data-page-break></div><hr><p><a href="https://x.vn">liên kết</a></p>`,
    );
    const fragment = new Y.Doc().getXmlFragment("body");
    prosemirrorToYXmlFragment(doc, fragment);
    expect(yXmlFragmentToProseMirrorRootNode(fragment, schema).toJSON()).toEqual(doc.toJSON());
    expect(doc.firstChild?.attrs).toMatchObject({ style: "article", align: null, indent: 0, number: "Điều 5a." });
  });

  it("reads what the server writes: floats for numbers, absent for null", () => {
    const fragment = new Y.Doc().getXmlFragment("body");
    const paragraph = new Y.XmlElement("paragraph");
    paragraph.setAttribute("style", "clause");
    paragraph.setAttribute("indent", 2.0 as never);
    fragment.insert(0, [paragraph]);
    const node = yXmlFragmentToProseMirrorRootNode(fragment, schema).firstChild;
    expect(node?.attrs).toMatchObject({ style: "clause", align: null, indent: 2, number: null });
    const html = DOMSerializer.fromSchema(schema).serializeNode(node!) as HTMLElement;
    expect(html.outerHTML).toBe('<p data-style="clause" data-indent="2"></p>');
  });

  it("shows an unknown style of a newer program as body text without touching it", () => {
    const node = schema.nodes["paragraph"]!.create({ style: "epigraph" });
    const html = DOMSerializer.fromSchema(schema).serializeNode(node) as HTMLElement;
    expect(html.dataset["style"]).toBe("body");
    expect(node.attrs["style"]).toBe("epigraph");
  });
});

describe("addresses", () => {
  it("are http(s) or mailto, nothing else, however they are disguised", () => {
    expect(safeHref("https://daklak.gov.vn/a?b=1")).toBe("https://daklak.gov.vn/a?b=1");
    expect(safeHref("daklak.gov.vn")).toBe("https://daklak.gov.vn");
    expect(safeHref("vanthu@daklak.gov.vn")).toBe("mailto:vanthu@daklak.gov.vn");
    for (const bad of ["javascript:alert(1)", "java\nscript:alert(1)", " data:text/html,x", "vbscript:x", "file:///c", "//x", "/drafts", "", null]) {
      expect(safeHref(bad)).toBeNull();
    }
  });

  it("drop an unsafe link and an outside image when a document holds one", () => {
    const mark = schema.marks["link"]!.create({ href: "javascript:alert(1)" });
    const html = DOMSerializer.fromSchema(schema).serializeNode(schema.text("x", [mark])) as HTMLElement;
    expect(html.hasAttribute("href")).toBe(false);
    const image = schema.nodes["image"]!.create({ src: "https://x.vn/spy.png" });
    const picture = DOMSerializer.fromSchema(schema).serializeNode(image) as HTMLElement;
    expect(picture.getAttribute("src")).toBe("");
    expect(safeImageSrc("/api/v1/drafts/0190a7b4-0000-7000-8000-000000000000/images/" + "0".repeat(64))).not.toBeNull();
  });
});
