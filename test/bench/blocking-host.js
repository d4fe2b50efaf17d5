/**
 * What the hosts of the benchmarks do that measure processes of their own over a pty: they read and write their end blocking,
 * as a C program does.
 */
import { spawn } from "node:child_process";
import { readFileSync, readSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const MB = 1_000_000;
export const BLOCK = 64 * 1024;

const input = Buffer.alloc(BLOCK);
const children = [];
process.on("exit", endAll);

/** Ends what was started. */
export function endAll() {
  for (const child of children.splice(0)) child.kill();
}

/** Starts a script of node, and gives its process number and the JSON of the first line that it prints. */
export async function start(script, ...args) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  for await (const line of createInterface(child.stdout)) return { pid: child.pid, ...JSON.parse(line) };
  throw new Error(`${script} ${args.join(" ")} has ended`);
}

export function startModem(...options) {
  return start("../../bin/vmodem.js", "start", "--json", ...options);
}

export function writeAll(fd, bytes) {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

/** Reads until what has come ends with these bytes. */
export function awaitEnd(fd, end) {
  let tail = "";
  while (!tail.endsWith(end)) {
    const length = readSync(fd, input);
    tail = (tail + input.toString("latin1", Math.max(0, length - 64), length)).slice(-64);
    if (tail.includes("ERROR")) throw new Error(`the modem answers ${JSON.stringify(tail)}`);
  }
}

export function command(fd, text, end = "\r\nOK\r\n") {
  writeAll(fd, Buffer.from(`AT${text}\r`));
  awaitEnd(fd, end);
}

/** Reads so many bytes. */
export function receive(fd, length, sample) {
  for (let left = length; left > 0; ) {
    left -= readSync(fd, input, 0, Math.min(left, BLOCK), null);
    sample?.();
  }
}

/** How fast a process carries `size` bytes, in MB/s, and the CPU time that it takes, in ms for each MB. */
export function measure(transfer, { pid }, size) {
  const before = cpuTime(pid);
  const begun = process.hrtime.bigint();
  transfer();
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  // The pump must see its connection closed before the next one.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  return { speed: size / MB / seconds, cpu: (cpuTime(pid) - before) / (size / MB) };
}

/** Of user and system, in ms: Linux counts it in ticks of 10 ms. */
export function cpuTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
