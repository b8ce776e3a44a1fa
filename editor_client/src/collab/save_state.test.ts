import { describe, expect, it } from "vitest";
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

const fresh = initialSaveState({
  level: "edit",
  frozen: false,
  carried: 0,
  localCopy: "kept",
});

function after(state: SaveState, ...events: SaveEvent[]): SaveState {
  return events.reduce(reduceSave, state);
}

const OPEN: SaveEvent[] = [
  { type: "opened" },
  { type: "authenticated", scope: "read-write" },
];
const change: SaveEvent = { type: "local_change" };
const acked = (upTo: number): SaveEvent => ({ type: "acknowledged", upTo });
const online = after(fresh, ...OPEN, acked(0));

describe("the save indicator", () => {
  it("claims nothing before the server has answered the handshake", () => {
    expect(statusOf(fresh).kind).toBe("connecting");
    expect(statusOf(after(fresh, ...OPEN)).kind).toBe("connecting");
    expect(statusOf(online).kind).toBe("saved");
  });

  it("counts changes until the server has committed the last of them", () => {
    const typed = after(online, change, change);
    expect(statusOf(typed)).toEqual({ kind: "saving", unsent: 2 });
    const half = after(typed, acked(1));
    expect(statusOf(half)).toEqual({ kind: "saving", unsent: 1 });
    expect(statusOf(after(half, acked(2)))).toEqual({ kind: "saved" });
  });

  it("is not fooled by an answer to a change that was not made", () => {
    const typed = after(online, acked(5), change);
    expect(statusOf(typed)).toEqual({ kind: "saving", unsent: 1 });
  });

  it("keeps counting while the line is down, and is not saved on return", () => {
    const lost = after(online, change, { type: "closed" }, change);
    expect(statusOf(lost)).toEqual({ kind: "offline", unsent: 2, keptHere: true });
    const back = after(lost, ...OPEN);
    expect(statusOf(back)).toEqual({ kind: "saving", unsent: 2 });
    expect(statusOf(after(back, acked(2)))).toEqual({ kind: "saved" });
  });

  it("counts what an earlier visit left unsent", () => {
    const reopened = initialSaveState({
      level: "edit",
      frozen: false,
      carried: 3,
      localCopy: "kept",
    });
    expect(statusOf(reopened)).toEqual({ kind: "offline", unsent: 3, keptHere: true });
    expect(unsentCount(after(reopened, ...OPEN, acked(0)))).toBe(0);
  });

  it("says that the server cannot store, and forgets it with a new connection", () => {
    const down = after(online, { type: "log", up: false }, change);
    expect(statusOf(down)).toEqual({ kind: "log_down", unsent: 1 });
    const up = after(down, { type: "log", up: true }, acked(1));
    expect(statusOf(up)).toEqual({ kind: "saved" });
  });
});

describe("the right to write", () => {
  it("comes from the page before the server speaks, then from the server", () => {
    expect(mayWrite(fresh)).toBe(true);
    expect(mayWrite(after(fresh, { type: "authenticated", scope: "readonly" }))).toBe(false);
    const reader = initialSaveState({ ...fresh, level: "comment" });
    expect(mayWrite(reader)).toBe(false);
    expect(mayWrite(after(reader, { type: "authenticated", scope: "read-write" }))).toBe(true);
  });

  it("does not count what the editor tidies for a reader", () => {
    const reader = after(online, { type: "authenticated", scope: "readonly" }, change);
    expect(statusOf(reader)).toEqual({ kind: "read_only", frozen: false });
  });

  it("waits for the answer to what was typed before it ended", () => {
    const demoted = after(online, change, { type: "authenticated", scope: "readonly" });
    expect(statusOf(demoted)).toEqual({ kind: "saving", unsent: 1 });
    const refused = after(demoted, { type: "refused", reason: "read_only" });
    expect(statusOf(refused)).toEqual({ kind: "refused", reason: "read_only", unsent: 1 });
    expect(statusOf(after(demoted, acked(1)))).toEqual({ kind: "read_only", frozen: false });
  });

  it("returns with the scope, but not after an update that was too large", () => {
    const back: SaveEvent = { type: "authenticated", scope: "read-write" };
    const frozen = after(online, change, { type: "refused", reason: "frozen" });
    expect(mayWrite(frozen)).toBe(false);
    expect(mayWrite(after(frozen, back))).toBe(true);
    const large = after(online, change, { type: "refused", reason: "too_large" });
    expect(mayWrite(after(large, back))).toBe(false);
  });

  it("stays ended after the server sent the page away, whatever arrives later", () => {
    const gone = after(online, { type: "stopped", reason: "rights_ended" }, { type: "closed" });
    expect(statusOf(gone)).toEqual({ kind: "refused", reason: "rights_ended", unsent: 0 });
    expect(statusOf(after(gone, { type: "restart" })).kind).toBe("connecting");
  });
});

describe("the warning before leaving", () => {
  it("comes only for a change that neither the server nor the database holds", () => {
    const writing = after(online, change, { type: "local_copy", state: "writing" });
    expect(leavingLosesWork(writing)).toBe(true);
    expect(leavingLosesWork(after(writing, { type: "local_copy", state: "kept" }))).toBe(false);
    expect(leavingLosesWork(after(writing, acked(1)))).toBe(false);
    const absent = after(online, { type: "local_copy", state: "absent" });
    expect(leavingLosesWork(absent)).toBe(false);
    expect(leavingLosesWork(after(absent, change))).toBe(true);
  });
});
