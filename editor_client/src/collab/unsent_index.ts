/**
 * The list "drafts with unsent edits on this computer", for pages without an editor.
 *
 * Why: a person who closed a tab offline must see on the drafts list that something
 * still waits. One localStorage entry per draft, so that two tabs never overwrite each
 * other's list. It holds titles and counts, never text.
 */
import { forgetIfSent } from "./database";
import type { UnsentDraft } from "./types";

const PREFIX = "duthao-unsent:";

/** Name of the local database of one person's copy of one draft. */
export function databaseName(userId: string, draftId: string, epoch: number): string {
  return `duthao:${userId}:${draftId}:${epoch}`;
}

function entryKey(userId: string, draftId: string, epoch: number): string {
  return `${PREFIX}${userId}:${draftId}:${epoch}`;
}

/** Drafts of this person with edits that only this computer has; newest first. */
export function listUnsent(userId: string): UnsentDraft[] {
  const drafts: UnsentDraft[] = [];
  for (const [key, value] of entries(userId)) {
    const [draftId, epoch] = key.split(":");
    if (draftId === undefined) continue;
    const found = parse(value);
    if (found === null) continue;
    drafts.push({ draftId, epoch: Number(epoch), ...found });
  }
  return drafts.sort((a, b) => b.changedAt.localeCompare(a.changedAt));
}

export function noteUnsent(userId: string, draft: UnsentDraft): void {
  const { draftId, epoch, title, unsent, changedAt } = draft;
  const key = entryKey(userId, draftId, epoch);
  try {
    if (unsent > 0) localStorage.setItem(key, JSON.stringify({ title, unsent, changedAt }));
    else localStorage.removeItem(key);
  } catch {
    // Full or forbidden storage: the list is a help, the database holds the edits.
  }
}

/**
 * Empties the local copies that hold nothing unsent; call it when the person signs out.
 * Another person at the same computer then finds no text of theirs. Copies with unsent
 * edits stay: deleting them would lose work. The database is asked, not this list: a
 * full localStorage may have lost an entry.
 */
export async function forgetSent(userId: string): Promise<void> {
  if (typeof indexedDB === "undefined" || !("databases" in indexedDB)) return;
  const mine = `duthao:${userId}:`;
  for (const { name } of await indexedDB.databases()) {
    if (name?.startsWith(mine) !== true) continue;
    try {
      await forgetIfSent(name);
    } catch {
      // A damaged copy must not keep the others from being emptied.
    }
  }
}

/** [rest of the key after the person, value] of each entry. */
function entries(userId: string): [string, string][] {
  const found: [string, string][] = [];
  const prefix = `${PREFIX}${userId}:`;
  try {
    for (let index = 0; index < localStorage.length; index += 1) {
      const key = localStorage.key(index);
      if (key?.startsWith(prefix) !== true) continue;
      found.push([key.slice(prefix.length), localStorage.getItem(key) ?? ""]);
    }
  } catch {
    return [];
  }
  return found;
}

function parse(value: string): Pick<UnsentDraft, "title" | "unsent" | "changedAt"> | null {
  try {
    const { title, unsent, changedAt } = JSON.parse(value) as Partial<UnsentDraft>;
    if (typeof title !== "string" || typeof unsent !== "number") return null;
    return { title, unsent, changedAt: String(changedAt ?? "") };
  } catch {
    return null;
  }
}
