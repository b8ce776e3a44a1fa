/**
 * A small server of the collaboration wire for the tests of this folder.
 *
 * Why: the session's promises are about what it does when answers come late, never, or
 * say no; here a test decides that. Must never be imported by the client itself.
 */
import { createDecoder, readVarString, readVarUint, readVarUint8Array } from "lib0/decoding";
import {
  createEncoder,
  type Encoder,
  toUint8Array,
  writeVarString,
  writeVarUint,
  writeVarUint8Array,
} from "lib0/encoding";
import type { AddressInfo } from "node:net";
import { readSyncMessage, writeSyncStep1 } from "y-protocols/sync";
import { applyUpdate, Doc, encodeStateAsUpdate } from "yjs";
import { type WebSocket, WebSocketServer } from "ws";

const SYNC = 0;
const AWARENESS = 1;
const AUTH = 2;
const STATELESS = 5;
const SYNC_STATUS = 8;

export class FakeServer {
  readonly doc = new Doc();
  /** While false, updates are taken but not acknowledged. */
  acknowledging = true;
  scope: "read-write" | "readonly" = "read-write";
  /** When set, every new connection is closed with it. */
  closeWith: { code: number; reason: string } | null = null;
  /** Addresses that were asked for. */
  readonly addresses: string[] = [];
  private owed: (() => void)[] = [];
  private readonly sockets = new Set<WebSocket>();
  private server: WebSocketServer | null = null;
  private port = 0;

  async start(): Promise<void> {
    this.server = new WebSocketServer({ port: this.port, host: "127.0.0.1" });
    this.server.on("connection", (socket, request) => {
      this.addresses.push(request.url ?? "");
      if (this.closeWith !== null) {
        socket.close(this.closeWith.code, this.closeWith.reason);
        return;
      }
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
      socket.on("message", (data: Buffer) => this.receive(socket, new Uint8Array(data)));
    });
    await new Promise((resolve) => this.server?.once("listening", resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  get connections(): number {
    return this.sockets.size;
  }

  /** Cut every connection and take no new one until `start`. */
  async stop(): Promise<void> {
    this.owed = [];
    for (const socket of this.sockets) socket.terminate();
    await new Promise((resolve) => this.server?.close(resolve));
    this.server = null;
  }

  closeAll(code: number, reason: string): void {
    for (const socket of this.sockets) socket.close(code, reason);
  }

  acknowledgeAll(): void {
    for (const answer of this.owed.splice(0)) answer();
  }

  setScope(scope: "read-write" | "readonly"): void {
    this.scope = scope;
    for (const socket of this.sockets) this.authenticate(socket);
  }

  say(message: Record<string, unknown>): void {
    for (const socket of this.sockets) {
      this.send(socket, STATELESS, (to) => writeVarString(to, JSON.stringify(message)));
    }
  }

  /** The presence of these states, as the server would relay it. */
  sendAwareness(update: Uint8Array): void {
    for (const socket of this.sockets) {
      this.send(socket, AWARENESS, (to) => writeVarUint8Array(to, update));
    }
  }

  private name = "";

  private receive(socket: WebSocket, data: Uint8Array): void {
    const decoder = createDecoder(data);
    this.name = readVarString(decoder);
    const type = readVarUint(decoder);
    if (type === AUTH) {
      this.authenticate(socket);
      this.send(socket, SYNC, (to) => writeSyncStep1(to, this.doc));
      return;
    }
    if (type !== SYNC) return;
    const detail = decoder.arr[decoder.pos];
    if (detail === 0) {
      this.send(socket, SYNC, (to) => readSyncMessage(decoder, to, this.doc, socket));
      return;
    }
    readVarUint(decoder);
    this.take(socket, readVarUint8Array(decoder));
  }

  private take(socket: WebSocket, update: Uint8Array): void {
    if (this.scope === "readonly") {
      if (this.adds(update)) this.refuse(socket);
      else this.answer(socket, true);
      return;
    }
    applyUpdate(this.doc, update, socket);
    const answer = () => this.answer(socket, true);
    if (this.acknowledging) answer();
    else this.owed.push(answer);
  }

  private adds(update: Uint8Array): boolean {
    const copy = new Doc();
    applyUpdate(copy, encodeStateAsUpdate(this.doc));
    const before = encodeStateAsUpdate(copy).join();
    applyUpdate(copy, update);
    return encodeStateAsUpdate(copy).join() !== before;
  }

  private refuse(socket: WebSocket): void {
    this.answer(socket, false);
    const text = JSON.stringify({ type: "refused", reason: "read_only" });
    this.send(socket, STATELESS, (to) => writeVarString(to, text));
  }

  private answer(socket: WebSocket, taken: boolean): void {
    this.send(socket, SYNC_STATUS, (to) => writeVarUint(to, taken ? 1 : 0));
  }

  private authenticate(socket: WebSocket): void {
    this.send(socket, AUTH, (to) => {
      writeVarUint(to, 2);
      writeVarString(to, this.scope);
    });
  }

  private send(socket: WebSocket, type: number, write: (to: Encoder) => void): void {
    const encoder = createEncoder();
    writeVarString(encoder, this.name);
    writeVarUint(encoder, type);
    write(encoder);
    socket.send(toUint8Array(encoder));
  }
}
