/**
 * The browser's database of one local copy: its stores, and promises around them.
 *
 * Why apart: pages without an editor use it too (signing out), and must not load the
 * CRDT engine for that. It must never read what an update says.
 */

export const UPDATES = "updates";
/** Changes made here that the server has not acknowledged. */
export const UNSENT = "unsent";

/**
 * Empties a copy unless something in it is unsent; asked and done in one transaction,
 * so that a change which another tab stores meanwhile is never lost. The empty shell
 * stays, because deleting a database cannot be made to depend on what is in it.
 */
export async function forgetIfSent(name: string): Promise<void> {
  const db = await openDatabase(name);
  try {
    const transaction = db.transaction([UPDATES, UNSENT], "readwrite");
    const count = transaction.objectStore(UNSENT).count();
    count.onsuccess = () => {
      if (count.result === 0) transaction.objectStore(UPDATES).clear();
    };
    await complete(transaction);
  } finally {
    db.close();
  }
}

export function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    if (typeof indexedDB === "undefined") {
      reject(new Error("this browser has no IndexedDB"));
      return;
    }
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(UPDATES, { autoIncrement: true });
      request.result.createObjectStore(UNSENT, { autoIncrement: true });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB refused to open"));
  });
}

/** Resolves also when another tab holds the database: it is deleted once that closes. */
export function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => resolve();
    request.onblocked = () => resolve();
  });
}

export function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB request failed"));
  });
}

export function complete(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    const fail = () => reject(transaction.error ?? new Error("IndexedDB write failed"));
    transaction.onabort = fail;
    transaction.onerror = fail;
  });
}
