/**
 * The words between the session of one open draft and everything drawn around it.
 *
 * Why: the editor, the toolbar and the banners must not know the provider, the socket
 * or IndexedDB; they know this file. It must never import the provider, nor hold logic.
 */
import type { Awareness } from "y-protocols/awareness";
import type { Doc, Map as YMap, XmlFragment } from "yjs";
import type { Forms, Head } from "../fields/forms";
import type { DocumentType, Norm, Zeros } from "../fields/names";

/** What a person may do to the draft; each level includes those before it. */
export type Level = "view" | "comment" | "suggest" | "edit" | "own";

export type Language = "vi" | "en";

/** A person as the server shows them to the others. */
export interface UserIdentity {
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  /** CSS colour of the caret and of the initials. */
  readonly colour: string;
}

/** What the server writes into the editor page (`<script id="boot">`). */
export interface Boot {
  readonly draftId: string;
  readonly title: string;
  readonly level: Level;
  readonly epoch: number;
  readonly schema: number;
  /** The server's time when it made the page (ISO). */
  readonly now: string;
  readonly language: Language;
  readonly user: UserIdentity;
  readonly urls: {
    readonly collab: string;
    readonly images: string;
    readonly docx: string;
    /** The .docx with suggestions and comments. */
    readonly reviewDocx: string;
    /** Where such a file comes back; empty for whoever may not suggest. */
    readonly reviewedDocx: string;
    readonly pdf: string;
    readonly list: string;
    readonly share: string;
    readonly rename: string;
    readonly activity: string;
    /** Empty for those who may not read the past. */
    readonly versions: string;
    readonly seen: string;
    readonly process: string;
    readonly formatCheck: string;
    readonly signatureBlock: string;
    readonly authors: string;
    readonly threads: string;
    /** What this person is asked to say about the draft. */
    readonly asked: string;
  };
  /** Parts that each document type's form has: by kind of norm, then by code. */
  readonly forms: Forms;
  /** By norm, the document types that may be chosen, most used first. */
  readonly types: Readonly<Record<Norm, readonly DocumentType[]>>;
  readonly zeros: Readonly<Record<Norm, readonly Zeros[]>>;
  readonly heads: Readonly<Record<Norm, Head>>;
  readonly csrf: string;
  readonly archived: boolean;
  /** Whether the person may read comment threads, archived drafts included. */
  readonly readsThreads: boolean;
}

/** A value that changes; `subscribe` calls back at once with the present value. */
export interface Readable<T> {
  get(): T;
  subscribe(listener: (value: T) => void): () => void;
}

/**
 * What the save indicator shows. `unsent` counts local changes that the server has not
 * acknowledged (after a reload: at least 1 if this computer holds anything unsent).
 *
 * - `connecting`: a connection is being made and nothing local is unsent.
 * - `saved`: every local change is committed on the server ("Đã lưu"). Nothing less.
 * - `saving`: connected; changes are on their way.
 * - `offline`: not connected; typing goes on, changes wait on this computer
 *   (`keptHere` false: only in this page, because the browser has no database).
 * - `log_down`: connected, but the server cannot store at present.
 * - `read_only`: the person may only read (and nothing of theirs is waiting).
 * - `refused`: the server will not take these changes; see the notice.
 */
export type SaveStatus =
  | { readonly kind: "connecting" }
  | { readonly kind: "saved" }
  | { readonly kind: "saving"; readonly unsent: number }
  | { readonly kind: "offline"; readonly unsent: number; readonly keptHere: boolean }
  | { readonly kind: "log_down"; readonly unsent: number }
  | { readonly kind: "read_only"; readonly frozen: boolean }
  | { readonly kind: "refused"; readonly reason: RefusalReason; readonly unsent: number };

/** Why the server will not take this browser's changes (or will not talk to it). */
export type RefusalReason =
  | "frozen"
  | "read_only"
  | "not_a_suggestion"
  | "unlikely_time"
  | "wrong_epoch"
  | "outdated_schema"
  | "too_large"
  | "rights_ended"
  | "not_available"
  | "not_authenticated"
  | "too_many_connections"
  | "too_many_documents"
  | "foreign_origin"
  | "malformed";

