/**
 * Ties a thread to a picture of the text, and finds it again.
 *
 * A picture has no letters: its anchor names its element, and its file says which one it
 * was. Pure. Must never take another picture for the one that went, nor throw because of
 * what an anchor holds.
 */
import type { AbstractType, Doc, XmlElement } from "yjs";
import { createRelativePositionFromTypeIndex } from "yjs";
import type { Found } from "./anchors";
import { encoded, placeOf, readPosition, stoodHere } from "./positions";
import type { Flat, Picture } from "./flat";
import type { Anchor } from "./types";

export const PICTURE = "picture";
const FILE = /^[0-9a-f]{64}$/;
const ALT_LENGTH = 300;

export function pictureAnchor(picture: Picture, flat: Flat, epoch: number): Anchor | null {
  const { element, file, alt } = picture;
  const parent = element.parent as AbstractType<unknown> | null;
  const at = siblings(parent).indexOf(element);
  if (!parent || at < 0 || !FILE.test(file)) return null;
  return {
    part: PICTURE,
    start: encoded(createRelativePositionFromTypeIndex(parent, at, 0)),
    end: encoded(createRelativePositionFromTypeIndex(parent, at + 1, -1)),
    epoch,
    quote: alt.replace(/\s+/g, " ").trim().slice(0, ALT_LENGTH).replace(/[\ud800-\udbff]$/, "").normalize("NFC"),
    before: file,
    after: "",
    echo: pictureEcho(flat, file),
  };
}

/** -1 while a file stands once; then what is left of it is the one that was meant. */
export function pictureEcho(flat: Flat, file: string): number {
  return flat.pictures.filter((each) => each.file === file).length > 1 ? 0 : -1;
}

export function resolvePicture(anchor: Anchor, flat: Flat, doc: Doc): Found {
  const live = livePicture(anchor, flat, doc);
  if (live) return { kind: "here", from: live.at, to: live.at, isChanged: live.file !== anchor.before, picture: live };
  const same = flat.pictures.filter(({ file }) => file === anchor.before);
  const [only] = same;
  if (!only || same.length > 1) return { kind: "gone" };
  if (anchor.echo >= 0 && stoodHere(anchor, doc)) return { kind: "gone" };
  return { kind: "moved", from: only.at, to: only.at, picture: only };
}

/** The picture that the positions name, if it stands. */
export function livePicture(anchor: Anchor, flat: Flat, doc: Doc): Picture | null {
  const [first, last] = [readPosition(anchor.start)?.item, readPosition(anchor.end)?.item];
  if (!first || !last || first.client !== last.client || first.clock !== last.clock) return null;
  const [start, end] = [placeOf(anchor.start, doc), placeOf(anchor.end, doc)];
  // Of an element that is gone both ends are at the same place.
  if (!start || !end || start.type !== end.type || end.index !== start.index + 1) return null;
  const element = siblings(start.type)[start.index];
  return flat.pictures.find((each) => each.element === element) ?? null;
}

function siblings(parent: AbstractType<unknown> | null): readonly unknown[] {
  const list = (parent as { toArray?: () => unknown[] } | null)?.toArray;
  return parent && list ? list.call(parent) : [];
}

export const srcFile = (element: XmlElement): string => {
  const src: unknown = element.getAttribute("src");
  return typeof src === "string" ? (src.split("/").at(-1) ?? "") : "";
};
