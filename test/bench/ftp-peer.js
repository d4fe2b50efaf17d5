/**
 * What {@link ./ftp.bench.js} transfers from and to, in a process of its own: a session of the embedded FTP server on files that are made
 * as they are read and forgotten as they are written, and a port with nothing but the same bytes. There a client says `D` and
 * gets them, or `U`, sends as many, and gets a byte at their end.
 */
import { createServer } from "node:net";
import { noEvents } from "../../dist/platform/events.js";
import { silentLog } from "../../dist/platform/log.js";
import { TcpNetwork } from "../../dist/platform/network/tcp-network.js";
import { SystemClock } from "../../dist/platform/time/clock.js";
import { FtpRecorder } from "../../dist/sandbox/ftp/record.js";
import { FtpServerSession } from "../../dist/sandbox/ftp/session.js";
import { fill } from "./payload.js";

const PIECE = 64 * 1024;

/** `/random-1000000`: what kind of bytes, and how many. */
function* bytesOf(name) {
  const [kind, size] = name.split("-");
  const block = fill(kind, PIECE);
  for (let left = Number(size); left > 0; left -= PIECE) yield left < PIECE ? block.subarray(0, left) : block;
}

const file = (name) => ({ name, kind: "file", size: Number(name.split("-")[1]), modified: 0 });
const root = {
  stat: async ([name]) => file(name),
  list: async () => [],
  async *read([name]) {
    yield* bytesOf(name);
  },
  write: async () => ({ write: async () => {}, close: async () => {} }),
};
const network = new TcpNetwork();
const surroundings = {
  network,
  clock: new SystemClock(),
  log: silentLog,
  events: noEvents,
  root,
  accounts: { users: {}, guests: "anyone" },
};
const { signal } = new AbortController();
const listener = await network.listen({ host: "127.0.0.1", port: 0 }, signal);

async function serveFtp() {
  for (;;) {
    const connection = await listener.accept(signal);
    void new FtpServerSession(connection, surroundings, new FtpRecorder(connection.remote.host), signal).run();
  }
}
void serveFtp();

const bare = createServer((socket) => {
  socket.once("data", async (request) => {
    const [direction, name] = request.toString().split(" ");
    if (direction === "D") {
      for (const piece of bytesOf(name)) {
        if (!socket.write(piece)) await new Promise((resolve) => socket.once("drain", resolve));
      }
      socket.end();
      return;
    }
    let left = Number(name.split("-")[1]);
    socket.on("data", (chunk) => {
      left -= chunk.length;
      if (left === 0) socket.end("K");
    });
    socket.write(">");
  });
});
bare.listen(0, "127.0.0.1", () => {
  console.log(JSON.stringify({ ftp: listener.local.port, bare: bare.address().port }));
});
