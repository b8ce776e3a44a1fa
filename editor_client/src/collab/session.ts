/**
 * One open draft: the document, its local copy, its link and what the screen may claim.
 *
 * Why: the editor must not know how text reaches the server, and nothing here may know
 * how it is drawn. It must never say that a change is saved before the server said so,
 * and never drop a change that the server did not take.
 */
import { Awareness } from "y-protocols/awareness";
import { applyUpdate, Doc, encodeStateAsUpdate } from "yjs";
import { Link, type SocketClass } from "./link";
import { LocalCopy, type Opened } from "./local_copy";
import { parseMessage } from "./messages";
import { noticeOf, reasonNamed, reasonOfClose } from "./notices";
import { peopleOf, type States, targetOf } from "./people";
import { cell, sameJson } from "./readable";
import { Rescue } from "./rescue";
import {
  initialSaveState,
  leavingLosesWork,
  mayWrite,
  reduceSave,
  type SaveEvent,
  type SaveState,
  statusOf,
  unsentCount,
} from "./save_state";
import { seedText } from "./seed_text";
import type {
  Boot,
  FollowTarget,
  Level,
  Notice,
  Person,
  RefusalReason,
  SaveStatus,
  Session,
} from "./types";
import { databaseName, noteUnsent } from "./unsent_index";

/** Show the local copy when the server does not answer for this long. */
const LOCAL_FIRST_MS = 2500;
/** A browser database that is not open by then is not waited for. */
const STORAGE_MS = 4000;
const FROM_COPY = Symbol("local copy");

/** What the world gives a session; tests give their own. */
export interface Surroundings {
  readonly WebSocket: SocketClass;
  readonly now: () => Date;
  readonly random: () => number;
  readonly reload: () => void;
  /** Address that a relative collaboration address is resolved against. */
  readonly base: string;
  readonly localFirstMs: number;
  readonly storageMs: number;
}

function surroundings(): Surroundings {
  return {
    WebSocket: globalThis.WebSocket,
    now: () => new Date(),
    random: () => Math.random(),
    reload: () => globalThis.location.reload(),
    base: typeof location === "undefined" ? "http://localhost/" : location.href,
    localFirstMs: LOCAL_FIRST_MS,
    storageMs: STORAGE_MS,
  };
}

/** Opens the draft of this page. `ready` never resolves if there is nothing to show. */
export function openSession(boot: Boot, given: Partial<Surroundings> = {}): Session {
  return new OpenDraft(boot, { ...surroundings(), ...given });
}

class OpenDraft implements Session {
  readonly draftId: string;
  readonly user;
  readonly doc = new Doc();
  readonly body = this.doc.getXmlFragment("body");
  readonly fields = this.doc.getMap("fields");
  readonly awareness = new Awareness(this.doc);
  readonly ready: Promise<void>;
  readonly status = cell<SaveStatus>({ kind: "connecting" }, sameJson);
  readonly canWrite = cell(false);
  readonly connected = cell(false);
  readonly threadsRevision = cell(0);
  readonly level;
  readonly title;
  readonly people = cell<readonly Person[]>([], sameJson);
  readonly notice = cell<Notice | null>(null, sameJson);
  readonly following = cell<string | null>(null);
  readonly followTarget = cell<FollowTarget | null>(null, sameJson);
  readonly recovery;

  private state: SaveState;
  private link: Link | null = null;
  private copy: LocalCopy | null = null;
  private readonly rescue: Rescue;
  private readonly dismissed = new Set<Notice["code"]>();
  private demoted = false;
  private becomeReady: () => void = () => undefined;
  private localTimer: ReturnType<typeof setTimeout> | null = null;
  private destroyed = false;

  constructor(
    private readonly boot: Boot,
    private readonly world: Surroundings,
  ) {
    this.draftId = boot.draftId;
    this.user = boot.user;
    this.level = cell<Level>(boot.level);
    this.title = cell(boot.title);
    this.rescue = new Rescue({
      userId: boot.user.id,
      draftId: boot.draftId,
      epoch: boot.epoch,
      doc: this.doc,
      title: () => this.title.get(),
      now: world.now,
      unsent: async () => (await this.copy?.unsent()) ?? null,
    });
    this.recovery = this.rescue.copy;
    this.state = initialSaveState({
      level: boot.level,
      frozen: boot.archived,
      carried: 0,
      localCopy: "absent",
    });
    this.ready = new Promise((resolve) => (this.becomeReady = resolve));
    this.awareness.setLocalStateField("user", boot.user);
    this.awareness.on("change", () => this.showPeople());
    this.recovery.subscribe(() => this.showNotice());
    this.showPeople();
    if (typeof window !== "undefined") window.addEventListener("beforeunload", this.askBeforeLeaving);
    void this.start();
  }

