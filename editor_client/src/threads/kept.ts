/**
 * Comments that were written and not yet sent, kept in this browser.
 *
 * A failed line, a closed tab or a reload must not cost a reviewer's words. Each slot (a
 * new thread, the answer to one, or the change of a comment) keeps one text and the key under which it is sent.
 * Must never throw: a browser without storage keeps nothing.
 */
import type { Anchor, CommentFile, Wording } from "./types";

export interface KeptWords {
  readonly text: string;
  readonly key: string;
  readonly mentions: readonly { readonly id: string; readonly name: string }[];
  readonly anchor?: Anchor;
  /** Uploaded for these words; the server holds them for some days. */
  readonly files?: readonly CommentFile[];
  /** New words for the field that were being written. */
  readonly wording?: Wording;
}

export interface Kept {
  read(slot: string): KeptWords | null;
  write(slot: string, words: KeptWords): void;
  drop(slot: string): void;
}

const PREFIX = "duthao.comment.";

export function keptWords(userId: string, draftId: string, storage: Storage | null = safeStorage()): Kept {
  const name = (slot: string) => `${PREFIX}${userId}.${draftId}.${slot}`;
  const quietly = <T>(run: () => T): T | null => {
    try {
      return run();
    } catch {
      return null;
    }
  };
  return {
    read: (slot) => quietly(() => parse(storage?.getItem(name(slot)) ?? null)),
    write: (slot, words) => void quietly(() => storage?.setItem(name(slot), JSON.stringify(words))),
    drop: (slot) => void quietly(() => storage?.removeItem(name(slot))),
  };
}

/** A name that no other comment of this person has. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function parse(stored: string | null): KeptWords | null {
  if (!stored) return null;
  const value = JSON.parse(stored) as Partial<KeptWords>;
  if (typeof value.text !== "string" || typeof value.key !== "string") return null;
  return { ...value, text: value.text, key: value.key, mentions: value.mentions ?? [] };
}

function safeStorage(): Storage | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}
