/**
 * How long a host waits for `AT` to be answered over a pty, and how many pipelined commands a second it gets answered, as
 * ratios to responders that do nothing but print OK on the same kind of pty, one in node and, where there is a compiler, one in C;
 * and what a journal and a record add. The host is this process, which reads and writes its end blocking, as a C program does; the
 * responders are processes of their own, asked in turns.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROUNDS = 30;
const EXCHANGES = 1000;
const COMMAND = Buffer.from("AT\r");

const pathOf = (file) => fileURLToPath(new URL(file, import.meta.url));

async function startResponder(program, ...args) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
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

const folder = mkdtempSync(join(tmpdir(), "vmodem-bench-"));
const startModem = (...options) =>
  startResponder(process.execPath, pathOf("../../bin/vmodem.js"), "start", "--json", ...options);
const compiled = join(folder, "bare-responder");
const isCompiled = spawnSync("cc", ["-O2", "-o", compiled, pathOf("bare-responder.c")]).status === 0;
const bare = isCompiled ? ["bare", "bare C"] : ["bare"];
const responders = {
  bare: await startResponder(process.execPath, pathOf("bare-responder.js")),
  ...(isCompiled ? { "bare C": await startResponder(compiled) } : {}),
  vmodem: await startModem(),
  "with a journal": await startModem("--lint", "off", "--control", "0"),
  "with a record": await startModem("--lint", "off", "--record", join(folder, "record.jsonl")),
};
for (const [name, { fd }] of Object.entries(responders)) {
  if (bare.includes(name)) continue;
  writeSync(fd, Buffer.from("ATE0\r"));
  awaitResponses(fd, 1);
}

for (const [what, measure] of [
  ["round trip", roundTrips],
  ["pipelined", pipelined],
]) {
  const times = Object.fromEntries(Object.keys(responders).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, { fd }] of Object.entries(responders)) times[name].push(measure(fd));
  }
  const us = (name) => `${name} ${(median(times[name]) / 1000).toFixed(1)} us`;
  const ratio = (name, to) => (median(times[name]) / median(times[to])).toFixed(2);
  for (const name of bare) {
    console.log(`AT ${what}: ${us("vmodem")}, ${us(name)} responder, ratio ${ratio("vmodem", name)}`);
  }
  for (const name of ["with a journal", "with a record"]) {
    console.log(`AT ${what}: ${us(name)}, ratio ${ratio(name, "vmodem")} to vmodem without`);
  }
}
for (const { child, fd } of Object.values(responders)) {
  closeSync(fd);
  child.kill();
}
rmSync(folder, { recursive: true });