  follow(personId: string | null): void {
    this.following.set(personId === this.user.id ? null : personId);
    this.showPeople();
  }

  setViewing(viewing: unknown): void {
    this.awareness.setLocalStateField("viewing", viewing);
  }

  downloadRecovery(format: "txt" | "html"): void {
    this.rescue.download(format);
  }

  discardRecovery(): Promise<void> {
    return this.rescue.discard();
  }

  async reloadClean(): Promise<void> {
    this.link?.stop();
    if (unsentCount(this.state) > 0) await this.rescue.keep(this.state.refusal ?? "read_only");
    await this.copy?.clear();
    this.world.reload();
  }

  dismissNotice(): void {
    const shown = this.notice.get();
    if (shown !== null) this.dismissed.add(shown.code);
    this.showNotice();
  }

  reconnect(): void {
    if (this.state.link === "stopped") this.dispatch({ type: "restart" });
    this.link?.connect();
  }

  async destroy(): Promise<void> {
    if (this.destroyed) return;
    this.destroyed = true;
    if (this.localTimer !== null) clearTimeout(this.localTimer);
    if (typeof window !== "undefined") {
      window.removeEventListener("beforeunload", this.askBeforeLeaving);
    }
    this.link?.destroy();
    await this.copy?.close();
    this.doc.destroy();
  }

  private async start(): Promise<void> {
    const found = await this.openCopy();
    if (this.destroyed) return;
    this.doc.on("update", this.onUpdate);
    seedText(this.doc);
    this.link = new Link(
      {
        url: this.address(),
        name: this.draftId,
        doc: this.doc,
        awareness: this.awareness,
        WebSocket: this.world.WebSocket,
        random: this.world.random,
      },
      {
        localChanges: () => this.state.made,
        onOpen: () => {
          this.connected.set(true);
          this.dispatch({ type: "opened" });
        },
        onClose: (code, reason) => this.onClose(code, reason),
        onScope: (scope) => this.onScope(scope),
        onDenied: (reason) => {
          const named = reasonNamed(reason);
          if (named !== null) this.stop(named);
        },
        onSynced: () => this.becomeReady(),
        onAcknowledged: (upTo) => this.onAcknowledged(upTo),
        onDeclined: () => this.refuse(this.state.frozen ? "frozen" : "read_only"),
        onStateless: (payload) => this.onStateless(payload),
      },
    );
    this.dispatch({ type: "restart" });
    this.link.connect();
    if (found) {
      this.localTimer = setTimeout(() => this.becomeReady(), this.world.localFirstMs);
    }
    await this.rescue.findLeftovers();
  }

  /** Returns whether the local copy holds anything to show. */
  private async openCopy(): Promise<boolean> {
    const name = databaseName(this.user.id, this.draftId, this.boot.epoch);
    const opening = LocalCopy.open(name, {
      onKept: (kept) => {
        this.dispatch({ type: "local_copy", state: kept ? "kept" : "writing" });
      },
      onFailed: () => this.dispatch({ type: "local_copy", state: "absent" }),
      onUnsent: (count) => this.noteUnsent(count),
    });
    try {
      this.adopt(await withDeadline(opening, this.world.storageMs));
      return this.state.carried > 0 || this.doc.store.clients.size > 0;
    } catch {
      // A private window, a full disk, a damaged profile: work goes on without a copy.
      // A slow disk is given all the time it needs.
      opening.then((late) => this.adopt(late)).catch(() => undefined);
      return false;
    }
  }

  /** Begin to use the local copy, with what it holds and what was typed before. */
  private adopt({ copy, opened }: { copy: LocalCopy; opened: Opened }): void {
    if (this.destroyed) {
      void copy.close();
      return;
    }
    this.copy = copy;
    this.dispatch({ type: "local_copy", state: "kept" });
    this.dispatch({ type: "found", unsent: opened.unsent.length });
    this.doc.transact(() => {
      for (const update of opened.updates) applyUpdate(this.doc, update, FROM_COPY);
    }, FROM_COPY);
    if (this.link === null) return;
    const typed = this.state.made > this.state.committed ? this.state.made : null;
    copy.write(encodeStateAsUpdate(this.doc), typed);
  }

