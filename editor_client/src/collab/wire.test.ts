import { describe, expect, it } from "vitest";
import { AckLedger, frameKind } from "./wire";

/** A frame: the length of the name, the name, then the given bytes. */
function frame(...rest: number[]): Uint8Array {
  const name = new TextEncoder().encode("dự-thảo");
  return new Uint8Array([name.length, ...name, ...rest]);
}

describe("the kind of a frame", () => {
  it("is read behind the name of the document", () => {
    expect(frameKind(frame(0, 1, 2, 0, 0))).toBe("step_two");
    expect(frameKind(frame(0, 2, 1, 9))).toBe("update");
    expect(frameKind(frame(8, 1))).toBe("accepted");
    expect(frameKind(frame(8, 0))).toBe("declined");
    expect(frameKind(frame(0, 0, 1, 0))).toBe("other");
    expect(frameKind(frame(1, 5))).toBe("awareness");
  });

  it("of a bare ping, or of bytes that end too early, is nothing special", () => {
    expect(frameKind(new Uint8Array([9]))).toBe("other");
    expect(frameKind(new Uint8Array([200]))).toBe("other");
    expect(frameKind(new Uint8Array([]))).toBe("other");
  });
});

describe("the ledger of a connection", () => {
  it("acknowledges nothing before the handshake carried what was typed offline", () => {
    const ledger = new AckLedger();
    ledger.noteSent("update", 3); // a message queued while connecting
    ledger.noteReceived("accepted");
    expect(ledger.acknowledged()).toBeNull();
    ledger.noteSent("step_two", 3);
    expect(ledger.acknowledged()).toBeNull();
    ledger.noteReceived("accepted");
    expect(ledger.acknowledged()).toBe(3);
  });

  it("acknowledges a change only when every message before it was answered", () => {
    const ledger = new AckLedger();
    ledger.noteSent("step_two", 0);
    ledger.noteReceived("accepted");
    ledger.noteSent("update", 1);
    ledger.noteSent("update", 2);
    ledger.noteReceived("accepted");
    expect(ledger.acknowledged()).toBeNull();
    ledger.noteReceived("accepted");
    expect(ledger.acknowledged()).toBe(2);
  });

  it("acknowledges nothing any more once something was declined", () => {
    const ledger = new AckLedger();
    ledger.noteSent("step_two", 1);
    expect(ledger.noteReceived("declined")).toBe(true);
    ledger.noteReceived("accepted");
    expect(ledger.acknowledged()).toBeNull();
  });
});
