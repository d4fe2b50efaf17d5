/**
 * How long a host waits for `AT` to be answered over a pty, and how many pipelined commands a second it gets answered, as
 * ratios to a responder that does nothing but print OK on the same kind of pty. The host is this process, which reads and
 * writes its end blocking, as a C program does; both responders are processes of their own, asked in turns.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROUNDS = 30;
const EXCHANGES = 1000;
const COMMAND = Buffer.from("AT\r");

async function startResponder(script, args) {
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(child.stdout, "data");
  const { port } = JSON.parse(line);
  return { child, fd: openSync(port, constants.O_RDWR | constants.O_NOCTTY) };
}

const buffer = Buffer.alloc(65536);

/** Reads until that many responses have come; each ends with the only `K` in it. */
function awaitResponses(fd, count) {
  for (let seen = 0; seen < count; ) {
    const length = readSync(fd, buffer, 0, buffer.length, null);
    for (let at = buffer.indexOf(0x4b); at >= 0 && at < length; at = buffer.indexOf(0x4b, at + 1)) seen++;
  }
  // The CR LF behind the last K may come later: it is read with the next response.
}

function roundTrips(fd) {
  const begun = process.hrtime.bigint();
  for (let exchange = 0; exchange < EXCHANGES; exchange++) {
    writeSync(fd, COMMAND);
    awaitResponses(fd, 1);
  }
  return Number(process.hrtime.bigint() - begun) / EXCHANGES;
}

/** All commands in one write; the answers fit what a pty holds. */
function pipelined(fd) {
  const commands = Buffer.alloc(COMMAND.length * EXCHANGES, COMMAND);
  const begun = process.hrtime.bigint();
  writeSync(fd, commands);
  awaitResponses(fd, EXCHANGES);
  return Number(process.hrtime.bigint() - begun) / EXCHANGES;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

const modem = await startResponder("../../bin/vmodem.js", ["start", "--json"]);
const bare = await startResponder("bare-responder.js", []);
writeSync(modem.fd, Buffer.from("ATE0\r"));
awaitResponses(modem.fd, 1);

for (const [what, measure] of [
  ["round trip", roundTrips],
  ["pipelined", pipelined],
]) {
  const times = { modem: [], bare: [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.bare.push(measure(bare.fd));
    times.modem.push(measure(modem.fd));
  }
  const [ours, theirs] = [median(times.modem), median(times.bare)];
  console.log(
    `AT ${what}: vmodem ${(ours / 1000).toFixed(1)} us, bare responder ${(theirs / 1000).toFixed(1)} us, ratio ${(ours / theirs).toFixed(2)}`,
  );
}
for (const { child, fd } of [modem, bare]) {
  closeSync(fd);
  child.kill();
}
