/**
 * Tells a person who is in the draft that somebody has just mentioned them, or put a
 * comment in their hands.
 *
 * Only what comes while the page is open: what came before is counted as unread, or lies
 * among what is theirs. Must never tell the same thing twice, nor tell people what they
 * did themselves.
 */
import type { Thread } from "./types";

export type News =
  | { readonly kind: "mentioned"; readonly thread: string; readonly by: string }
  | { readonly kind: "assigned"; readonly thread: string };

export interface NewsDesk {
  /** `isFirst`: these were there when the page opened. */
  of(threads: Iterable<Thread>, isFirst: boolean): News[];
  /** The person is about to take this thread into their own hands. */
  takesOver(thread: string): void;
  /** That came to nothing: whoever puts it there now is news. */
  leaves(thread: string): void;
}

export function createNews(userId: string): NewsDesk {
  const known = new Set<string>();
  /** Threads in this person's hands. */
  const held = new Set<string>();
  /** Those on their way there by the person's own act. */
  const taking = new Set<string>();

  const assigned = ({ id, state, assignee }: Thread, isFirst: boolean): News[] => {
    if (assignee?.id !== userId) {
      held.delete(id);
      return [];
    }
    const isOwn = taking.delete(id);
    const isNews = !isFirst && !isOwn && !held.has(id) && state === "open";
    held.add(id);
    return isNews ? [{ kind: "assigned", thread: id }] : [];
  };
  const mentioned = (thread: Thread, isFirst: boolean): News[] => {
    const news: News[] = [];
    for (const { id, author, mentions, removed_at } of thread.comments) {
      if (removed_at || author.id === userId || !mentions.some((each) => each.id === userId) || known.has(id)) continue;
      known.add(id);
      if (!isFirst) news.push({ kind: "mentioned", thread: thread.id, by: author.name });
    }
    return news;
  };
  return {
    of: (threads, isFirst) => [...threads].flatMap((thread) => [...mentioned(thread, isFirst), ...assigned(thread, isFirst)]),
    takesOver: (thread) => void taking.add(thread),
    leaves: (thread) => void taking.delete(thread),
  };
}
