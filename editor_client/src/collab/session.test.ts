// @vitest-environment node
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket as NodeWebSocket } from "ws";
import { Awareness, encodeAwarenessUpdate } from "y-protocols/awareness";
import { Doc } from "yjs";
import { FakeServer } from "./fake_server";
import type { SocketClass } from "./link";
import { LocalCopy } from "./local_copy";
import { noticeOf } from "./notices";
import { openSession, type Surroundings } from "./session";
import type { Boot, Readable, SaveStatus, Session } from "./types";

const user = { id: "7", name: "Trần Thị Ánh Tuyết", unit: "HCTC", colour: "#0054a6" };
const HEAD = { right: [], mark: "rule", number: ["", ""], subject: "", addressees: "", recipients: "" } as const;
let draftNumber = 0;
let server: FakeServer;
let open: Session[];
let reloads: number;

beforeEach(async () => {
  server = new FakeServer();
  open = [];
  reloads = 0;
  draftNumber += 1;
  await server.start();
});

afterEach(async () => {
  vi.useRealTimers();
  for (const session of open) await session.destroy();
  await server.stop();
});

function boot(change: Partial<Boot> = {}): Boot {
  return {
    draftId: `draft-${draftNumber}`,
    title: "Công văn",
    level: "edit",
    epoch: 1,
    schema: 1,
    now: "2026-11-22T09:00:00Z",
    language: "vi",
    user,
    forms: {},
    types: { state: [], party: [] },
    zeros: { state: [{ from: "2020-03-05", day: 10, month: 3 }], party: [] },
    heads: { state: HEAD, party: HEAD },
    urls: {
      authors: "/api/v1/drafts/1/authors",
      formatCheck: "",
      threads: "",
      asked: "",
      signatureBlock: "",
      collab: "/collab/",
      images: "",
      docx: "",
      reviewDocx: "",
    reviewedDocx: "",
      pdf: "",
      list: "/drafts/",
      share: "",
      rename: "",
      activity: "",
      versions: "",
      seen: "",
      process: "",
    },
    csrf: "",
    archived: false,
    readsThreads: true,
    ...change,
  };
}

function start(change: Partial<Boot> = {}, world: Partial<Surroundings> = {}): Session {
  const session = openSession(boot(change), {
    WebSocket: NodeWebSocket as unknown as SocketClass,
    base: server.url,
    random: () => 0,
    reload: () => (reloads += 1),
    localFirstMs: 50,
    ...world,
  });
  open.push(session);
  return session;
}

/** Resolves when the value satisfies the claim; fails after five seconds. */
function until<T>(value: Readable<T>, claim: (value: T) => boolean): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`still ${JSON.stringify(value.get())}`)),
      5000,
    );
    const stop = value.subscribe((now) => {
      if (!claim(now)) return;
      clearTimeout(timer);
      resolve(now);
      queueMicrotask(() => stop());
    });
  });
}

const is = (kind: SaveStatus["kind"]) => (status: SaveStatus) => status.kind === kind;
const type = (session: Session, text: string) => {
  const content = session.doc.getText("content");
  content.insert(content.length, text);
};
const stored = () => server.doc.getText("content").toJSON();

