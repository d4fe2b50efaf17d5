/**
 * How fast CFTPPUT and CFTPGET carry data between a host and a server, as ratios to the same bytes through a bare pty that
 * node pumps to and from a TCP connection. The host is this process, which reads and writes its end blocking, as a C program
 * does; the modem, the bare pump and the servers are processes of their own, and take turns. Two more modems, one with a journal
 * and one with a record, tell what these add. Then the modem's memory while 500 MB pass each way.
 */
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeEtx } from "../../dist/codec/etx/encoder.js";
import {
  awaitEnd,
  BLOCK,
  command,
  MB,
  measure,
  median,
  receive,
  start,
  startModem,
  writeAll,
} from "./blocking-host.js";
import { printTable } from "./measure.js";
import { fill } from "./payload.js";

const ROUNDS = 7;
const SIZE = 24 * MB;
const LARGE = 500 * MB;

const peer = await start("ftp-peer.js");
const pump = await start("bare-pump.js", String(peer.bare));
const folder = mkdtempSync(join(tmpdir(), "vmodem-bench-"));
const modem = await startModem();
const modems = {
  vmodem: modem,
  "with a journal": await startModem("--lint", "off", "--control", "0"),
  "with a record": await startModem("--lint", "off", "--record", join(folder, "record.jsonl")),
};
const responders = { ...modems, pump };
const ports = Object.fromEntries(
  Object.entries(responders).map(([name, { port }]) => [name, openSync(port, constants.O_RDWR | constants.O_NOCTTY)]),
);

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
        found[port].push(measure(() => move(fd, kind, SIZE), responders[port], SIZE));
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
