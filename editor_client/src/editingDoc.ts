/**
 * The document that the page edits: a replica of the session's that stands still while
 * this person composes a word.
 *
 * Why: a colleague's change in the paragraph (or a new paragraph above it) makes the
 * view redraw the text that the input method is composing, and the browser then types
 * the first letters twice ("hhọc"). Holding changes back at the view alone would let
 * its next edit delete what it has not seen; two Yjs replicas merge whatever happens.
 * Own edits pass at once in both cases, so "saved" keeps its meaning. Must never hold
 * longer than a pause in composing: some phones compose as long as the caret is in a word.
 */
import { Doc, applyUpdate, encodeStateAsUpdate } from "yjs";

/** Composing without a new letter for this long counts as a pause. */
export const PAUSE_MS = 2500;
/** ProseMirror reads the last composed letters shortly after the composition ends. */
export const SETTLE_MS = 40;

export interface EditingDoc {
  readonly doc: Doc;
  /** Hold colleagues' changes while something inside `element` is composed. */
  calmWhileComposing(element: HTMLElement): void;
  destroy(): void;
}

const FROM_SESSION = { name: "session" } as const;
const FROM_PAGE = { name: "page" } as const;

export function createEditingDoc(source: Doc): EditingDoc {
  const doc = new Doc();
  let waiting: Uint8Array[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isHolding = false;
  let stopListening = () => {};

  const fromSource = (update: Uint8Array, origin: unknown) => {
    if (origin === FROM_PAGE) return;
    if (isHolding) waiting.push(update);
    else applyUpdate(doc, update, FROM_SESSION);
  };
  const fromPage = (update: Uint8Array, origin: unknown) => {
    if (origin !== FROM_SESSION) applyUpdate(source, update, FROM_PAGE);
  };
  const release = () => {
    isHolding = false;
    const updates = waiting;
    waiting = [];
    // One transaction, so that the page is drawn once.
    doc.transact(() => {
      for (const update of updates) applyUpdate(doc, update, FROM_SESSION);
    }, FROM_SESSION);
  };
  const hold = () => {
    isHolding = true;
    clearTimeout(timer);
    timer = setTimeout(release, PAUSE_MS);
  };
  const end = () => {
    clearTimeout(timer);
    timer = setTimeout(release, SETTLE_MS);
  };

  applyUpdate(doc, encodeStateAsUpdate(source), FROM_SESSION);
  source.on("update", fromSource);
  doc.on("update", fromPage);

  return {
    doc,
    calmWhileComposing(element) {
      element.addEventListener("compositionstart", hold, true);
      element.addEventListener("compositionupdate", hold, true);
      element.addEventListener("compositionend", end, true);
      stopListening = () => {
        element.removeEventListener("compositionstart", hold, true);
        element.removeEventListener("compositionupdate", hold, true);
        element.removeEventListener("compositionend", end, true);
      };
    },
    destroy() {
      stopListening();
      clearTimeout(timer);
      source.off("update", fromSource);
      doc.destroy();
    },
  };
}