/** What a person can do about a notice; the editor draws one button for each. */
export type NoticeAction =
  | "download_recovery" // session.downloadRecovery("html")
  | "reload_clean" // session.reloadClean(): drop local unsent edits (kept as recovery copy)
  | "discard_recovery" // session.discardRecovery()
  | "reload_page" // location.reload()
  | "sign_in" // open the sign-in page
  | "go_to_list" // boot.urls.list
  | "reconnect" // session.reconnect()
  | "dismiss"; // session.dismissNotice()

/** A banner above the page. `code` is stable (tests, styling); the words are translated. */
export interface Notice {
  readonly code: RefusalReason | "log_down" | "level_changed" | "storage_missing" | "recovered";
  readonly tone: "info" | "warning" | "danger";
  readonly title: string;
  readonly body: string;
  readonly actions: readonly NoticeAction[];
}

/** One person in the draft, however many tabs they have open. */
export interface Person extends UserIdentity {
  readonly self: boolean;
  /** Awareness client ids, the most recently active first. */
  readonly clientIds: readonly number[];
}

/** Where a followed person is; `cursor` is what the caret extension wrote (relative positions). */
export interface FollowTarget {
  readonly personId: string;
  readonly clientId: number;
  readonly cursor: { readonly anchor: unknown; readonly head: unknown } | null;
  readonly viewing: unknown;
}

/** A copy of text that the server would not take, so that nothing typed is ever lost. */
export interface RecoveryCopy {
  /** Kept in IndexedDB until the person deletes it; also offered as a download. */
  readonly reason: RefusalReason;
  readonly savedAt: string;
  readonly title: string;
  readonly text: string;
  readonly html: string;
}

/** One open draft. The editor binds to `doc`/`body`/`fields`; it never sees the socket. */
export interface Session {
  readonly draftId: string;
  readonly doc: Doc;
  readonly body: XmlFragment;
  readonly fields: YMap<unknown>;
  readonly awareness: Awareness;
  readonly user: UserIdentity;
  /** Pass `session` itself where an extension asks for `provider` (it has `awareness`). */

  /** Resolves once there is something to show: the server's state, or, when there is no
   * connection, a copy kept on this computer. Before it, do not mount the editor. */
  readonly ready: Promise<void>;

  readonly status: Readable<SaveStatus>;
  readonly canWrite: Readable<boolean>;
  readonly level: Readable<Level>;
  readonly connected: Readable<boolean>;
  readonly title: Readable<string>;
  /** The number of the last change of a comment thread that the server told of. */
  readonly threadsRevision: Readable<number>;
  /** The person themself first, then by name. */
  readonly people: Readable<readonly Person[]>;
  /** The banner that matters most now, or null. */
  readonly notice: Readable<Notice | null>;

  readonly following: Readable<string | null>;
  /** Changes whenever the followed person moves; null when nobody is followed. */
  readonly followTarget: Readable<FollowTarget | null>;
  /** Follow a person (their `id`), or stop with null. Stops by itself when they leave. */
  follow(personId: string | null): void;
  /** Tell the others what this person looks at (free-form JSON). */
  setViewing(viewing: unknown): void;

  /** The text that would be lost if this tab closed for good; null when nothing is at stake. */
  readonly recovery: Readable<RecoveryCopy | null>;
  /** Save the recovery copy as a file. */
  downloadRecovery(format: "txt" | "html"): void;
  /** Delete the kept recovery copy, when the person no longer needs it. */
  discardRecovery(): Promise<void>;
  /** Keep the unsent edits as a recovery copy, forget them here and load the server's text. */
  reloadClean(): Promise<void>;
  dismissNotice(): void;
  /** Try now instead of waiting for the next attempt. */
  reconnect(): void;

  /** Close the socket and the local database. Unsent edits stay on this computer. */
  destroy(): Promise<void>;
}

/** A draft with edits that only this computer has (for the drafts list). */
export interface UnsentDraft {
  readonly draftId: string;
  readonly epoch: number;
  readonly title: string;
  readonly unsent: number;
  /** ISO time of the last local change. */
  readonly changedAt: string;
}
