/**
 * How fast sockets carry data between a host and a server: in online data mode, by AT+CIPSEND, printed as they come and by
 * AT+CIPRXGET; as ratios to the same bytes through a bare pty that node pumps to and from a TCP connection. The host is this
 * process, which reads and writes its end blocking, as a C program does. Aim: 0.8 of the pump in online data mode.
 */
import { closeSync, constants, openSync, readSync } from "node:fs";
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

const ROUNDS = 3;
const SIZE = 3 * MB;
/** Most that AT+CIPSEND and AT+CIPRXGET take, and how many AT+CIPSEND are under way: a host need not wait for the prompt. */
const PART = 1500;
const DEPTH = 10;

const ANSWER = "\r\n>\r\nOK\r\n\r\n+CIPSEND: 0,1500,1500\r\n".length;
const CLOSED = "\r\n+IPCLOSE: 0,1\r\n";
const GONE = "\r\n+IPCLOSE: 0,1\r\n\r\nCLOSED\r\n";

const peer = await start("ftp-peer.js");
const pump = await start("bare-pump.js", String(peer.bare));
const responders = { pump, online: await startModem(), commands: await startModem() };
const ports = Object.fromEntries(
  Object.entries(responders).map(([name, { port }]) => [name, openSync(port, constants.O_RDWR | constants.O_NOCTTY)]),
);

const open = `+CIPOPEN=0,"TCP","127.0.0.1",${peer.bare}`;
const payload = fill("random", BLOCK);
const UP = Buffer.from(`U random-${SIZE}`);
const DOWN = Buffer.from(`D random-${SIZE}`);

/** All bytes of a transfer, raw. */
function writeRaw(fd) {
  for (let left = SIZE; left > 0; left -= BLOCK) writeAll(fd, payload.subarray(0, Math.min(left, BLOCK)));
}

/** Sends by AT+CIPSEND; the answer is still to be read. */
function send(fd, bytes) {
  command(fd, `+CIPSEND=0,${bytes.length}`, "\r\n>");
  writeAll(fd, bytes);
}

const part = Buffer.concat([Buffer.from(`AT+CIPSEND=0,${PART}\r`), payload.subarray(0, PART)]);
const batch = Buffer.concat(Array.from({ length: DEPTH }, () => part));

/** Asks for all that comes, part by part. */
function askForAll(fd) {
  const chunk = Buffer.alloc(4 * PART);
  let got = "";
  let isClosed = false;
  for (let left = SIZE; left > 0; ) {
    writeAll(fd, Buffer.from(`AT+CIPRXGET=2,0,${PART}\r`));
    for (;;) {
      got += chunk.toString("latin1", 0, readSync(fd, chunk));
      const answer = /\+CIPRXGET: 2,0,(\d+),\d+\r\n/.exec(got) ?? /\r\nERROR\r\n/.exec(got);
      if (answer === null) continue;
      const length = Number(answer[1] ?? 0);
      const end = answer.index + answer[0].length + (length === 0 ? 0 : length + "\r\nOK\r\n".length);
      if (got.length < end) continue;
      left -= length;
      isClosed ||= got.slice(0, answer.index).includes(CLOSED);
      got = got.slice(end);
      break;
    }
  }
  if (!isClosed && !got.includes(CLOSED)) awaitEnd(fd, CLOSED);
}

/** Each way, the port that it is measured on, and what the bare pump does for the same bytes. */
const pumpUp = (fd) => {
  writeAll(fd, UP);
  awaitEnd(fd, ">");
  writeRaw(fd);
  awaitEnd(fd, "K");
};
const pumpDown = (fd) => {
  writeAll(fd, DOWN);
  receive(fd, SIZE);
};
const WAYS = {
  "up, online": [
    "online",
    pumpUp,
    (fd) => {
      command(fd, open, "\r\nCONNECT 115200\r\n");
      writeAll(fd, UP);
      awaitEnd(fd, ">");
      writeRaw(fd);
      awaitEnd(fd, GONE);
    },
  ],
  "up, CIPSEND": [
    "commands",
    pumpUp,
    (fd) => {
      command(fd, `+CIPHEAD=1;+CIPRXGET=0;${open}`, "\r\n+CIPOPEN: 0,0\r\n");
      send(fd, UP);
      awaitEnd(fd, "\r\n+IPD1\r\n>");
      for (let left = SIZE / PART; left > 0; left -= DEPTH) {
        writeAll(fd, batch);
        receive(fd, DEPTH * ANSWER);
      }
      awaitEnd(fd, CLOSED);
    },
  ],
  "down, online": [
    "online",
    pumpDown,
    (fd) => {
      command(fd, open, "\r\nCONNECT 115200\r\n");
      writeAll(fd, DOWN);
      awaitEnd(fd, GONE);
    },
  ],
  "down, as it comes": [
    "commands",
    pumpDown,
    (fd) => {
      command(fd, `+CIPHEAD=1;+CIPRXGET=0;${open}`, "\r\n+CIPOPEN: 0,0\r\n");
      send(fd, DOWN);
      awaitEnd(fd, CLOSED);
    },
  ],
  "down, CIPRXGET": [
    "commands",
    pumpDown,
    (fd) => {
      command(fd, `+CIPHEAD=0;+CIPRXGET=1;${open}`, "\r\n+CIPOPEN: 0,0\r\n");
      send(fd, DOWN);
      askForAll(fd);
    },
  ],
};

for (const name of ["online", "commands"]) {
  command(ports[name], "E0+CIPSRIP=0;+CIPSENDMODE=1");
  command(ports[name], `+CIPMODE=${name === "online" ? 1 : 0};+NETOPEN`, "\r\n+NETOPEN: 0\r\n");
}
const rows = [["", "MB/s", "of the bare pump", "CPU ms/MB"]];
for (const [name, [port, bare, ours]] of Object.entries(WAYS)) {
  const found = { pump: [], modem: [] };
  for (let round = 0; round < ROUNDS; round++) {
    found.pump.push(measure(() => bare(ports.pump), pump, SIZE));
    found.modem.push(measure(() => ours(ports[port]), responders[port], SIZE));
  }
  const ratio = median(found.modem.map(({ speed }, round) => speed / found.pump[round].speed));
  const told = (figure) => median(found.modem.map((one) => one[figure])).toFixed(1);
  rows.push([name, told("speed"), ratio.toFixed(2), told("cpu")]);
}
printTable(rows);
for (const fd of Object.values(ports)) closeSync(fd);
process.exit();
