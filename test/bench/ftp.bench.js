/**
 * How fast CFTPPUT and CFTPGET carry data between a host and a server, as ratios to the same bytes through a bare pty that
 * node pumps to and from a TCP connection. The host is this process, which reads and writes its end blocking, as a C program
 * does; the modem, the bare pump and the servers are processes of their own, and take turns. Two more modems, one with a journal
 * and one with a record, tell what these add. Then the modem's memory while 500 MB pass each way.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeEtx } from "../../dist/codec/etx/encoder.js";
import { printTable } from "./measure.js";
import { fill } from "./payload.js";

const ROUNDS = 7;
const MB = 1_000_000;
const SIZE = 24 * MB;
const LARGE = 500 * MB;
const BLOCK = 64 * 1024;

const children = [];
process.on("exit", () => {
  for (const child of children) child.kill();
});

async function start(script, ...args) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const [line] = await once(child.stdout, "data");
  return { pid: child.pid, ...JSON.parse(line) };
}

const peer = await start("ftp-peer.js");
const pump = await start("bare-pump.js", String(peer.bare));
const folder = mkdtempSync(join(tmpdir(), "vmodem-bench-"));
const startModem = (...options) => start("../../bin/vmodem.js", "start", "--json", ...options);
const modem = await startModem();
const modems = {
  vmodem: modem,
  "with a journal": await startModem("--control", "0"),
  "with a record": await startModem("--record", join(folder, "record.jsonl")),
};
const responders = { ...modems, pump };
const ports = Object.fromEntries(
  Object.entries(responders).map(([name, { port }]) => [name, openSync(port, constants.O_RDWR | constants.O_NOCTTY)]),
);

const input = Buffer.alloc(BLOCK);
const writeAll = (fd, bytes) => {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
};

/** Reads until what has come ends with these bytes. */
function awaitEnd(fd, end) {
  let tail = "";
  while (!tail.endsWith(end)) {
    const length = readSync(fd, input);
    tail = (tail + input.toString("latin1", Math.max(0, length - 64), length)).slice(-64);
    if (tail.includes("ERROR")) throw new Error(`the modem answers ${JSON.stringify(tail)}`);
  }
}

function command(fd, text, end = "\r\nOK\r\n") {
  writeAll(fd, Buffer.from(`AT${text}\r`));
  awaitEnd(fd, end);
}

/** What the host sends to upload so many bytes, in blocks; the code's length is given by the kind of bytes. */
function uploadOf(kind, size) {
  const block = fill(kind, BLOCK);
  const whole = encodeEtx(block);
  const last = encodeEtx(block.subarray(0, size % BLOCK));
  const blocks = Array.from({ length: Math.floor(size / BLOCK) }, () => whole);
  return { blocks: [...blocks, last], length: blocks.length * whole.length + last.length };
}

const transfers = {
  CFTPPUT: {
    modem(fd, kind, size, sample) {
      const { blocks } = uploadOf(kind, size);
      command(fd, `+CFTPPUT="/${kind}-${size}"`, "BEGIN\r\n");
      for (const block of blocks) {
        writeAll(fd, block);
        sample?.();
      }
      writeAll(fd, Buffer.from([0x1a]));
      awaitEnd(fd, "\r\nOK\r\n");
    },
    pump(fd, kind, size) {
      const { blocks, length } = uploadOf(kind, size);
      writeAll(fd, Buffer.from(`U ${kind}-${length}`));
      awaitEnd(fd, ">");
      for (const block of blocks) writeAll(fd, block);
      awaitEnd(fd, "K");
    },
  },
  CFTPGET: {
    modem(fd, kind, size, sample) {
      writeAll(fd, Buffer.from(`AT+CFTPGET="/${kind}-${size}"\r`));
      const packets = Math.ceil(size / 1024);
      const last = size % 1024 || 1024;
      const heads = (packets - 1) * "\r\n+CFTPGET: DATA, 1024\r\n".length + `\r\n+CFTPGET: DATA, ${last}\r\n`.length;
      const ends = "\r\nOK\r\n".length + "\r\n+CFTPGET: 0\r\n".length;
      receive(fd, size + heads + ends, sample);
    },
    pump(fd, kind, size) {
      writeAll(fd, Buffer.from(`D ${kind}-${size}`));
      receive(fd, size);
    },
  },
};

function receive(fd, length, sample) {
  for (let left = length; left > 0; ) {
    left -= readSync(fd, input, 0, Math.min(left, BLOCK), null);
    sample?.();
  }
}

/** How fast a process carries some bytes, in MB/s, and the CPU time that it takes, in ms for each MB. */
function measure(transfer, { pid }, fd, kind) {
  const before = cpuTime(pid);
  const begun = process.hrtime.bigint();
  transfer(fd, kind, SIZE);
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  // The pump must see its connection closed before the next one.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  return { speed: SIZE / MB / seconds, cpu: (cpuTime(pid) - before) / (SIZE / MB) };
}

/** Of user and system, in ms: Linux counts it in ticks of 10 ms. */
function cpuTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const residentMB = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${modem.pid}/status`, "latin1"))[1]) / 1024;

for (const name of Object.keys(modems)) {
  command(ports[name], "E0");
  command(ports[name], `+CFTPSERV="127.0.0.1";+CFTPPORT=${peer.ftp};+CFTPUN="me";+CFTPPW="x";+CFTPMODE=1`);
}
const idle = residentMB();
const rows = [["", "MB/s", "of the bare pump", "of vmodem", "CPU ms/MB", "of vmodem"]];

for (const [name, transfer] of Object.entries(transfers)) {
  for (const kind of ["text", "random"]) {
    const found = Object.fromEntries(Object.keys(ports).map((port) => [port, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [port, fd] of Object.entries(ports)) {
        const move = port === "pump" ? transfer.pump : transfer.modem;
        found[port].push(measure(move, responders[port], fd, kind));
      }
    }
    const ratio = (figure, port, to) => median(found[port].map((one, round) => one[figure] / found[to][round][figure]));
    const told = (figure, port) => median(found[port].map((one) => one[figure])).toFixed(1);
    rows.push(
      ...Object.keys(ports).map((port) => [
        `${name} ${kind}, ${port}`,
        told("speed", port),
        ratio("speed", port, "pump").toFixed(2),
        ratio("speed", port, "vmodem").toFixed(2),
        told("cpu", port),
        ratio("cpu", port, "vmodem").toFixed(2),
      ]),
    );
  }
}
printTable(rows);

for (const [name, { modem: ours }] of Object.entries(transfers)) {
  let peak = 0;
  let calls = 0;
  ours(ports.vmodem, "random", LARGE, () => {
    if (calls++ % 64 === 0) peak = Math.max(peak, residentMB());
  });
  console.log(
    `${name}, ${LARGE / MB} MB: memory ${idle.toFixed(0)} MB idle, ${peak.toFixed(0)} MB at most, ${(peak - idle).toFixed(0)} MB more`,
  );
}

for (const fd of Object.values(ports)) closeSync(fd);
rmSync(folder, { recursive: true });
process.exit();
