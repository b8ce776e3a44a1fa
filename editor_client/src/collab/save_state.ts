/**
 * What the save indicator may claim, as a pure function of what happened.
 *
 * Why: lost work is the first complaint about every shared editor, and it always begins
 * with a screen that said "saved". It must never say `saved` while one local change is
 * not known to be committed by the server.
 */
import type { Level, RefusalReason, SaveStatus } from "./types";

/** Where the last local changes are on this computer. */
export type LocalCopy =
  | "kept" // every change is in the browser's database
  | "writing" // a write is under way
  | "absent"; // the browser has no database, or it failed

export interface SaveState {
  readonly link: "connecting" | "online" | "offline" | "stopped";
  /** Every message of the present connection was answered since it began. */
  readonly settled: boolean;
  /** Changes found unsent when the page opened (from an earlier visit). */
  readonly carried: number;
  /** Number of changes made here since the page opened, and the last one committed. */
  readonly made: number;
  readonly committed: number;
  readonly localCopy: LocalCopy;
  readonly logUp: boolean;
  readonly level: Level;
  readonly frozen: boolean;
  /** The scope the server granted on this connection; null before it spoke. */
  readonly scope: "read-write" | "readonly" | null;
  readonly refusal: RefusalReason | null;
}

export type SaveEvent =
  | { readonly type: "local_change" }
  /** The local copy was read: so many changes of earlier visits are in it. */
  | { readonly type: "found"; readonly unsent: number }
  | { readonly type: "acknowledged"; readonly upTo: number }
  | { readonly type: "opened" }
  | { readonly type: "closed" }
  | { readonly type: "authenticated"; readonly scope: "read-write" | "readonly" }
  | { readonly type: "access"; readonly level: Level; readonly frozen: boolean }
  | { readonly type: "log"; readonly up: boolean }
  | { readonly type: "refused"; readonly reason: RefusalReason }
  | { readonly type: "stopped"; readonly reason: RefusalReason }
  | { readonly type: "restart" }
  | { readonly type: "local_copy"; readonly state: LocalCopy };

export function initialSaveState(
  start: Pick<SaveState, "level" | "frozen" | "carried" | "localCopy">,
): SaveState {
  return {
    ...start,
    link: "connecting",
    settled: false,
    made: 0,
    committed: 0,
    logUp: true,
    scope: null,
    refusal: null,
  };
}

export function reduceSave(state: SaveState, event: SaveEvent): SaveState {
  switch (event.type) {
    case "local_change":
      // Without the right to write, a change can only be the editor tidying what it
      // shows; the server will not take it and it is nobody's work.
      return mayWrite(state) ? { ...state, made: state.made + 1, settled: false } : state;
    case "found":
      return { ...state, carried: event.unsent, settled: false };
    case "acknowledged":
      return {
        ...state,
        carried: 0,
        committed: Math.max(state.committed, Math.min(event.upTo, state.made)),
        settled: event.upTo >= state.made,
      };
    case "opened":
      return { ...state, link: "online", settled: false, logUp: true };
    case "closed":
      if (state.link === "stopped") return state;
      // The scope is kept: while the line is down a reader stays a reader.
      return { ...state, link: "offline", settled: false };
    case "authenticated": {
      const refusal = event.scope === "read-write" ? withoutRights(state.refusal) : state.refusal;
      const frozen = event.scope === "read-write" ? false : state.frozen;
      return { ...state, scope: event.scope, refusal, frozen };
    }
    case "access":
      return { ...state, level: event.level, frozen: event.frozen };
    case "log":
      return { ...state, logUp: event.up };
    case "refused":
      return {
        ...state,
        refusal: event.reason,
        frozen: state.frozen || event.reason === "frozen",
      };
    case "stopped":
      return { ...state, link: "stopped", settled: false, refusal: event.reason };
    case "restart":
      return { ...state, link: "connecting", settled: false, refusal: null };
    case "local_copy":
      return { ...state, localCopy: event.state };
  }
}

/** Whoever may write freely is not refused for these. */
const ABOUT_RIGHTS: ReadonlySet<RefusalReason> = new Set(["read_only", "frozen", "not_a_suggestion", "unlikely_time"]);

/** A refusal that was only about rights ends when the right to write returns. */
function withoutRights(reason: RefusalReason | null): RefusalReason | null {
  return reason !== null && ABOUT_RIGHTS.has(reason) ? null : reason;
}

/** Changes that only this computer has. */
export function unsentCount(state: SaveState): number {
  return state.carried + state.made - state.committed;
}

/** Whether typing is allowed: the server's word when it spoke, the page's before it. */
export function mayWrite(state: SaveState): boolean {
  if (state.refusal !== null || state.frozen) return false;
  if (state.scope !== null) return state.scope === "read-write";
  return state.level === "suggest" || state.level === "edit" || state.level === "own";
}

/** A write takes milliseconds; the screen must not flicker with each of them. */
function offline(state: SaveState): SaveStatus {
  const keptHere = state.localCopy !== "absent";
  return { kind: "offline", unsent: unsentCount(state), keptHere };
}

export function statusOf(state: SaveState): SaveStatus {
  const unsent = unsentCount(state);
  if (state.refusal !== null && (unsent > 0 || state.link === "stopped")) {
    return { kind: "refused", reason: state.refusal, unsent };
  }
  if (state.link === "offline") {
    return offline(state);
  }
  if (state.link !== "online" || state.scope === null) {
    if (unsent > 0) return offline(state);
    return { kind: "connecting" };
  }
  // Rights may end between a change and its answer: the server will take it or say no.
  if (!mayWrite(state)) {
    return unsent > 0
      ? { kind: "saving", unsent }
      : { kind: "read_only", frozen: state.frozen };
  }
  if (!state.logUp) return { kind: "log_down", unsent };
  if (unsent === 0 && state.settled) return { kind: "saved" };
  return unsent > 0 ? { kind: "saving", unsent } : { kind: "connecting" };
}

/**
 * Whether leaving the page now would lose work: changes that the server did not
 * acknowledge *and* that the browser's database has not confirmed. A change that waits
 * safely in the database is sent when the draft is opened again, so it deserves no
 * warning; a warning that comes every time is a warning that nobody reads.
 */
export function leavingLosesWork(state: SaveState): boolean {
  return state.made > state.committed && state.localCopy !== "kept";
}
