/**
 * Accepts, rejects and takes back suggestions for fields.
 *
 * Accepting is an ordinary edit of the shared text, one step that can be undone; that it
 * was accepted is told to the server only when the edit is saved there. Must never write
 * into a field that says something else than was looked at without it being seen.
 */
import type { UndoManager } from "yjs";
import { Text as YText } from "yjs";
import { rewrite } from "../check/field";
import type { Readable, Session } from "../collab/types";
import { FIELD_ORIGIN } from "../extensions/undo";
import { diff } from "../fields/textDiff";
import type { Translate } from "../i18n";
import type { Toast } from "../ui/toast";
import type { ThreadsApi } from "./api";
import { ThreadError } from "./api";
import type { Decision, Said, Thread } from "./types";
import { inOrder, standingOf, waitingOf } from "./wording";

const SAVED_WITHIN_MS = 15_000;

export interface Deciding {
  /** Whether it was carried out; why not was said. */
  decide(thread: Thread, act: Decision, said?: Said | null): Promise<boolean>;
  /** All that wait, or those of one person. Accepting leaves out what must be looked at. */
  decideAll(isAccepted: boolean, author?: string): Promise<void>;
  /** The same of these. */
  decideThese(threads: readonly Thread[], isAccepted: boolean): Promise<void>;
  /** What the field of a thread says now. */
  now(part: string): string;
}

export interface DecidingParts {
  readonly session: Session;
  readonly undoManager: UndoManager;
  readonly api: ThreadsApi;
  readonly threads: Readable<ReadonlyMap<string, Thread>>;
  readonly take: (thread: Thread) => void;
  readonly toast: Toast;
  readonly t: Translate;
}

export function createDeciding(parts: DecidingParts): Deciding {
  const { session, undoManager, api, toast, t } = parts;
  const fieldOf = (part: string) => {
    const shared = session.fields.get(part);
    return shared instanceof YText ? shared : null;
  };
  const now = (part: string) => fieldOf(part)?.toString() ?? "";

  /** Null when it can be written; else why not. */
  const hindrance = (part: string): string | null => {
    if (!session.canWrite.get() || !fieldOf(part)) return t("fsReadOnly");
    return session.connected.get() ? null : t("fsOffline");
  };
  const write = (part: string, text: string) => {
    const shared = fieldOf(part);
    if (!shared || shared.toString() === text) return;
    undoManager.stopCapturing();
    session.doc.transact(() => rewrite(shared, text), FIELD_ORIGIN);
    undoManager.stopCapturing();
  };
  const accept = async (thread: Thread): Promise<boolean> => {
    const suggested = waitingOf(thread);
    const why = hindrance(thread.anchor.part);
    if (!suggested || why) {
      if (why) toast.show(why, "danger");
      return false;
    }
    const { part } = thread.anchor;
    const before = now(part);
    write(part, suggested.new);
    let isThere = await isSaved(session);
    if (isThere && now(part) === twice(before, suggested.new)) {
      // Somebody else accepted it at the same moment. Both take away the same letters.
      write(part, suggested.new);
      isThere = await isSaved(session);
    }
    if (!isThere) {
      toast.show(t("fsUnsaved"), "danger");
      return false;
    }
    try {
      parts.take(await api.decide(thread.id, "accept"));
    } catch (error) {
      // It was rejected or taken back meanwhile: then its words do not stay either.
      const isDecided = error instanceof ThreadError && error.code === "suggestion_decided";
      if (isDecided && now(part) === suggested.new) write(part, before);
      throw error;
    }
    return true;
  };
  const carryOut = async (thread: Thread, act: Decision, said: Said | null): Promise<boolean> => {
    try {
      if (act === "accept") return await accept(thread);
      parts.take(await api.decide(thread.id, act, said));
      return true;
    } catch (error) {
      toast.show(error instanceof ThreadError && error.message ? error.message : t("threadDone"), "danger");
      return false;
    }
  };
  const decideThese = async (threads: readonly Thread[], isAccepted: boolean) => {
    let skipped = 0;
    for (const thread of inOrder(threads).filter(({ may }) => may.includes("decide"))) {
      const suggested = waitingOf(thread);
      // Of two for one field the second finds another text than it was made for.
      if (isAccepted && suggested && standingOf(suggested, thread.anchor.part, now(thread.anchor.part)) === "changed") skipped += 1;
      else if (!(await carryOut(thread, isAccepted ? "accept" : "reject", null))) return;
    }
    if (skipped) toast.show(t("fsSkipped", { n: skipped }));
  };

  return {
    now,
    async decide(thread, act, said = null) {
      const isDone = await carryOut(thread, act, said);
      if (isDone && act === "accept") toast.show(t("fsDone"), "success");
      if (isDone && act === "reject") toast.show(t("fsRejectedOne"), "success");
      return isDone;
    },
    decideAll(isAccepted, author) {
      const all = [...parts.threads.get().values()];
      return decideThese(author === undefined ? all : all.filter((each) => each.author.id === author), isAccepted);
    },
    decideThese,
  };
}

/** What a text says after two people have rewritten it in the same way; null when nothing
 * would stand there twice. */
function twice(before: string, after: string): string | null {
  const edit = diff(before, after, after.length);
  if (!edit?.insert) return null;
  const { index, remove, insert } = edit;
  return before.slice(0, index) + insert + insert + before.slice(index + remove);
}

/** Whether everything of this browser is committed on the server, in a while. */
function isSaved(session: Session): Promise<boolean> {
  return new Promise((done) => {
    let stop: () => void = () => undefined;
    let isOver = false;
    const end = (value: boolean) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      queueMicrotask(() => stop());
      done(value);
    };
    const timer = setTimeout(() => end(false), SAVED_WITHIN_MS);
    stop = session.status.subscribe(({ kind }) => {
      if (kind === "saved") end(true);
      else if (kind === "refused" || kind === "read_only") end(false);
    });
  });
}
