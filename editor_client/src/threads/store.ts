/**
 * The threads of this draft as this browser knows them, kept up by asking what changed.
 *
 * The server's hint says only that something changed, and may be lost on its way; the
 * answer to "after my cursor" is the truth, and is asked again after every break, and now
 * and then while somebody looks at the page. Must never show a thread that the
 * server did not give.
 */
import type { Readable } from "../collab/types";
import { cell } from "../collab/readable";
import type { ThreadsApi } from "./api";
import { ThreadError } from "./api";
import type { Thread } from "./types";

const RETRY_MS = 5000;
const BETWEEN_HINTS_MS = 400;
const UNASKED_MS = 60_000;

export type LoadState = "loading" | "ready" | "failed" | "forbidden";

export interface ThreadStore {
  /** A new map after every change. */
  readonly threads: Readable<ReadonlyMap<string, Thread>>;
  readonly state: Readable<LoadState>;
  /** Ask what changed, now; calls during a call become one more call. Resolves when what
   * was there at this moment is known, or cannot be had. */
  refresh(): Promise<void>;
  /** Ask for all of them: what this person may do with them has changed. */
  again(): void;
  /** The server's hint that there is a change with this number. */
  hint(revision: number): void;
  /** Take in a thread that an act of this person answered with. */
  take(thread: Thread): void;
  markRead(id: string): void;
  destroy(): void;
}

export function createStore(api: ThreadsApi): ThreadStore {
  const threads = cell<ReadonlyMap<string, Thread>>(new Map());
  const state = cell<LoadState>("loading");
  let cursor = 0;
  /** The call on its way, and the one after it. */
  let busy: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  let isAnew = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let hinted: ReturnType<typeof setTimeout> | undefined;
  let lastHint = 0;
  let isDestroyed = false;

  /** `isLate`: an answer that may have been on its way for long. Of the same state the
   * list then knows better what this person may do with it. */
  const merge = (items: readonly Thread[], isLate = false) => {
    const all = new Map(threads.get());
    for (const item of items) {
      const known = all.get(item.id);
      if (known && (known.revision > item.revision || (isLate && known.revision === item.revision))) continue;
      all.set(item.id, known ? { ...item, read: Math.max(known.read, item.read) } : item);
    }
    if (items.length) threads.set(all);
  };

  const refresh = (): Promise<void> => {
    if (isDestroyed) return Promise.resolve();
    if (busy) {
      next ??= busy.then(() => {
        next = null;
        return refresh();
      });
      return next;
    }
    busy = ask().finally(() => {
      busy = null;
    });
    return busy;
  };
  const ask = async (): Promise<void> => {
    clearTimeout(retry);
    // Here, not when it is asked for: an older answer on its way would undo it.
    if (isAnew) cursor = 0;
    isAnew = false;
    try {
      for (let more = true; more; ) {
        const found = await api.changes(cursor);
        cursor = Math.max(cursor, found.cursor);
        merge(found.items);
        more = found.more;
      }
      state.set("ready");
    } catch (error) {
      const isForbidden = error instanceof ThreadError && [401, 403, 404].includes(error.status);
      if (isForbidden) threads.set(new Map());
      if (isForbidden) cursor = 0;
      if (isForbidden || state.get() !== "ready") state.set(isForbidden ? "forbidden" : "failed");
      if (!isForbidden) retry = setTimeout(() => void refresh(), RETRY_MS);
    }
  };

  /** A lost hint is caught up with; who may not read is not asked for again. */
  const askUnasked = () => {
    if (state.get() === "ready" && document.visibilityState === "visible") void refresh();
  };
  const unasked = setInterval(askUnasked, UNASKED_MS);
  document.addEventListener("visibilitychange", askUnasked);

  return {
    threads,
    state,
    refresh,
    again() {
      isAnew = true;
      void refresh();
    },
    hint(revision) {
      if (revision <= cursor || hinted !== undefined) return;
      // The first at once; a flood of hints is one question now and then.
      const wait = Math.max(0, lastHint + BETWEEN_HINTS_MS - Date.now());
      hinted = setTimeout(() => {
        hinted = undefined;
        lastHint = Date.now();
        void refresh();
      }, wait);
    },
    take(thread) {
      // Put away meanwhile: a late answer must not bring one of them back.
      if (state.get() !== "forbidden") merge([thread], true);
    },
    markRead(id) {
      const thread = threads.get().get(id);
      const number = thread?.comments.at(-1)?.number ?? 0;
      if (!thread || number <= thread.read) return;
      threads.set(new Map(threads.get()).set(id, { ...thread, read: number }));
      // A mark that is lost is made again the next time the thread is read.
      void api.read(id, number).catch(() => undefined);
    },
    destroy() {
      isDestroyed = true;
      clearTimeout(retry);
      clearTimeout(hinted);
      clearInterval(unasked);
      document.removeEventListener("visibilitychange", askUnasked);
    },
  };
}

/** Comments of others that this person has not read. */
export function unreadOf(thread: Thread, userId: string): number {
  return thread.comments.filter(
    ({ number, author, removed_at }) => number > thread.read && author.id !== userId && !removed_at,
  ).length;
}
