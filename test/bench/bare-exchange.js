/**
 * Has the exchanges of AT+CIPSEND and AT+CIPRXGET with a host on a pty, at a connection of its own, and knows no AT: what
 * {@link ./sockets.bench.js} compares us with where each part is asked for. The first line of the host is the server's request.
 */
import { connect } from "node:net";
import { openPty } from "../../dist/transport/pty.js";

const [port, part] = process.argv.slice(2).map(Number);
const CR = 0x0d;
const UPLOAD = 0x55;
const PROMPT = Buffer.from("\r\n>");
const SENT = Buffer.from(`\r\nOK\r\n\r\n+CIPSEND: 0,${part},${part}\r\n`);
const OK = Buffer.from("\r\nOK\r\n");

const pty = await openPty();
let socket;
let input = Buffer.alloc(0);
let isDataNext = false;
/** Commands that wait for bytes of the server. */
let asked = 0;

pty.start({
  data(chunk) {
    input = input.length === 0 ? Buffer.from(chunk) : Buffer.concat([input, chunk]);
    for (;;) {
      const length = isDataNext ? part : input.indexOf(CR) + 1;
      if (length === 0 || input.length < length) return;
      take(input.subarray(0, length));
      input = input.subarray(length);
    }
  },
  lost() {},
});

function take(piece) {
  if (socket === undefined) open(piece.subarray(0, -1));
  else if (isDataNext) {
    isDataNext = false;
    socket.write(piece);
    void pty.write(SENT);
  } else if (piece.includes("+CIPSEND")) {
    isDataNext = true;
    void pty.write(PROMPT);
  } else {
    asked++;
    answer();
  }
}

function answer() {
  while (asked > 0 && socket.readableLength > 0) {
    const bytes = socket.read(Math.min(part, socket.readableLength));
    asked--;
    const head = Buffer.from(`\r\n+CIPRXGET: 2,0,${bytes.length},${socket.readableLength}\r\n`);
    void pty.write(Buffer.concat([head, bytes, OK]));
  }
  // Its end is told to one that reads only.
  if (socket.readableLength === 0) socket.read(0);
}

function open(request) {
  socket = connect({ host: "127.0.0.1", port, noDelay: true });
  socket.write(request);
  if (request[0] === UPLOAD) socket.on("data", (bytes) => void pty.write(bytes));
  else socket.on("readable", answer);
  socket.on("close", () => {
    socket = undefined;
  });
}
console.log(JSON.stringify({ port: pty.device }));
