/**
 * What happens to edits that the server will not take, for one draft.
 *
 * Why: refused work must reach its author's hands whatever the reason, also when the
 * refusal is noticed only at the next visit. It must never discard a copy by itself
 * unless the server has since taken the edits.
 */
import type { Doc } from "yjs";
import { deleteDatabase } from "./database";
import { readCopy } from "./local_copy";
import { cell } from "./readable";
import { bodyHtml, bodyText, documentOf, recoveryCopy, RecoveryShelf } from "./recovery";
import type { RecoveryCopy, RefusalReason } from "./types";
import { databaseName, listUnsent, noteUnsent } from "./unsent_index";

/** After these the server will never take the unsent edits as they are. */
const FINAL: ReadonlySet<RefusalReason> = new Set([
  "frozen",
  "read_only",
  "not_a_suggestion",
  "unlikely_time",
  "wrong_epoch",
  "too_large",
  "rights_ended",
  "not_available",
]);

export interface RescueSource {
  readonly userId: string;
  readonly draftId: string;
  readonly epoch: number;
  readonly doc: Doc;
  title(): string;
  now(): Date;
  /** The unsent edits as one update, when the browser keeps them. */
  unsent(): Promise<Uint8Array | null>;
}

export class Rescue {
  readonly copy = cell<RecoveryCopy | null>(null);
  private readonly shelf: RecoveryShelf;
  /** True for a copy of an earlier visit: the open document does not contain it. */
  private old = false;

  constructor(private readonly source: RescueSource) {
    this.shelf = new RecoveryShelf(source.userId);
  }

  /** Whether the copy was found here, not made by this page. */
  get isOld(): boolean {
    return this.old;
  }

  /** Makes a copy of the open document; on the shelf if the reason is final. */
  async keep(reason: RefusalReason): Promise<void> {
    const { doc, draftId } = this.source;
    const about = {
      reason,
      title: this.source.title(),
      savedAt: this.source.now().toISOString(),
    };
    const made = recoveryCopy(doc, about);
    this.old = false;
    this.copy.set(made);
    if (!FINAL.has(reason)) return;
    try {
      await this.shelf.keep(draftId, made, await this.source.unsent());
    } catch {
      // Without a database the copy lives in this page only; the download remains.
    }
  }

  /** The server took everything after all, so a copy made by this page is not needed. */
  async settled(): Promise<void> {
    if (!this.old && this.copy.get() !== null) await this.discard();
  }

  async discard(): Promise<void> {
    this.old = false;
    this.copy.set(null);
    try {
      await this.shelf.discard(this.source.draftId);
    } catch {
      // No database: there is nothing on the shelf.
    }
  }

  /** Saves the copy as a file; the open document's newest words are in it. */
  download(format: "txt" | "html"): void {
    const kept = this.copy.get();
    if (kept === null) return;
    const text = this.old ? kept.text : bodyText(this.source.doc);
    const html = this.old ? kept.html : bodyHtml(this.source.doc, kept.title);
    const type = format === "txt" ? "text/plain" : "text/html";
    const blob = new Blob([format === "txt" ? text : html], {
      type: `${type};charset=utf-8`,
    });
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(blob);
    anchor.download = `${fileName(kept.title)}.${format}`;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
  }

  /** Looks for copies of earlier visits: on the shelf, or unsent in another epoch. */
  async findLeftovers(): Promise<void> {
    const { userId, draftId, epoch } = this.source;
    try {
      for (const left of listUnsent(userId)) {
        if (left.draftId !== draftId || left.epoch === epoch) continue;
        const name = databaseName(userId, draftId, left.epoch);
        const found = await readCopy(name);
        if (found !== null) {
          const doc = documentOf([...found.updates, ...found.unsent]);
          const about = {
            reason: "wrong_epoch" as const,
            title: left.title,
            savedAt: left.changedAt,
          };
          await this.shelf.keep(draftId, recoveryCopy(doc, about), found.merged);
        }
        noteUnsent(userId, { ...left, unsent: 0 });
        await deleteDatabase(name);
      }
      const kept = await this.shelf.find(draftId);
      if (kept === null || this.copy.get() !== null) return;
      this.old = true;
      this.copy.set(kept);
    } catch {
      // No database: nothing was left over either.
    }
  }
}

function fileName(title: string): string {
  return title.replace(/[\\/:*?"<>|]/g, " ").trim().slice(0, 120) || "ban-sao";
}
