import { describe, expect, it } from "vitest";
import type { XmlFragment } from "yjs";
import { applyUpdate, Doc, encodeStateAsUpdate, UndoManager, XmlElement, XmlText } from "yjs";
import { choiceAnchor, resolve } from "./anchors";
import { flatBody, flatChoice } from "./flat";
import { pictureAnchor } from "./pictures";
import { NOWHERE } from "./positions";
import type { Anchor } from "./types";

const LEAVES = new Set(["hardBreak", "image"]);
const SEAL = "a".repeat(64);
const MAP = "b".repeat(64);

function image(file: string, alt = "Con dấu"): XmlElement {
  const made = new XmlElement("image");
  made.setAttribute("src", `/api/v1/drafts/0192f0a0-0000-7000-8000-000000000001/images/${file}`);
  made.setAttribute("alt", alt);
  return made;
}

function paragraph(words: string): XmlElement {
  const made = new XmlElement("paragraph");
  made.insert(0, [new XmlText(words)]);
  return made;
}

/** A paragraph, a map, another paragraph, the seal; and an anchor on the seal. */
function begun(): { doc: Doc; body: XmlFragment; anchor: Anchor } {
  const doc = new Doc();
  const body = doc.getXmlFragment("body");
  body.insert(0, [paragraph("Căn cứ"), image(MAP, "Bản đồ"), paragraph("Nơi nhận"), image(SEAL)]);
  return { doc, body, anchor: anchorOn(body, 1) };
}

function anchorOn(body: XmlFragment, index: number): Anchor {
  const flat = flatBody(body, LEAVES);
  const picture = flat.pictures[index];
  const anchor = picture && pictureAnchor(picture, flat, 1);
  if (!anchor) throw new Error("no anchor");
  return anchor;
}

function where(anchor: Anchor, body: XmlFragment, doc: Doc): string {
  const flat = flatBody(body, LEAVES);
  const found = resolve(anchor, flat, doc);
  if (found.kind === "gone") return "gone";
  const isChanged = found.kind === "here" && found.isChanged;
  return `${found.kind} ${String(found.picture?.pos)}${isChanged ? " changed" : ""}`;
}

describe("an anchor on a picture", () => {
  it("quotes its description, names its file and gives the place of its node", () => {
    const { doc, body, anchor } = begun();
    expect(anchor).toMatchObject({ part: "picture", quote: "Con dấu", before: SEAL, after: "", echo: -1 });
    // "Căn cứ" (6 + 2), the map (1), "Nơi nhận" (8 + 2)
    expect(where(anchor, body, doc)).toBe("here 19");
  });

  it("stays with its picture through edits, moves of others and undo", () => {
    const { doc, body, anchor } = begun();
    const undo = new UndoManager(body, { captureTimeout: 0 });
    body.insert(0, [image(MAP)]);
    expect(where(anchor, body, doc)).toBe("here 20");
    body.delete(2, 1);
    expect(where(anchor, body, doc)).toBe("here 19");
    body.delete(3, 1);
    expect(where(anchor, body, doc)).toBe("gone");
    undo.undo();
    expect(where(anchor, body, doc)).toBe("here 19");
    // To others the picture that an undo brings back is a new one, found by its file.
    const other = new Doc();
    applyUpdate(other, encodeStateAsUpdate(doc));
    expect(where(anchor, other.getXmlFragment("body"), other)).toBe("moved 19");
  });

  it("goes with a picture that is cut and pasted", () => {
    const { doc, body, anchor } = begun();
    body.delete(3, 1);
    body.insert(0, [image(SEAL)]);
    expect(where(anchor, body, doc)).toBe("moved 0");
  });

  it("never jumps to the same picture elsewhere, nor to one of two", () => {
    const { doc, body } = begun();
    body.insert(0, [image(SEAL)]);
    const anchor = anchorOn(body, 2);
    expect(anchor.echo).toBe(0);
    body.delete(4, 1);
    expect(where(anchor, body, doc)).toBe("gone");
    body.insert(0, [image(SEAL)]);
    expect(where({ ...anchor, echo: -1 }, body, doc)).toBe("gone");
  });

  it("says when another file stands in its place", () => {
    const { doc, body, anchor } = begun();
    (body.get(3) as XmlElement).setAttribute("src", image(MAP).getAttribute("src") ?? "");
    expect(where(anchor, body, doc)).toBe("here 19 changed");
    body.delete(3, 1);
    body.insert(3, [image(MAP)]);
    expect(where(anchor, body, doc)).toBe("gone");
  });

  it("is gone, and nothing breaks, when it was forged", () => {
    const { doc, body, anchor } = begun();
    const other = anchorOn(body, 0);
    for (const place of ["", "AA==", "////", "AQR4eHh4AA==", "AP///////w8BAA==", NOWHERE]) {
      expect(where({ ...anchor, start: place, before: "c".repeat(64) }, body, doc)).toBe("gone");
      expect(where({ ...anchor, start: place, end: place, before: "c".repeat(64) }, body, doc)).toBe("gone");
    }
    expect(where({ ...anchor, end: other.end, before: "c".repeat(64) }, body, doc)).toBe("gone");
    expect([...doc.share.keys()]).toEqual(["body"]);
  });
});

describe("an anchor on a choice", () => {
  it("stays with its field and says when something else is chosen", () => {
    const doc = new Doc();
    const anchor = choiceAnchor("urgency", "normal", 1);
    expect(anchor).toMatchObject({ quote: "normal", start: NOWHERE, end: NOWHERE, echo: -1 });
    expect(resolve(anchor, flatChoice("normal"), doc)).toMatchObject({ kind: "here", isChanged: false });
    expect(resolve(anchor, flatChoice("flash"), doc)).toMatchObject({ kind: "here", isChanged: true });
    expect([...doc.share.keys()]).toEqual([]);
  });
});
