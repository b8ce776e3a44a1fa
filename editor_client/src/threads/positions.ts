/**
 * Relative positions as anchors hold them: encoded, in base64.
 *
 * They come from anybody. Must never throw because of what they hold, nor make a shared
 * type that is not there.
 */
import type { AbsolutePosition, Doc, RelativePosition } from "yjs";
import {
  createAbsolutePositionFromRelativePosition,
  decodeRelativePosition,
  encodeRelativePosition,
  getState,
} from "yjs";
import type { Anchor } from "./types";

export function encoded(position: RelativePosition): string {
  return btoa(String.fromCharCode(...encodeRelativePosition(position)));
}

/** A position in a shared type that no document has (collab/content/anchors.py: nowhere). */
export const NOWHERE = btoa("\u0001\u0001-\u0000");

export function readPosition(position: string): RelativePosition | null {
  try {
    return decodeRelativePosition(Uint8Array.from(atob(position), (letter) => letter.charCodeAt(0)));
  } catch {
    return null;
  }
}

export function placeOf(position: string, doc: Doc): AbsolutePosition | null {
  try {
    const relative = readPosition(position);
    if (!relative) return null;
    // A name would make a new shared type of that name.
    if (relative.tname !== null && !doc.share.has(relative.tname)) return null;
    return createAbsolutePositionFromRelativePosition(relative, doc);
  } catch {
    return null;
  }
}

/** Whether this document holds, or held, a letter or element that the positions name. */
export function stoodHere(anchor: Anchor, doc: Doc): boolean {
  return [anchor.start, anchor.end].some((position) => {
    const item = readPosition(position)?.item;
    return item ? getState(doc.store, item.client) > item.clock : false;
  });
}
