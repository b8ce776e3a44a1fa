// @hocuspocus/server as its documentation starts it: `node hocuspocus.mjs PORT [FILE]`.
// With a file, documents are stored in SQLite by its own extension.
import { SQLite } from "@hocuspocus/extension-sqlite";
import { Server } from "@hocuspocus/server";

const [port, file] = process.argv.slice(2);
const server = new Server({
  port: Number(port),
  address: "127.0.0.1",
  quiet: true,
  stopOnSignals: true,
  extensions: file ? [new SQLite({ database: file })] : [],
});
await server.listen();
console.log("ready");
