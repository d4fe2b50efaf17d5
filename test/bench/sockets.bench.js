/**
 * How fast sockets carry data between a host and a server: in online data mode, by AT+CIPSEND, printed as they come and by
 * AT+CIPRXGET; as ratios to the same bytes through a bare pty that node pumps to and from a TCP connection, and where each part
 * is asked for, to a bare program that has the same exchange. The host is this process, which reads and writes its end
 * blocking, as a C program does. Aim: 0.8.
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

const ROUNDS = 7;
/** So many that what V8 takes to make the modem fast does not count in the middle one of the rounds. */
const SIZE = 9 * MB;
/** Most that AT+CIPSEND and AT+CIPRXGET take, and how many AT+CIPSEND are under way: a host need not wait for the prompt. */
const PART = 1500;
const DEPTH = 10;

const ANSWER = "\r\n>\r\nOK\r\n\r\n+CIPSEND: 0,1500,1500\r\n".length;
const CLOSED = "\r\n+IPCLOSE: 0,1\r\n";
const GONE = "\r\n+IPCLOSE: 0,1\r\n\r\nCLOSED\r\n";

const peer = await start("ftp-peer.js");
const pump = await start("bare-pump.js", String(peer.bare));
const exchange = await start("bare-exchange.js", String(peer.bare), String(PART));
const responders = { pump, exchange, online: await startModem(), commands: await startModem() };
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

/** Sends all bytes part by part. */
function sendAll(fd) {
  for (let left = SIZE / PART; left > 0; left -= DEPTH) {
    writeAll(fd, batch);
    receive(fd, DEPTH * ANSWER);
  }
}

/** Asks for all that comes, part by part, and waits for what comes unasked between the parts or behind them. */
function askForAll(fd, unasked) {
  const chunk = Buffer.alloc(4 * PART);
  let got = "";
  let isThere = unasked === undefined;
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
      isThere ||= got.slice(0, answer.index).includes(unasked);
      got = got.slice(end);
      break;
    }
  }
  while (!isThere && !got.includes(unasked)) got += chunk.toString("latin1", 0, readSync(fd, chunk));
}

const exchangeUp = (fd) => {
  writeAll(fd, Buffer.from(`${UP}\r`));
  awaitEnd(fd, ">");
  sendAll(fd);
  awaitEnd(fd, "K");
};
const exchangeDown = (fd) => {
  writeAll(fd, Buffer.from(`${DOWN}\r`));
  askForAll(fd);
};
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

/** Each way: the port that it is measured on, what the bare pump does for the same bytes, and the bare exchange, where there is one. */
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
      sendAll(fd);
      awaitEnd(fd, CLOSED);
    },
    exchangeUp,
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
      askForAll(fd, CLOSED);
    },
    exchangeDown,
  ],
};

for (const name of ["online", "commands"]) {
  command(ports[name], "E0+CIPSRIP=0;+CIPSENDMODE=1");
  command(ports[name], `+CIPMODE=${name === "online" ? 1 : 0};+NETOPEN`, "\r\n+NETOPEN: 0\r\n");
}
const rows = [["", "MB/s", "of the bare pump", "of the bare exchange", "CPU ms/MB"]];
for (const [name, [port, bare, ours, asked]] of Object.entries(WAYS)) {
  const found = { pump: [], exchange: [], modem: [] };
  for (let round = 0; round < ROUNDS; round++) {
    found.pump.push(measure(() => bare(ports.pump), pump, SIZE));
    found.modem.push(measure(() => ours(ports[port]), responders[port], SIZE));
    if (asked !== undefined) found.exchange.push(measure(() => asked(ports.exchange), exchange, SIZE));
  }
  const ratio = (others) => median(found.modem.map(({ speed }, round) => speed / others[round].speed)).toFixed(2);
  const told = (figure) => median(found.modem.map((one) => one[figure])).toFixed(1);
  rows.push([name, told("speed"), ratio(found.pump), asked === undefined ? "" : ratio(found.exchange), told("cpu")]);
}
printTable(rows);
for (const fd of Object.values(ports)) closeSync(fd);
process.exit();