  private readonly onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin === FROM_COPY) return;
    if (this.link?.isOrigin(origin) === true) {
      this.copy?.write(update, null);
      return;
    }
    const before = this.state.made;
    this.dispatch({ type: "local_change" });
    if (this.state.made > before) this.copy?.write(update, this.state.made);
  };

  private onAcknowledged(upTo: number): void {
    this.dispatch({ type: "acknowledged", upTo });
    void this.copy?.acknowledge(upTo);
    // Rights came back and the server took everything after all: no copy is needed.
    if (unsentCount(this.state) === 0) void this.rescue.settled();
  }

  private onClose(code: number, reason: string): void {
    this.connected.set(false);
    this.dispatch({ type: "closed" });
    const stopped = reasonOfClose(code) ?? reasonNamed(reason);
    if (stopped === null) return;
    this.stop(stopped);
    // The draft was frozen while an edit travelled: what is shown here may hold words
    // that were never stored, even somebody else's, so this copy must not be kept.
    if (stopped === "frozen" && unsentCount(this.state) === 0) void this.reloadClean();
  }

  private onScope(scope: "read-write" | "readonly"): void {
    const could = mayWrite(this.state);
    const refused = this.state.refusal !== null;
    const first = this.state.scope === null;
    this.demoted = !first && could && scope === "readonly" ? true : this.demoted && scope === "readonly";
    this.dispatch({ type: "authenticated", scope });
    // What was refused for want of rights can be sent now that they are back.
    if (refused && this.state.refusal === null) this.link?.restart();
  }

  private onStateless(payload: string): void {
    const message = parseMessage(payload);
    if (message === null) return;
    if (message.type === "renamed") this.title.set(message.title);
    else if (message.type === "threads") this.threadsRevision.set(message.revision);
    else if (message.type === "refused") this.refuse(message.reason);
    else {
      if (message.type === "access") this.level.set(message.level);
      this.dispatch(message);
    }
  }

  private stop(reason: RefusalReason): void {
    this.link?.stop();
    this.dispatch({ type: "stopped", reason });
    this.keepUnsent(reason);
  }

  private refuse(reason: RefusalReason): void {
    this.dispatch({ type: "refused", reason });
    this.keepUnsent(reason);
  }

  private keepUnsent(reason: RefusalReason): void {
    if (unsentCount(this.state) > 0) void this.rescue.keep(reason);
  }

  private dispatch(event: SaveEvent): void {
    this.state = reduceSave(this.state, event);
    this.status.set(statusOf(this.state));
    this.canWrite.set(mayWrite(this.state));
    this.showNotice();
  }

  private noteUnsent(count: number): void {
    noteUnsent(this.user.id, {
      draftId: this.draftId,
      epoch: this.boot.epoch,
      title: this.title.get(),
      unsent: count,
      changedAt: this.world.now().toISOString(),
    });
  }

  private showNotice(): void {
    const { refusal, link, logUp, localCopy } = this.state;
    const codes: (Notice["code"] | null)[] = [
      refusal !== null && (link === "stopped" || unsentCount(this.state) > 0) ? refusal : null,
      link === "online" && !logUp ? "log_down" : null,
      this.rescue.isOld ? "recovered" : null,
      this.demoted ? "level_changed" : null,
      localCopy === "absent" && mayWrite(this.state) && this.link !== null
        ? "storage_missing"
        : null,
    ];
    const code = codes.find((each) => each !== null && !this.dismissed.has(each)) ?? null;
    const hasRecovery = this.recovery.get() !== null;
    this.notice.set(
      code === null ? null : noticeOf(code, this.boot.language, { hasRecovery }),
    );
  }

  private showPeople(): void {
    const states = this.awareness.getStates() as States;
    const seen = (id: number) => this.awareness.meta.get(id)?.lastUpdated ?? 0;
    const people = peopleOf(states, this.user, seen);
    this.people.set(people);
    const followed = people.find(({ id }) => id === this.following.get());
    const target = targetOf(followed, states, this.doc.clientID);
    if (target === null && this.connected.get()) this.following.set(null);
    this.followTarget.set(target);
  }

  private readonly askBeforeLeaving = (event: BeforeUnloadEvent): void => {
    if (leavingLosesWork(this.state)) event.preventDefault();
  };

  private address(): string {
    const url = new URL(this.boot.urls.collab, this.world.base);
    url.protocol = url.protocol.replace("http", "ws");
    url.searchParams.set("schema", String(this.boot.schema));
    url.searchParams.set("epoch", String(this.boot.epoch));
    return url.toString();
  }
}

function withDeadline<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("took too long")), milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
