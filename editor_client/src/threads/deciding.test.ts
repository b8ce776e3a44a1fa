/** Accepting new words for a field while others decide about the same ones. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Doc, Text as YText, UndoManager, applyUpdate, encodeStateAsUpdate } from "yjs";
import { cell } from "../collab/readable";
import type { SaveStatus, Session } from "../collab/types";
import { FIELD_ORIGIN } from "../extensions/undo";
import type { Translate } from "../i18n";
import type { ThreadsApi } from "./api";
import { ThreadError } from "./api";
import type { Deciding } from "./deciding";
import { createDeciding } from "./deciding";
import type { Thread } from "./types";

const OLD = "Về việc kiểm tra công tác văn thư";
const NEW = "Về việc thanh tra, kiểm tra công tác lưu trữ";

const thread = {
  id: "t1",
  state: "open",
  anchor: { part: "subject" },
  author: { id: "an" },
  may: ["decide"],
  suggestion: { state: "open", old: OLD, new: NEW },
} as unknown as Thread;

interface Desk {
  readonly doc: Doc;
  readonly deciding: Deciding;
  readonly decide: ReturnType<typeof vi.fn>;
  readonly said: () => string;
  /** The server has everything of this browser. */
  readonly save: () => void;
}

function desk(state?: Uint8Array): Desk {
  const doc = new Doc();
  const fields = doc.getMap("fields");
  if (state) applyUpdate(doc, state);
  else fields.set("subject", new YText(OLD));
  const status = cell<SaveStatus>({ kind: "saved" } as SaveStatus);
  doc.on("update", (_update, origin) => {
    if (origin === FIELD_ORIGIN) status.set({ kind: "saving" } as unknown as SaveStatus);
  });
  const session = { doc, fields, status, canWrite: cell(true), connected: cell(true) } as unknown as Session;
  const decide = vi.fn(() => Promise.resolve(thread));
  const deciding = createDeciding({
    session,
    undoManager: new UndoManager(fields, { trackedOrigins: new Set([FIELD_ORIGIN]) }),
    api: { decide } as unknown as ThreadsApi,
    threads: cell(new Map()),
    take: () => undefined,
    toast: { show: () => undefined } as never,
    t: ((word: string) => word) as Translate,
  });
  return { doc, deciding, decide, said: () => deciding.now("subject"), save: () => status.set({ kind: "saved" } as SaveStatus) };
}

let one: Desk;
let other: Desk;
const swap = () => {
  const [left, right] = [encodeStateAsUpdate(one.doc), encodeStateAsUpdate(other.doc)];
  applyUpdate(one.doc, right);
  applyUpdate(other.doc, left);
};
const turns = async () => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

beforeEach(() => {
  one = desk();
  other = desk(encodeStateAsUpdate(one.doc));
});

describe("new words for a field", () => {
  it("stand once when two people accept them at the same moment", async () => {
    const done = [one, other].map((each) => each.deciding.decide(thread, "accept"));
    swap();
    expect(one.said()).not.toBe(NEW);
    for (const each of [one, other]) each.save();
    await turns();
    swap();
    for (const each of [one, other]) each.save();
    expect(await Promise.all(done)).toEqual([true, true]);
    expect([one.said(), other.said()]).toEqual([NEW, NEW]);
  });

  it("do not stay when somebody rejected them meanwhile", async () => {
    one.decide.mockRejectedValue(new ThreadError(409, "suggestion_decided", "Đã xem xét."));
    const done = one.deciding.decide(thread, "accept");
    expect(one.said()).toBe(NEW);
    one.save();
    expect(await done).toBe(false);
    expect(one.said()).toBe(OLD);
  });

  it("stay when the answer is lost, or somebody has gone on from them", async () => {
    one.decide.mockRejectedValue(new ThreadError(0, "unreachable", ""));
    let done = one.deciding.decide(thread, "accept");
    one.save();
    await done;
    expect(one.said()).toBe(NEW);
    other.decide.mockRejectedValue(new ThreadError(409, "suggestion_decided", "Đã xem xét."));
    done = other.deciding.decide(thread, "accept");
    (other.doc.getMap("fields").get("subject") as YText).insert(0, "1. ");
    other.save();
    await done;
    expect(other.said()).toBe(`1. ${NEW}`);
  });
});
