/**
 * Pumps bytes between a pty and a TCP connection, and knows no AT: what {@link ./ftp.bench.js} compares us with. A line of the
 * host goes to a new connection as the request, and then everything goes both ways until the server ends.
 */
import { connect } from "node:net";
import { openPty } from "../../dist/transport/pty.js";

const port = Number(process.argv[2]);
const pty = await openPty();
let socket;

pty.start({
  data(chunk) {
    if (socket === undefined) {
      open(chunk);
      return undefined;
    }
    return socket.write(chunk) ? undefined : new Promise((resolve) => socket.once("drain", resolve));
  },
  lost() {},
});

function open(request) {
  const opened = connect({ host: "127.0.0.1", port, noDelay: true });
  socket = opened;
  opened.write(request);
  opened.on("data", (chunk) => {
    const room = pty.write(chunk);
    if (room === undefined) return;
    opened.pause();
    void room.then(() => opened.resume());
  });
  opened.on("close", () => {
    socket = undefined;
  });
}
console.log(JSON.stringify({ port: pty.device }));
