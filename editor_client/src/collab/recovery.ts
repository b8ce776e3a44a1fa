/**
 * A copy of the text that the server would not take, for the person to keep.
 *
 * Why: a refused edit (frozen, rights ended, another epoch) is still somebody's work. The
 * copy is shown, can be saved as a file, and stays in the browser's database until its
 * author deletes it. It must never be merged into a document by itself.
 */
import { applyUpdate, Doc, XmlElement, XmlText } from "yjs";
import { complete, done } from "./database";
import type { RecoveryCopy, RefusalReason } from "./types";

const COPIES = "copies";

/** What is stored: the readable copy, and the update itself for support to look at. */
interface StoredCopy extends RecoveryCopy {
  readonly update: Uint8Array | null;
}

const TAGS: Readonly<Record<string, string>> = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strike: "s",
  subscript: "sub",
  superscript: "sup",
};

const BLOCKS: Readonly<Record<string, string>> = {
  bulletList: "ul",
  orderedList: "ol",
  listItem: "li",
  table: "table",
  tableRow: "tr",
  tableCell: "td",
  tableHeader: "th",
};

/** The body of a document as plain text: one line per paragraph. */
export function bodyText(doc: Doc): string {
  const lines: string[] = [];
  for (const node of doc.getXmlFragment("body").toArray()) collectLines(node, lines);
  return lines.join("\n");
}

/** The body as a complete HTML page, so that a word processor opens it. */
export function bodyHtml(doc: Doc, title: string): string {
  const body = doc.getXmlFragment("body").toArray().map(nodeHtml).join("\n");
  return (
    `<!doctype html><html lang="vi"><head><meta charset="utf-8">` +
    `<title>${escape(title)}</title></head><body>\n${body}\n</body></html>\n`
  );
}

/** Makes the copy from a document. */
export function recoveryCopy(
  doc: Doc,
  about: { reason: RefusalReason; title: string; savedAt: string },
): RecoveryCopy {
  return { ...about, text: bodyText(doc), html: bodyHtml(doc, about.title) };
}

/** A document rebuilt from a local copy of another epoch, only to read it. */
export function documentOf(updates: readonly Uint8Array[]): Doc {
  const doc = new Doc();
  for (const update of updates) applyUpdate(doc, update);
  return doc;
}

/** Recovery copies of one person, one per draft; they survive signing out. */
export class RecoveryShelf {
  constructor(private readonly userId: string) {}

  async keep(draftId: string, copy: RecoveryCopy, update: Uint8Array | null): Promise<void> {
    const stored: StoredCopy = { ...copy, update };
    await this.change((store) => store.put(stored, draftId));
  }

  async find(draftId: string): Promise<RecoveryCopy | null> {
    const db = await this.open();
    try {
      const store = db.transaction(COPIES, "readonly").objectStore(COPIES);
      const found = await done<StoredCopy | undefined>(store.get(draftId));
      if (found === undefined) return null;
      const { reason, savedAt, title, text, html } = found;
      return { reason, savedAt, title, text, html };
    } finally {
      db.close();
    }
  }

  async discard(draftId: string): Promise<void> {
    await this.change((store) => store.delete(draftId));
  }

  private async change(act: (store: IDBObjectStore) => void): Promise<void> {
    const db = await this.open();
    try {
      const transaction = db.transaction(COPIES, "readwrite");
      act(transaction.objectStore(COPIES));
      await complete(transaction);
    } finally {
      db.close();
    }
  }

  private open(): Promise<IDBDatabase> {
    const request = indexedDB.open(`duthao-recovery:${this.userId}`, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(COPIES);
    return done(request);
  }
}

function collectLines(node: unknown, lines: string[]): void {
  if (node instanceof XmlText) {
    lines.push(inlineText(node));
    return;
  }
  if (!(node instanceof XmlElement)) return;
  const children = node.toArray();
  if (children.some((child) => child instanceof XmlText || isBreak(child))) {
    lines.push(
      children
        .map((child) => (child instanceof XmlText ? inlineText(child) : "\n"))
        .join(""),
    );
  } else if (children.length === 0) {
    lines.push("");
  } else {
    for (const child of children) collectLines(child, lines);
  }
}

function isBreak(node: unknown): boolean {
  return node instanceof XmlElement && node.nodeName === "hardBreak";
}

interface Piece {
  readonly insert: unknown;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

function pieces(text: XmlText): readonly Piece[] {
  return text.toDelta() as Piece[];
}

function inlineText(text: XmlText): string {
  return pieces(text)
    .map(({ insert }) => (typeof insert === "string" ? insert : ""))
    .join("");
}

function nodeHtml(node: unknown): string {
  if (node instanceof XmlText) return pieces(node).map(pieceHtml).join("");
  if (!(node instanceof XmlElement)) return "";
  if (node.nodeName === "hardBreak") return "<br>";
  if (node.nodeName === "pageBreak" || node.nodeName === "horizontalRule") return "<hr>";
  if (node.nodeName === "image") return "";
  const inside = node.toArray().map(nodeHtml).join("");
  const tag = BLOCKS[node.nodeName] ?? "p";
  return `<${tag}>${inside}</${tag}>`;
}

function pieceHtml({ insert, attributes }: Piece): string {
  if (typeof insert !== "string") return "";
  return Object.keys(attributes ?? {}).reduce((html, mark) => {
    const tag = TAGS[mark];
    return tag === undefined ? html : `<${tag}>${html}</${tag}>`;
  }, escape(insert));
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
