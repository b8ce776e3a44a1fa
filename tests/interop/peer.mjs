/**
 * A real Yjs program under a test's control: one line of JSON in, one line out.
 *
 * It runs the libraries that others will run against us (yjs with y-websocket, or with
 * @hocuspocus/provider), unchanged, in Node. It must never contain a workaround for our
 * server: what it needs is what every Yjs program would need.
 *
 *   node peer.mjs y-websocket|hocuspocus  ADDRESS  DOCUMENT  TOKEN
 */
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(
  new URL("../../editor_client/package.json", import.meta.url),
);
const Y = require("yjs");
const WebSocket = require("ws");

const [, , dialect, address, documentId, token] = process.argv;
const doc = new Y.Doc();
const seen = { closes: [], statuses: [], stateless: [], scopes: [], denied: [] };
const { provider, connect, disconnect, isSynced } = open();
const content = doc.getText("content");
const undo = new Y.UndoManager([content], { captureTimeout: 0 });

function open() {
  if (dialect === "y-websocket") {
    const { WebsocketProvider } = require("y-websocket");
    const made = new WebsocketProvider(address, documentId, doc, {
      WebSocketPolyfill: WebSocket,
      params: { token },
      disableBc: true,
      maxBackoffTime: 300,
    });
    made.on("connection-close", (event) => event && seen.closes.push(event.code));
    return {
      provider: made,
      connect: () => made.connect(),
      disconnect: () => made.disconnect(),
      isSynced: () => made.synced,
    };
  }
  const { HocuspocusProvider, HocuspocusProviderWebsocket } = require(
    "@hocuspocus/provider",
  );
  const socket = new HocuspocusProviderWebsocket({
    url: address,
    WebSocketPolyfill: WebSocket,
    delay: 100,
    minDelay: 100,
    maxDelay: 500,
    preserveTrailingSlash: true,
  });
  const made = new HocuspocusProvider({
    websocketProvider: socket,
    name: documentId,
    document: doc,
    token,
  });
  made.on("close", ({ event }) => seen.closes.push(event.code));
  made.on("authenticated", ({ scope }) => seen.scopes.push(scope));
  made.on("authenticationFailed", ({ reason }) => seen.denied.push(reason));
  made.on("stateless", ({ payload }) => seen.stateless.push(JSON.parse(payload)));
  made.on("unsyncedChanges", ({ number }) => seen.statuses.push(number));
  made.attach();
  return {
    provider: made,
    connect: () => {
      // The provider ignores connect() while its last socket is still closing.
      if (socket.status === "disconnected") return socket.connect();
      const again = () => {
        socket.off("disconnect", again);
        socket.connect();
      };
      socket.on("disconnect", again);
    },
    disconnect: () => socket.disconnect(),
    isSynced: () => made.synced,
  };
}

function paragraph(text, marks) {
  const element = new Y.XmlElement("paragraph");
  const words = new Y.XmlText();
  words.insert(0, text, marks);
  element.insert(0, [words]);
  return element;
}

const deeds = {
  append: ({ text }) => content.insert(content.length, text),
  prepend: ({ text }) => content.insert(0, text),
  remove: ({ at, length }) => content.delete(at, length),
  undo: () => undo.undo(),
  set: ({ key, value }) => doc.getMap("facts").set(key, value),
  unset: ({ key }) => doc.getMap("facts").delete(key),
  nest: ({ key, items }) => {
    const map = new Y.Map();
    const list = new Y.Array();
    list.push(items);
    map.set("list", list);
    map.set("text", new Y.Text("lồng nhau"));
    doc.getMap("facts").set(key, map);
  },
  nestPush: ({ key, item }) => doc.getMap("facts").get(key).get("list").push([item]),
  paragraph: ({ text, marks }) => {
    const body = doc.getXmlFragment("body");
    body.insert(body.length, [paragraph(text, marks ?? {})]);
  },
  paragraphStyle: ({ at, style }) =>
    doc.getXmlFragment("body").get(at).setAttribute("style", style),
  paragraphInsert: ({ paragraph: at, text }) =>
    doc.getXmlFragment("body").get(at).get(0).insert(0, text),
  paragraphRemove: ({ at }) => doc.getXmlFragment("body").delete(at, 1),
  pretend: ({ user }) => provider.awareness.setLocalStateField("user", user),
  connect,
  disconnect,
  look: () => undefined,
};

function snapshot() {
  return {
    synced: isSynced(),
    unsynced: provider.unsyncedChanges ?? null,
    client: doc.clientID,
    text: content.toString(),
    facts: doc.getMap("facts").toJSON(),
    body: doc.getXmlFragment("body").toString(),
    people: Object.fromEntries(
      [...provider.awareness.getStates()].map(([id, state]) => [id, state.user ?? null]),
    ),
    ...seen,
  };
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const { deed, ...what } = JSON.parse(line);
  try {
    deeds[deed](what);
    process.stdout.write(`${JSON.stringify(snapshot())}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: String(error) })}\n`);
  }
}).on("close", () => process.exit(0));
