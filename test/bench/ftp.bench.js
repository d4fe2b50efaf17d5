/**
 * How fast CFTPPUT and CFTPGET carry data between a host and a server, as ratios to the same bytes through a bare pty that
 * node pumps to and from a TCP connection. The host is this process, which reads and writes its end blocking, as a C program
 * does; the modem, the bare pump and the servers are processes of their own, and take turns. Then the modem's memory while
 * 500 MB pass each way.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { encodeEtx } from "../../dist/codec/etx/encoder.js";
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
const modem = await start("../../bin/vmodem.js", "start", "--json");
const open = (path) => openSync(path, constants.O_RDWR | constants.O_NOCTTY);
const host = { modem: open(modem.port), pump: open(pump.port) };

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
  }
}

function command(text, end = "\r\nOK\r\n") {
  writeAll(host.modem, Buffer.from(`AT${text}\r`));
  awaitEnd(host.modem, end);
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
    modem(kind, size, sample) {
      const { blocks } = uploadOf(kind, size);
      command(`+CFTPPUT="/${kind}-${size}"`, "BEGIN\r\n");
      for (const block of blocks) {
        writeAll(host.modem, block);
        sample?.();
      }
      writeAll(host.modem, Buffer.from([0x1a]));
      awaitEnd(host.modem, "\r\nOK\r\n");
    },
    pump(kind, size) {
      const { blocks, length } = uploadOf(kind, size);
      writeAll(host.pump, Buffer.from(`U ${kind}-${length}`));
      awaitEnd(host.pump, ">");
      for (const block of blocks) writeAll(host.pump, block);
      awaitEnd(host.pump, "K");
    },
  },
  CFTPGET: {
    modem(kind, size, sample) {
      writeAll(host.modem, Buffer.from(`AT+CFTPGET="/${kind}-${size}"\r`));
      const packets = Math.ceil(size / 1024);
      const last = size % 1024 || 1024;
      const heads = (packets - 1) * "\r\n+CFTPGET: DATA, 1024\r\n".length + `\r\n+CFTPGET: DATA, ${last}\r\n`.length;
      const ends = "\r\nOK\r\n".length + "\r\n+CFTPGET: 0\r\n".length;
      receive(host.modem, size + heads + ends, sample);
    },
    pump(kind, size) {
      writeAll(host.pump, Buffer.from(`D ${kind}-${size}`));
      receive(host.pump, size);
    },
  },
};

function receive(fd, length, sample) {
  for (let left = length; left > 0; ) {
    left -= readSync(fd, input, 0, Math.min(left, BLOCK), null);
    sample?.();
  }
}

function rate(transfer, kind) {
  const begun = process.hrtime.bigint();
  transfer(kind, SIZE);
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  // The pump must see its connection closed before the next one.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  return SIZE / MB / seconds;
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const residentMB = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${modem.pid}/status`, "latin1"))[1]) / 1024;

command("E0");
command(`+CFTPSERV="127.0.0.1";+CFTPPORT=${peer.ftp};+CFTPUN="me";+CFTPPW="x";+CFTPMODE=1`);
const idle = residentMB();

for (const [name, { modem: ours, pump: bare }] of Object.entries(transfers)) {
  for (const kind of ["text", "random"]) {
    const rates = { modem: [], pump: [], ratio: [] };
    for (let round = 0; round < ROUNDS; round++) {
      rates.pump.push(rate(bare, kind));
      rates.modem.push(rate(ours, kind));
      rates.ratio.push(rates.modem[round] / rates.pump[round]);
    }
    const [us, them, ratio] = [rates.modem, rates.pump, rates.ratio].map(median);
    console.log(
      `${name}, ${kind}: vmodem ${us.toFixed(1)} MB/s, bare pty ${them.toFixed(1)} MB/s, ratio ${ratio.toFixed(2)}`,
    );
  }
}

for (const [name, { modem: ours }] of Object.entries(transfers)) {
  let peak = 0;
  let calls = 0;
  ours("random", LARGE, () => {
    if (calls++ % 64 === 0) peak = Math.max(peak, residentMB());
  });
  console.log(
    `${name}, ${LARGE / MB} MB: memory ${idle.toFixed(0)} MB idle, ${peak.toFixed(0)} MB at most, ${(peak - idle).toFixed(0)} MB more`,
  );
}

for (const fd of Object.values(host)) closeSync(fd);
process.exit();
