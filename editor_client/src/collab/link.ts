/**
 * The connection of one draft: the provider, its reconnection, and waking up.
 *
 * Why: a phone that slept or a laptop that changed networks keeps a dead socket that
 * looks open. When the page wakes, the link is tried at once instead of after the next
 * timer. It knows nothing of rights, saving or notices: it reports.
 */
import { HocuspocusProvider, HocuspocusProviderWebsocket } from "@hocuspocus/provider";
import type { Awareness } from "y-protocols/awareness";
import { type Doc, transact } from "yjs";
import { ComposingQueue, watchComposing } from "./composing";
import { hearOwnSelection } from "./own_hand";
import { Pace } from "./pace";
import { countingSocket, frameKind } from "./wire";

/** No answer to a question for this long, after waking up: the socket is dead. */
const PROBE_MS = 2500;
// How long nothing may come: of a long text on a bad line all comes at once, after minutes.
const PATIENCE_MS = { opening: 300_000, open: 30_000 };

type Frame = MessageEvent<ArrayBuffer>;

export type SocketClass = new (url: string | URL, protocols?: string | string[]) => WebSocket;

export interface LinkOptions {
  readonly url: string;
  readonly name: string;
  readonly doc: Doc;
  readonly awareness: Awareness;
  readonly WebSocket: SocketClass;
  /** In [0, 1): spreads the reconnections of many browsers after a restart. */
  readonly random: () => number;
}

export interface LinkEvents {
  localChanges(): number;
  onOpen(): void;
  onClose(code: number, reason: string): void;
  onScope(scope: "read-write" | "readonly"): void;
  onDenied(reason: string): void;
  onSynced(): void;
  onAcknowledged(upTo: number): void;
  onDeclined(): void;
  onStateless(payload: string): void;
}

export class Link {
  private readonly socket: HocuspocusProviderWebsocket;
  private readonly provider: HocuspocusProvider;
  private probe: ReturnType<typeof setTimeout> | null = null;
  private stopped = false;
  private readonly cleanUp: (() => void)[] = [];

  constructor(
    options: LinkOptions,
    private readonly events: LinkEvents,
  ) {
    const Counting = countingSocket(options.WebSocket, {
      localChanges: () => events.localChanges(),
      onAcknowledged: (upTo) => events.onAcknowledged(upTo),
      onDeclined: () => events.onDeclined(),
      onAlive: () => this.cancelProbe(),
    });
    this.socket = new HocuspocusProviderWebsocket({
      url: options.url,
      preserveTrailingSlash: true,
      autoConnect: false,
      WebSocketPolyfill: Counting,
      // The first attempt after a loss comes within a second, differently for each
      // browser; later ones spread between a quarter of a second and 15 seconds.
      messageReconnectTimeout: PATIENCE_MS.open,
      delay: 250 + Math.floor(options.random() * 750),
      minDelay: 250,
      maxDelay: 15_000,
      jitter: true,
    });
    this.mayBeSilentFor(PATIENCE_MS.opening);
    this.provider = new HocuspocusProvider({
      websocketProvider: this.socket,
      name: options.name,
      document: options.doc,
      awareness: options.awareness,
      token: "",
    });
    this.provider.on("open", () => events.onOpen());
    this.provider.on("close", ({ event }: { event: { code: number; reason: string } }) => {
      this.cancelProbe();
      this.mayBeSilentFor(PATIENCE_MS.opening);
      events.onClose(event.code, event.reason);
    });
    this.provider.on("authenticated", ({ scope }: { scope: "read-write" | "readonly" }) =>
      events.onScope(scope),
    );
    this.provider.on("authenticationFailed", ({ reason }: { reason: string }) =>
      events.onDenied(reason),
    );
    this.provider.on("synced", () => {
      this.mayBeSilentFor(PATIENCE_MS.open);
      events.onSynced();
    });
    this.provider.on("stateless", ({ payload }: { payload: string }) =>
      events.onStateless(payload),
    );
    this.holdWhileComposing();
    this.provider.attach();
    this.watchWaking();
  }

  /** True for updates that came from the server. */
  isOrigin(origin: unknown): boolean {
    return origin === this.provider;
  }

  connect(): void {
    this.stopped = false;
    void this.socket.connect();
  }

