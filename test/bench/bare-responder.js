/** Answers every CR on a pty with `OK`, and knows nothing else: what {@link ./at-round-trip.bench.js} compares us with. */
import { readSync, writeSync } from "node:fs";
import { EVENTS, Poller } from "@serialport/bindings-cpp/dist/poller.js";
import { openBarePty } from "../../dist/transport/pty/bare-pty.js";

const { master, path } = await openBarePty();
const input = Buffer.alloc(65536);
const answer = Buffer.from("\r\nOK\r\n");
const poller = new Poller(master);

poller.on("readable", () => {
  const length = readSync(master, input, 0, input.length, null);
  let commands = 0;
  for (let at = 0; at < length; at++) if (input[at] === 0x0d) commands++;
  writeSync(master, Buffer.alloc(answer.length * commands, answer));
  poller.poll(EVENTS.UV_READABLE);
});
poller.poll(EVENTS.UV_READABLE);
console.log(JSON.stringify({ port: path }));
