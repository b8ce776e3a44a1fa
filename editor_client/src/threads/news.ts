/**
 * Tells a person who is in the draft that somebody has just mentioned or asked them.
 *
 * Only what comes while the page is open: what came before is counted as unread. Must
 * never tell the same thing twice.
 */
import type { Thread } from "./types";

export interface News {
  readonly thread: string;
  readonly by: string;
}

/** `isFirst`: these were there when the page opened. */
export function createNews(userId: string): (threads: Iterable<Thread>, isFirst: boolean) => News[] {
  const known = new Set<string>();
  return (threads, isFirst) => {
    const news: News[] = [];
    for (const thread of threads) {
      for (const { id, author, mentions, removed_at } of thread.comments) {
        if (removed_at || author.id === userId || !mentions.some((each) => each.id === userId) || known.has(id)) continue;
        known.add(id);
        if (!isFirst) news.push({ thread: thread.id, by: author.name });
      }
    }
    return news;
  };
}
