/**
 * Every paragraph that is made here gets its (empty) text at once.
 *
 * Why: the editor binding makes the shared text of a paragraph only with its first
 * letter. When two people begin the same empty paragraph together, each browser makes a
 * text of its own; the next edit folds the two into one, on both sides, and letters are
 * doubled or change places. With the text in place both write into the same one.
 *
 * It must never touch a paragraph that somebody else made: only its maker may add the
 * text, or there would be two again.
 */
import { type Doc, type Transaction, XmlElement, XmlFragment, XmlText } from "yjs";

const TEXTBLOCK = "paragraph";

/** Starts doing it; returns how to stop. */
export function seedText(doc: Doc): () => void {
  const seed = (transaction: Transaction): void => {
    if (!transaction.local) return;
    const empty = emptyParagraphsMadeIn(transaction);
    if (empty.length === 0) return;
    // Inside the call that made the paragraph, so the editor binding sees no change of
    // somebody else's; without an origin, so undo does not count it as a step.
    doc.transact(() => {
      for (const paragraph of empty) paragraph.insert(0, [new XmlText()]);
    });
  };
  doc.on("afterTransaction", seed);
  return () => doc.off("afterTransaction", seed);
}

function emptyParagraphsMadeIn(transaction: Transaction): XmlElement[] {
  const found: XmlElement[] = [];
  for (const [parent, keys] of transaction.changed) {
    // The key null stands for a change among the children.
    if (keys.has(null) && isParent(parent)) collect(parent, transaction, found);
  }
  return found;
}

function collect(
  parent: XmlFragment | XmlElement,
  transaction: Transaction,
  found: XmlElement[],
): void {
  for (const child of parent.toArray()) {
    if (!(child instanceof XmlElement) || !isNew(child, transaction)) continue;
    if (child.nodeName !== TEXTBLOCK) collect(child, transaction, found);
    else if (child.length === 0) found.push(child);
  }
}

function isParent(type: unknown): type is XmlFragment | XmlElement {
  return type instanceof XmlFragment;
}

function isNew(element: XmlElement, transaction: Transaction): boolean {
  const id = element._item?.id;
  if (id === undefined) return false;
  return id.clock >= (transaction.beforeState.get(id.client) ?? 0);
}
