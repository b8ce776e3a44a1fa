/**
 * One undo history for the body and the letterhead, of this person's own edits only.
 *
 * Body and fields share it so that Ctrl+Z takes back the last thing done, wherever it
 * was. Edits of colleagues have other origins and are never undone here.
 */
import { defaultDeleteFilter, ySyncPluginKey } from "@tiptap/y-tiptap";
import type { Item, Map as YMap, XmlFragment } from "yjs";
import { UndoManager } from "yjs";

/** The origin of every change that a person makes to the letterhead. */
export const FIELD_ORIGIN = { name: "letterhead" } as const;

/** Edits closer together than this are one step. */
const GROUP_WITHIN_MS = 500;

export function createUndoManager(body: XmlFragment, fields: YMap<unknown>): UndoManager {
  // A paragraph with text in it survives the undo of its creation: a colleague may
  // have typed there since.
  const keep = new Set(["paragraph"]);
  return new UndoManager([body, fields], {
    trackedOrigins: new Set<unknown>([ySyncPluginKey, FIELD_ORIGIN]),
    deleteFilter: (item: Item) => defaultDeleteFilter(item, keep),
    captureTransaction: (transaction) => transaction.meta.get("addToHistory") !== false,
    captureTimeout: GROUP_WITHIN_MS,
  });
}
