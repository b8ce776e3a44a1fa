/**
 * The calls of the threads' API.
 *
 * Every failure becomes a ThreadError with a sentence for people, or none when the
 * server could not be reached. Must never hold state.
 */
import type { Anchor, CommentFile, Decision, NamedPerson, Said, Thread, Wording } from "./types";

export class ThreadError extends Error {
  /** `status` is 0 when there was no answer. */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The server takes no more in one call. */
export const MOST_MOVED = 100;

export interface Changes {
  readonly items: readonly Thread[];
  readonly cursor: number;
  readonly more: boolean;
}

export interface ThreadsApi {
  changes(after: number): Promise<Changes>;
  start(anchor: Anchor, said: Said, suggestion: Wording | null): Promise<Thread>;
  reply(thread: string, said: Said): Promise<Thread>;
  edit(thread: string, comment: string, text: string, mentions: readonly string[]): Promise<Thread>;
  remove(thread: string, comment: string): Promise<Thread>;
  turn(thread: string, act: "resolve" | "reopen"): Promise<Thread>;
  /** `said`: why it is rejected. */
  decide(thread: string, act: Decision, said?: Said | null): Promise<Thread>;
  assign(thread: string, assignee: string | null): Promise<Thread>;
  /** At most `MOST_MOVED` at once. */
  moveAll(anchors: ReadonlyMap<string, Anchor>): Promise<void>;
  read(thread: string, number: number): Promise<void>;
  people(words: string): Promise<readonly NamedPerson[]>;
  upload(file: File): Promise<CommentFile>;
  drop(file: string): Promise<void>;
  fileUrl(file: string): string;
}

export function threadsApi(base: string, csrf: string): ThreadsApi {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const isForm = body instanceof FormData;
    const headers: Record<string, string> = { Accept: "application/json" };
    if (method !== "GET") headers["X-CSRFToken"] = csrf;
    if (body !== undefined && !isForm) headers["Content-Type"] = "application/json";
    let response: Response;
    try {
      response = await fetch(base + path, {
        method,
        headers,
        ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      });
    } catch {
      throw new ThreadError(0, "unreachable", "");
    }
    if (response.status === 204) return undefined as T;
    const answer: unknown = await response.json().catch(() => ({}));
    if (response.ok) return answer as T;
    const { code = "error", message = "" } = answer as { code?: string; message?: string };
    throw new ThreadError(response.status, code, message);
  };
  return {
    changes: (after) => call("GET", `?after=${String(after)}`),
    start: (anchor, said, suggestion) => call("POST", "", { ...said, anchor, suggestion }),
    reply: (thread, said) => call("POST", `/${thread}/replies`, said),
    edit: (thread, comment, text, mentions) =>
      call("PATCH", `/${thread}/comments/${comment}`, { text, mentions }),
    remove: (thread, comment) => call("DELETE", `/${thread}/comments/${comment}`),
    turn: (thread, act) => call("POST", `/${thread}/${act}`),
    decide: (thread, act, said) =>
      call("POST", `/${thread}/suggestion/${act}`, act === "reject" ? { said: said ?? null } : {}),
    assign: (thread, assignee) => call("PUT", `/${thread}/assignee`, { assignee }),
    moveAll: (anchors) => call("PUT", "/anchors", { items: Array.from(anchors, ([thread, anchor]) => ({ thread, anchor })) }),
    read: (thread, number) => call("PUT", `/${thread}/read`, { number }),
    people: (words) => call("GET", `/people?q=${encodeURIComponent(words)}`),
    upload: (file) => {
      const form = new FormData();
      form.append("file", file);
      return call("POST", "/files", form);
    },
    drop: (file) => call("DELETE", `/files/${file}`),
    fileUrl: (file) => `${base}/files/${file}`,
  };
}

/** One anchor that the server does not take must not keep the others from moving. */
export async function moveAll(api: ThreadsApi, anchors: ReadonlyMap<string, Anchor>): Promise<void> {
  try {
    await api.moveAll(anchors);
  } catch (error) {
    if (!(error instanceof ThreadError) || error.status !== 400 || anchors.size < 2) return;
    const all = [...anchors];
    await moveAll(api, new Map(all.slice(0, all.length >> 1)));
    await moveAll(api, new Map(all.slice(all.length >> 1)));
  }
}
