/**
 * What was really sent and acknowledged on one connection, read from its frames.
 *
 * Why: "Đã lưu" must be true. The provider's own counter starts again at 1 on every
 * connection and also counts down for messages that it queued before the handshake, so
 * it can reach zero while the handshake's answer, which carries everything typed
 * offline, is not yet committed. Here every document message that leaves the socket is
 * counted, and every answer to it.
 *
 * It must never change, delay or drop a frame.
 */

const SYNC = 0;
const AWARENESS = 1;
const SYNC_STATUS = 8;
const STEP_TWO = 1;
const UPDATE = 2;

export type FrameKind = "step_two" | "update" | "awareness" | "accepted" | "declined" | "other";

/** The kind of a framed message: name, type, and for sync messages the sub-type. */
export function frameKind(data: Uint8Array): FrameKind {
  const reader = { at: 0 };
  const nameLength = readVarUint(data, reader);
  reader.at += nameLength;
  const type = readVarUint(data, reader);
  const detail = readVarUint(data, reader);
  if (type === SYNC && detail === STEP_TWO) return "step_two";
  if (type === SYNC && detail === UPDATE) return "update";
  if (type === AWARENESS) return "awareness";
  if (type === SYNC_STATUS) return detail === 1 ? "accepted" : "declined";
  return "other";
}

/** Reads the 7-bit groups of lib0; -1 when the bytes end too early. */
function readVarUint(data: Uint8Array, reader: { at: number }): number {
  let value = 0;
  let factor = 1;
  for (;;) {
    const byte = data[reader.at];
    if (byte === undefined) return -1;
    reader.at += 1;
    value += (byte & 127) * factor;
    if (byte < 128) return value;
    factor *= 128;
  }
}

/**
 * Counts the document messages of one connection and their answers.
 *
 * `covered` is the number of the last local change that had been made when the last
 * message left: everything up to it is in the messages sent. It becomes acknowledged
 * only when *every* message has been answered, because the server may answer a message
 * that changed nothing before an earlier one is committed.
 */
export class AckLedger {
  private sent = 0;
  private answered = 0;
  private declined = 0;
  private handshake = false;
  private covered = 0;

  /** A message left the socket; `localChanges` were made on this computer so far. */
  noteSent(kind: FrameKind, localChanges: number): void {
    if (kind === "step_two") this.handshake = true;
    if (kind !== "step_two" && kind !== "update") return;
    this.sent += 1;
    this.covered = localChanges;
  }

  /** Returns true when the server declined something. */
  noteReceived(kind: FrameKind): boolean {
    if (kind === "accepted") this.answered += 1;
    if (kind === "declined") this.declined += 1;
    return kind === "declined";
  }

  /** The last local change known to be committed, or null when not all is answered. */
  acknowledged(): number | null {
    const all = this.handshake && this.declined === 0 && this.answered >= this.sent;
    return all ? this.covered : null;
  }
}

export interface WireListener {
  /** Number of changes made on this computer since the session began. */
  localChanges(): number;
  /** Every message sent on the present connection is committed, up to this change. */
  onAcknowledged(upTo: number): void;
  onDeclined(): void;
  /** Any frame arrived: the connection is alive. */
  onAlive(): void;
}

type SocketClass = new (url: string | URL, protocols?: string | string[]) => WebSocket;

/** A WebSocket class for the provider whose every connection keeps an `AckLedger`. */
export function countingSocket(Base: SocketClass, listener: WireListener): SocketClass {
  return class CountingSocket extends Base {
    private readonly ledger = new AckLedger();

    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener("message", (event: MessageEvent<unknown>) => {
        listener.onAlive();
        if (!(event.data instanceof ArrayBuffer)) return;
        const kind = frameKind(new Uint8Array(event.data));
        if (kind === "other" || kind === "awareness") return;
        if (this.ledger.noteReceived(kind)) listener.onDeclined();
        this.tell();
      });
    }

    override send(data: string | ArrayBufferLike | Blob | ArrayBufferView): void {
      super.send(data as Parameters<WebSocket["send"]>[0]);
      if (!ArrayBuffer.isView(data)) return;
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      this.ledger.noteSent(frameKind(bytes), listener.localChanges());
    }

    private tell(): void {
      const upTo = this.ledger.acknowledged();
      if (upTo !== null && this.readyState === this.OPEN) listener.onAcknowledged(upTo);
    }
  };
}
