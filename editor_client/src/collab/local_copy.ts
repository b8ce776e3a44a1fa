/**
 * One person's copy of one draft in the browser's database, with what is still unsent.
 *
 * Why not y-indexeddb: it cannot tell when a write is safe, and it does not know which
 * changes the server has (comparing state vectors would overlook deletions). Here each
 * local change is also kept in `unsent`, in the same transaction, until the server has
 * acknowledged it.
 *
 * It must never delete an unsent change that was not acknowledged or kept for recovery.
 * Durability is the browser's default: a change survives a closed tab and a crashed
 * browser; in a power cut the last seconds may be missing here (not on the server).
 */
import { mergeUpdates } from "yjs";
import { complete, done, openDatabase, UNSENT, UPDATES } from "./database";

const COMPACT_AT = 300;

interface Waiting {
  readonly update: Uint8Array;
  /** Number of the local change; null for a change that came from the server. */
  readonly change: number | null;
}

/** What the copy held when it was opened. */
export interface Opened {
  readonly updates: readonly Uint8Array[];
  readonly unsent: readonly Uint8Array[];
}

export class LocalCopy {
  private waiting: Waiting[] = [];
  private running: Promise<void> | null = null;
  private failed = false;
  private stored = 0;
  /** Keys of the unsent changes that this page knows, by local change (0: found). */
  private readonly keys: { key: IDBValidKey; change: number }[] = [];

  private constructor(
    private readonly db: IDBDatabase,
    /** Called with true when every change given so far is in the database. */
    private readonly onKept: (kept: boolean) => void,
    private readonly onFailed: (error: unknown) => void,
    /** Called with the number of unsent changes of all tabs. */
    private readonly onUnsent: (count: number) => void,
  ) {
    // Another tab deletes or upgrades the database (signing out): let it.
    db.onversionchange = () => db.close();
  }

  /** Opens and reads the copy; rejects when the browser has no usable database. */
  static async open(
    name: string,
    handlers: {
      onKept(kept: boolean): void;
      onFailed(error: unknown): void;
      onUnsent(count: number): void;
    },
  ): Promise<{ copy: LocalCopy; opened: Opened }> {
    const db = await openDatabase(name);
    const copy = new LocalCopy(db, handlers.onKept, handlers.onFailed, handlers.onUnsent);
    const transaction = db.transaction([UPDATES, UNSENT], "readonly");
    const [updates, unsent, keys] = await Promise.all([
      done<Uint8Array[]>(transaction.objectStore(UPDATES).getAll()),
      done<Uint8Array[]>(transaction.objectStore(UNSENT).getAll()),
      done<IDBValidKey[]>(transaction.objectStore(UNSENT).getAllKeys()),
    ]);
    copy.stored = updates.length;
    for (const key of keys) copy.keys.push({ key, change: 0 });
    return { copy, opened: { updates, unsent } };
  }

  /** Keep one change; `change` is its local number, null when it came from the server. */
  write(update: Uint8Array, change: number | null): void {
    if (this.failed) return;
    this.waiting.push({ update, change });
    this.onKept(false);
    this.pump();
  }

  /** The server has committed everything found at opening and up to this local change. */
  async acknowledge(upTo: number): Promise<void> {
    await this.settled();
    const sent = this.keys.filter(({ change }) => change <= upTo);
    if (sent.length === 0 || this.failed) return;
    try {
      const transaction = this.db.transaction(UNSENT, "readwrite");
      const store = transaction.objectStore(UNSENT);
      for (const { key } of sent) store.delete(key);
      const left = done<number>(store.count());
      await complete(transaction);
      this.keys.splice(0, this.keys.length, ...this.keys.filter((k) => !sent.includes(k)));
      this.onUnsent(await left);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Everything unsent, of all tabs of this person, as one update; null when none. */
  async unsent(): Promise<Uint8Array | null> {
    await this.settled();
    const all = await done<Uint8Array[]>(
      this.db.transaction(UNSENT, "readonly").objectStore(UNSENT).getAll(),
    );
    return all.length === 0 ? null : mergeUpdates(all);
  }

  /** Forget the whole copy. The caller has kept what was unsent. */
  async clear(): Promise<void> {
    await this.settled();
    const transaction = this.db.transaction([UPDATES, UNSENT], "readwrite");
    transaction.objectStore(UPDATES).clear();
    transaction.objectStore(UNSENT).clear();
    await complete(transaction);
    this.keys.length = 0;
    this.onUnsent(0);
  }

  /** Resolves when nothing is being written. */
  async settled(): Promise<void> {
    while (this.running !== null) await this.running;
  }

  async close(): Promise<void> {
    await this.settled();
    this.db.close();
  }

  /** One transaction at a time; what arrives meanwhile goes together into the next. */
  private pump(): void {
    if (this.running !== null || this.waiting.length === 0) return;
    const batch = this.waiting;
    this.waiting = [];
    this.running = this.store(batch)
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        this.running = null;
        this.pump();
      });
  }

  private async store(batch: readonly Waiting[]): Promise<void> {
    const transaction = this.db.transaction([UPDATES, UNSENT], "readwrite");
    const finished = complete(transaction);
    const updates = transaction.objectStore(UPDATES);
    const unsent = transaction.objectStore(UNSENT);
    updates.add(mergeUpdates(batch.map(({ update }) => update)));
    const added: { change: number; request: IDBRequest<IDBValidKey> }[] = [];
    for (const { update, change } of batch) {
      if (change !== null) added.push({ change, request: unsent.add(update) });
    }
    const count = added.length > 0 ? unsent.count() : null;
    this.stored += 1;
    if (this.stored >= COMPACT_AT) this.compact(updates);
    // At once, not after one more turn of this page: it may be closing.
    else transaction.commit();
    await finished;
    for (const { change, request } of added) this.keys.push({ key: request.result, change });
    if (count !== null) this.onUnsent(count.result);
    if (this.waiting.length === 0) this.onKept(true);
  }

  /** Merges what is stored, by whichever tab, inside the same transaction. */
  private compact(updates: IDBObjectStore): void {
    const request: IDBRequest<Uint8Array[]> = updates.getAll();
    request.onsuccess = () => {
      updates.clear();
      updates.add(mergeUpdates(request.result));
    };
    this.stored = 1;
  }

  private fail(error: unknown): void {
    if (this.failed) return;
    this.failed = true;
    this.waiting = [];
    this.onFailed(error);
  }
}

/** Reads the copy of another epoch, and closes it. Null when nothing in it is unsent. */
export async function readCopy(
  name: string,
): Promise<(Opened & { readonly merged: Uint8Array }) | null> {
  const db = await openDatabase(name);
  try {
    const transaction = db.transaction([UPDATES, UNSENT], "readonly");
    const [updates, unsent] = await Promise.all([
      done<Uint8Array[]>(transaction.objectStore(UPDATES).getAll()),
      done<Uint8Array[]>(transaction.objectStore(UNSENT).getAll()),
    ]);
    return unsent.length === 0 ? null : { updates, unsent, merged: mergeUpdates(unsent) };
  } finally {
    db.close();
  }
}