describe("an open draft", () => {
  it("asks for its document with the schema and the epoch it knows", async () => {
    const session = start({ epoch: 3 });
    await session.ready;
    expect(server.addresses[0]).toBe("/collab/?schema=1&epoch=3");
    expect(session.connected.get()).toBe(true);
  });

  it("is saved only when the server has acknowledged the last change", async () => {
    const session = start();
    await until(session.status, is("saved"));
    server.acknowledging = false;
    type(session, "ab");
    type(session, "c");
    await vi.waitFor(() => expect(stored()).toBe("abc"));
    expect(session.status.get()).toEqual({ kind: "saving", unsent: 2 });
    server.acknowledgeAll();
    await until(session.status, is("saved"));
  });

  it("goes on offline, and sends everything when the server is back", async () => {
    const session = start();
    await until(session.status, is("saved"));
    await server.stop();
    await until(session.status, is("offline"));
    type(session, "khi mất mạng");
    await until(session.status, (s) => s.kind === "offline" && s.unsent === 1 && s.keptHere);
    expect(session.canWrite.get()).toBe(true);
    await server.start();
    await until(session.status, is("saved"));
    expect(stored()).toBe("khi mất mạng");
  });

  it("sends after reopening what was typed before the tab was closed offline", async () => {
    const first = start();
    await until(first.status, is("saved"));
    await server.stop();
    await until(first.status, is("offline"));
    type(first, "chưa gửi");
    first.doc.getText("content").delete(0, 5);
    await first.destroy();
    const second = start();
    await second.ready;
    expect(second.doc.getText("content").toJSON()).toBe("gửi");
    expect(second.status.get()).toEqual({ kind: "offline", unsent: 2, keptHere: true });
    await server.start();
    second.reconnect();
    await until(second.status, is("saved"));
    expect(stored()).toBe("gửi");
    await second.destroy();
    const third = start();
    await until(third.status, (s) => s.kind === "saved" || s.kind === "offline");
    expect(third.status.get().kind).toBe("saved");
  });

  it("uses a local copy that opens late, with what was typed before", async () => {
    const first = start();
    await until(first.status, is("saved"));
    await server.stop();
    await until(first.status, is("offline"));
    type(first, "cũ ");
    await first.destroy();
    await server.start();
    let open = (): void => undefined;
    const slow = vi.spyOn(LocalCopy, "open");
    slow.mockImplementationOnce(async (...given) => {
      await new Promise<void>((resolve) => (open = resolve));
      slow.mockRestore();
      return LocalCopy.open(...given);
    });
    const second = start({}, { storageMs: 1 });
    await until(second.status, is("saved"));
    expect(second.notice.get()?.code).toBe("storage_missing");
    server.acknowledging = false;
    type(second, "mới ");
    open();
    await until(second.status, (s) => s.kind === "saving" && s.unsent === 2);
    server.acknowledging = true;
    server.acknowledgeAll();
    await until(second.status, is("saved"));
    expect(second.notice.get()).toBeNull();
    expect(stored().split(" ").sort()).toEqual(["", "cũ", "mới"]);
  });

  it("says so when the server cannot store", async () => {
    const session = start();
    await until(session.status, is("saved"));
    server.say({ type: "log", up: false });
    await until(session.status, is("log_down"));
    expect(session.notice.get()?.code).toBe("log_down");
    expect(session.canWrite.get()).toBe(true);
    server.say({ type: "log", up: true });
    await until(session.status, is("saved"));
    expect(session.notice.get()).toBeNull();
  });

  it("follows a new title", async () => {
    const session = start();
    await session.ready;
    server.say({ type: "renamed", title: "Tờ trình" });
    expect(await until(session.title, (title) => title !== "Công văn")).toBe("Tờ trình");
  });
});

describe("a person whose rights change", () => {
  it("may not write as soon as the server says readonly, and may again later", async () => {
    const session = start();
    await until(session.status, is("saved"));
    server.setScope("readonly");
    await until(session.canWrite, (may) => !may);
    expect(session.status.get()).toEqual({ kind: "read_only", frozen: false });
    expect(session.notice.get()?.code).toBe("level_changed");
    server.setScope("read-write");
    await until(session.canWrite, (may) => may);
    expect(session.notice.get()).toBeNull();
  });

  it("keeps a copy of what was refused, and can go on with the server's text", async () => {
    const session = start();
    await until(session.status, is("saved"));
    type(session, "đã lưu");
    await until(session.status, is("saved"));
    server.scope = "readonly"; // the update below crosses the news on its way
    type(session, " mà không được nhận");
    await until(session.status, is("refused"));
    expect(stored()).toBe("đã lưu");
    expect(session.notice.get()?.code).toBe("read_only");
    const body = session.recovery.get();
    expect(body?.reason).toBe("read_only");
    server.setScope("readonly");
    await session.reloadClean();
    expect(reloads).toBe(1);
    await session.destroy();
    const clean = start({ level: "view" });
    await until(clean.status, is("read_only"));
    expect(clean.doc.getText("content").toJSON()).toBe("đã lưu");
    await until(clean.notice, (notice) => notice?.code === "recovered");
    await clean.discardRecovery();
    expect(clean.notice.get()).toBeNull();
  });

  it("has the refused text sent when the right to write comes back", async () => {
    const session = start();
    await until(session.status, is("saved"));
    server.scope = "readonly";
    type(session, "gửi lại");
    await until(session.status, is("refused"));
    server.setScope("read-write");
    await until(session.status, is("saved"));
    expect(stored()).toBe("gửi lại");
    await until(session.recovery, (kept) => kept === null);
  });
});

