/** Threads as the API tells them (server/review/thread_schemas.py). No logic. */

export interface Anchor {
  /** "body" or the name of a field of the letterhead. */
  readonly part: string;
  /** Encoded Yjs relative positions in base64. */
  readonly start: string;
  readonly end: string;
  readonly epoch: number;
  readonly quote: string;
  readonly before: string;
  readonly after: string;
  /** See `Quoted` in match.ts. */
  readonly echo: number;
}

export interface ThreadPerson {
  readonly id: string;
  readonly name: string;
  readonly colour: string;
}

export interface NamedPerson extends ThreadPerson {
  readonly detail: string;
}

export interface CommentFile {
  readonly id: string;
  readonly name: string;
  readonly content_type: string;
  readonly size_bytes: number;
}

export interface Comment {
  readonly id: string;
  readonly number: number;
  readonly key: string;
  readonly author: ThreadPerson;
  readonly text: string;
  readonly mentions: readonly ThreadPerson[];
  readonly files: readonly CommentFile[];
  readonly created_at: string;
  readonly edited_at: string | null;
  readonly removed_at: string | null;
}

export type ThreadAct = "reply" | "edit" | "remove" | "resolve" | "reopen" | "assign" | "move" | "decide" | "withdraw";

/** New words for the field of a thread, beside those that stood there. */
export interface Wording {
  readonly old: string;
  readonly new: string;
}

export type Decision = "accept" | "reject" | "withdraw";

/** Author and time are those of the thread. */
export interface FieldSuggestion extends Wording {
  readonly state: "open" | "accepted" | "rejected" | "withdrawn";
  readonly decided_by: ThreadPerson | null;
  readonly decided_at: string | null;
}

export interface Thread {
  readonly id: string;
  readonly revision: number;
  readonly state: "open" | "resolved";
  readonly anchor: Anchor;
  readonly author: ThreadPerson;
  readonly unit: { readonly id: string; readonly name: string } | null;
  readonly assignee: ThreadPerson | null;
  readonly resolved_by: ThreadPerson | null;
  readonly resolved_at: string | null;
  readonly created_at: string;
  readonly changed_at: string;
  /** Up to which comment this person has read. */
  readonly read: number;
  readonly may: readonly ThreadAct[];
  readonly comments: readonly Comment[];
  readonly suggestion: FieldSuggestion | null;
}

/** A comment on its way; `key` makes sending it twice say it once. */
export interface Said {
  readonly key: string;
  readonly text: string;
  readonly mentions: readonly string[];
  readonly files: readonly string[];
}
