// The host of rfc2217.bench.js: `read` counts what comes until that many bytes are there, `write` sends a file's bytes that
// many times. Agrees first, with `rfc2217`, to binary transmission both ways.
import { readFileSync } from "node:fs";
import { connect } from "node:net";

const [port, medium, direction, count, file] = process.argv.slice(2);
const AGREE = Buffer.from([255, 251, 44, 255, 251, 0, 255, 253, 0]);
const socket = connect({ host: "127.0.0.1", port: Number(port), noDelay: true });
if (medium === "rfc2217") socket.write(AGREE);
socket.write("?");
let received = 0;
socket.on("data", (chunk) => {
  received += chunk.length;
  if (direction === "read" && received >= Number(count)) {
    process.stdout.write("done");
    socket.destroy();
  }
});
if (direction === "write") {
  const bytes = readFileSync(file);
  for (let sent = 0; sent < Number(count); sent++) {
    if (!socket.write(bytes)) await new Promise((resolve) => socket.once("drain", resolve));
  }
}