describe("a server that sends the page away", () => {
  it.each([
    [4401, "not_authenticated"],
    [4404, "not_available"],
    [4409, "wrong_epoch"],
    [4410, "outdated_schema"],
    [4450, "rights_ended"],
  ])("with %i is not asked again", async (code, reason) => {
    let attempts = 0;
    class Counted extends NodeWebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        attempts += 1;
      }
    }
    const session = start({}, { WebSocket: Counted as unknown as SocketClass });
    await until(session.status, is("saved"));
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    server.closeAll(code, reason);
    const status = await until(session.status, is("refused"));
    expect(status).toEqual({ kind: "refused", reason, unsent: 0 });
    expect(session.canWrite.get()).toBe(false);
    expect(session.notice.get()?.code).toBe(reason);
    expect(session.notice.get()?.actions).not.toContain("download_recovery");
    await vi.advanceTimersByTimeAsync(120_000);
    expect(attempts).toBe(1);
  });

  it("is asked again when the person wishes", async () => {
    const session = start();
    await until(session.status, is("saved"));
    server.closeAll(4401, "not_authenticated");
    await until(session.status, is("refused"));
    session.reconnect();
    await until(session.status, is("saved"));
    expect(session.notice.get()).toBeNull();
  });

  it("because of a freeze makes the page begin again from the server's text", async () => {
    const session = start();
    await until(session.status, is("saved"));
    server.closeAll(4453, "frozen");
    await vi.waitFor(() => expect(reloads).toBe(1));
    expect(session.recovery.get()).toBeNull();
  });

  it("because of a freeze first lets a writer keep what was not stored", async () => {
    const session = start();
    await until(session.status, is("saved"));
    server.acknowledging = false;
    type(session, "đang trên đường");
    server.closeAll(4453, "frozen");
    const status = await until(session.status, is("refused"));
    expect(status).toEqual({ kind: "refused", reason: "frozen", unsent: 1 });
    expect(session.notice.get()?.actions).toEqual(["download_recovery", "reload_clean"]);
    expect(reloads).toBe(0);
  });

  it("of a suggestion says that somebody else was in the same place, and what to do next", async () => {
    const session = start();
    await until(session.status, is("saved"));
    server.acknowledging = false;
    type(session, "gạch cùng một chỗ");
    server.closeAll(4455, "not_a_suggestion");
    const status = await until(session.status, is("refused"));
    expect(status).toEqual({ kind: "refused", reason: "not_a_suggestion", unsent: 1 });
    expect(session.notice.get()?.actions).toEqual(["download_recovery", "reload_clean"]);
    for (const [language, cause, next] of [
      ["vi", "cùng lúc đó có người khác", "rồi đề xuất lại"],
      ["en", "somebody else", "then suggest it again"],
    ] as const) {
      const { title, body } = noticeOf("not_a_suggestion", language, { hasRecovery: true });
      expect(body).toContain(cause);
      expect(body).toContain(next);
      expect(title + body).not.toMatch(/không phải là đề xuất|no suggestion/);
    }
  });

  it("for a restart is asked again by itself", async () => {
    const session = start();
    await until(session.status, is("saved"));
    server.closeAll(4451, "server_restarting");
    await until(session.connected, (connected) => !connected);
    await until(session.status, is("saved"));
  });

  it("at the first word shows nothing of the draft", async () => {
    server.closeWith = { code: 4404, reason: "not_available" };
    const session = start();
    await until(session.status, is("refused"));
    expect(session.notice.get()?.actions).toEqual(["go_to_list"]);
  });
});

describe("the people in the draft", () => {
  it("appear, can be followed, and stop being followed when they leave", async () => {
    const session = start();
    await until(session.status, is("saved"));
    const other = new Awareness(new Doc());
    const id = other.doc.clientID;
    const phi = { id: "8", name: "Nguyễn Văn Phi", unit: "HCTC", colour: "#ae3ec9" };
    const place = { item: { client: 1, clock: 0 } };
    const cursor = { anchor: place, head: place };
    other.setLocalState({ user: phi, cursor });
    server.sendAwareness(encodeAwarenessUpdate(other, [id]));
    await until(session.people, (people) => people.length === 2);
    session.follow("8");
    expect(session.followTarget.get()).toMatchObject({ clientId: id, cursor });
    other.setLocalState(null);
    server.sendAwareness(encodeAwarenessUpdate(other, [id]));
    await until(session.following, (followed) => followed === null);
    expect(session.people.get().map(({ self }) => self)).toEqual([true]);
    other.destroy();
  });
});