  /** Do not try again until `connect` is called. */
  stop(): void {
    this.stopped = true;
    this.cancelProbe();
    this.socket.disconnect();
  }

  /** Begin the connection anew, so that the handshake sends everything once more. */
  restart(): void {
    if (this.stopped) return;
    this.end(1000, "restart");
    void this.socket.connect();
  }

  destroy(): void {
    this.cancelProbe();
    for (const clean of this.cleanUp) clean();
    this.provider.destroy();
    this.socket.destroy();
  }

  /** The page may have slept: connect at once, or ask whether the socket still lives. */
  wake(): void {
    if (this.stopped) return;
    if ((this.socket.status as string) !== "connected") {
      void this.socket.connect();
      return;
    }
    // While the text is on its way, an answer would come after it.
    if (this.probe !== null || !this.provider.isSynced) return;
    this.probe = setTimeout(() => this.replaceDeadSocket(), PROBE_MS);
    // Any answer will do; this question has one by protocol.
    this.provider.forceSync();
  }

  private holdWhileComposing(): void {
    const { provider } = this;
    const receive = (event: Frame) => HocuspocusProvider.prototype.onMessage.call(provider, event);
    const show = (events: readonly Frame[]) => {
      hearOwnSelection();
      receiveTogether(events, provider, receive);
    };
    const pace = new Pace<Frame>(show, () => performance.now());
    const queue = new ComposingQueue((event: Frame) => pace.take(event));
    provider.onMessage = (event: Frame) => {
      const kind = kindOf(event);
      if (kind === "update" || kind === "step_two") queue.take(event);
      // A caret stands beside letters that may be on their way.
      else if (kind === "awareness") pace.take(event);
      else receive(event);
    };
    provider.on("close", () => {
      queue.drop();
      pace.flush();
    });
    this.cleanUp.push(watchComposing(queue), () => queue.drop());
  }

  private mayBeSilentFor(milliseconds: number): void {
    this.socket.configuration.messageReconnectTimeout = milliseconds;
  }

  private replaceDeadSocket(): void {
    this.probe = null;
    this.end(4408, "no answer");
    void this.socket.connect();
  }

  /** Ends the socket now: a dead one would report its end only after minutes. */
  private end(code: number, reason: string): void {
    const event = { code, reason };
    this.provider.onClose();
    this.socket.onClose({ event });
    this.events.onClose(code, reason);
  }

  private cancelProbe(): void {
    if (this.probe !== null) clearTimeout(this.probe);
    this.probe = null;
  }

  private watchWaking(): void {
    if (typeof window === "undefined") return;
    const wake = () => this.wake();
    // What was on its way over the old network does not come any more.
    const networkChanged = () => {
      const isOpening = (this.socket.status as string) === "connected" && !this.provider.isSynced;
      if (isOpening && !this.stopped) this.replaceDeadSocket();
      else this.wake();
    };
    const shown = () => {
      if (document.visibilityState === "visible") this.wake();
    };
    // Leaving a network ends no socket by itself: ask, rather than wait half a minute.
    window.addEventListener("offline", networkChanged);
    window.addEventListener("online", networkChanged);
    window.addEventListener("pageshow", wake);
    document.addEventListener("visibilitychange", shown);
    this.cleanUp.push(() => {
      window.removeEventListener("offline", networkChanged);
      window.removeEventListener("online", networkChanged);
      window.removeEventListener("pageshow", wake);
      document.removeEventListener("visibilitychange", shown);
    });
  }
}

const kindOf = ({ data }: Frame) => frameKind(new Uint8Array(data));

/** Text as one change of the document, whatever the number of messages; then the carets,
 * which stand beside it. One that cannot be read spoils none of the others. */
function receiveTogether(events: readonly Frame[], provider: HocuspocusProvider, receive: (event: Frame) => void): void {
  const failures: unknown[] = [];
  const each = (some: readonly Frame[]) => {
    for (const event of some) {
      try {
        receive(event);
      } catch (failure) {
        failures.push(failure);
      }
    }
  };
  const text = events.filter((event) => kindOf(event) !== "awareness");
  if (text.length > 0) transact(provider.document, () => each(text), provider, false);
  each(events.filter((event) => kindOf(event) === "awareness"));
  if (failures.length > 0) throw failures[0];
}
