import { describe, expect, test } from "vitest";
import { ERROR, OK } from "../support/framing.ts";
import { modemOnMemory } from "../support/modem-on-memory.ts";
import { showBytes } from "../support/show-bytes.ts";

/** What the host sends, and every byte that comes back, echo included. */
type Row = readonly [name: string, sent: string, received: string];

const repeated = (byte: string, times: number) => byte.repeat(times);

const prefixRows: readonly Row[] = [
  ["AT", "AT\r", `AT\r${OK}`],
  ["at", "at\r", `at\r${OK}`],
  ["At", "At\r", `At\r${OK}`],
  ["aT", "aT\r", `aT\r${OK}`],
  ["an A too much", "AAT\r", `AT\r${OK}`],
  ["a space in AT is noise", "A T\rAT\r", `AT\r${OK}`],
  ["noise before it", "\x00\xff+++ hello, world!AT\r", `AT\r${OK}`],
  ["noise with an A in it", "bAbaAT\r", `AT\r${OK}`],
  ["line feeds and spaces before it", "\n\n  AT\r", `AT\r${OK}`],
  ["a stray Ctrl-Z before it", "\x1aAT\r", `AT\r${OK}`],
  ["a stray ESC before it", "\x1bAT\r", `AT\r${OK}`],
  ["control characters in it", "A\x1bT\x1aE\x001\x07\r", `ATE1\r${OK}`],
  ["a lone CR", "\r\r\r", ""],
  ["an empty line", "\r\n\r\n", ""],
  ["noise and a CR", "hello\r", ""],
  ["+++", "+++", ""],
  ["+++ and a command", "+++\rAT\r", `AT\r${OK}`],
];

const endRows: readonly Row[] = [
  ["CR LF", "AT\r\nAT\r\n", `AT\r${OK}AT\r${OK}`],
  ["CR CR", "AT\r\rAT\r", `AT\r${OK}AT\r${OK}`],
  ["CR CR LF", "AT\r\r\nAT\r\r\n", `AT\r${OK}AT\r${OK}`],
  ["LF alone ends nothing", "AT\nE1\n\r", `ATE1\r${OK}`],
  ["LF CR", "AT\n\rAT\n\r", `AT\r${OK}AT\r${OK}`],
  ["a space before the CR", "AT+CMEE=1 \rAT+CMEE? \r", `AT+CMEE=1 \r${OK}AT+CMEE? \r\r\n+CMEE: 1\r\n${OK}`],
];

const repeatRows: readonly Row[] = [
  ["A/ repeats without a CR", "AT+CMEE?\rA/", `AT+CMEE?\r\r\n+CMEE: 2\r\n${OK}A/\r\n+CMEE: 2\r\n${OK}`],
  ["a/ does too", "AT+CMEE?\ra/", `AT+CMEE?\r\r\n+CMEE: 2\r\n${OK}a/\r\n+CMEE: 2\r\n${OK}`],
  ["A/ before any line", "A/", `A/${OK}`],
  ["A/ twice", "ATX\rA/A/", `ATX\r${OK}A/${OK}A/${OK}`],
  ["A/ and a needless CR LF", "ATX\rA/\r\nAT\r", `ATX\r${OK}A/${OK}AT\r${OK}`],
  ["A/ repeats an error", "ATY\rA/", `ATY\r${ERROR}A/${ERROR}`],
  [
    "A/ after a line that was too long",
    `ATX\rAT${repeated("X", 2049)}\rA/`,
    `ATX\r${OK}AT${repeated("X", 2049)}\r${ERROR}A/${OK}`,
  ],
];

const editingRows: readonly Row[] = [
  ["BS erases", "ATY\bX\r", `ATY\b \bX\r${OK}`],
  ["DEL erases", "ATY\x7fX\r", `ATY\b \bX\r${OK}`],
  ["erasing the T", "AT\bTX\r", `AT\b \bTX\r${OK}`],
  ["erasing the prefix", "AT\b\bAT\r", `AT\b \b\b \bAT\r${OK}`],
  ["erasing past the prefix", "AT\b\b\b\bAT\r", `AT\b \b\b \bAT\r${OK}`],
  ["a prefix erased is no line", "AT\b\b\r", "AT\b \b\b \b"],
  ["another letter in place of the T", "AT\bX\rAT\r", `AT\b \bAT\r${OK}`],
  ["A/ by way of AT", "ATX\rAT\b/", `ATX\r${OK}AT\b \b/${OK}`],
  ["erasing nothing", "\b\x7fAT\r", `AT\r${OK}`],
  ["S5 changed to #", "ATS5=35\rATY#X\r", `ATS5=35\r${OK}ATY\b \bX\r${OK}`],
  ["S5 changed: BS is ignored, DEL erases", "ATS5=35\rATX\bY\x7f\r", `ATS5=35\r${OK}ATXY\b \b\r${OK}`],
];

const limitRows: readonly Row[] = [
  ["2048 bytes", `AT${repeated("X", 2048)}\r`, `AT${repeated("X", 2048)}\r${OK}`],
  ["2049 bytes", `ATV0${repeated("X", 2047)}\rAT\r`, `ATV0${repeated("X", 2047)}\r${ERROR}AT\r${OK}`],
  ["5000 bytes", `AT${repeated("X", 5000)}\rAT\r`, `AT${repeated("X", 5000)}\r${ERROR}AT\r${OK}`],
  ["2049 bytes, one erased", `AT${repeated("X", 2049)}\b\r`, `AT${repeated("X", 2049)}\b \b\r${OK}`],
  ["2050 bytes, one erased", `AT${repeated("X", 2050)}\b\r`, `AT${repeated("X", 2050)}\b \b\r${ERROR}`],
];

const echoRows: readonly Row[] = [
  ["as typed", "aTe1+cMeE?\r", `aTe1+cMeE?\r\r\n+CMEE: 2\r\n${OK}`],
  ["ATE0 is echoed itself", "ATE0\rAT\r", `ATE0\r${OK}${OK}`],
  ["ATE0 silences erasing and A/", "ATE0\rATY\bX\rA/", `ATE0\r${OK}${OK}${OK}`],
  ["ATE is ATE0", "ATE\rAT\r", `ATE\r${OK}${OK}`],
  ["ATE1 brings it back", "ATE0\rATE1\rAT\r", `ATE0\r${OK}${OK}AT\r${OK}`],
  ["with an error on the line", "ATE0Y\rAT\r", `ATE0Y\r${ERROR}${OK}`],
];

const concatenationRows: readonly Row[] = [
  ["basic commands run on", "ATE0V1&C1X4S0=0\r", `ATE0V1&C1X4S0=0\r${OK}`],
  [
    "extended ones after semicolons",
    "AT+CMEE?;+CIPMODE?\r",
    `AT+CMEE?;+CIPMODE?\r\r\n+CMEE: 2\r\n\r\n+CIPMODE: 0\r\n${OK}`,
  ],
  ["extended after basic without one", "ATX1+CMEE?\r", `ATX1+CMEE?\r\r\n+CMEE: 2\r\n${OK}`],
  ["basic after extended with one", "AT+CMEE=1;X1\r", `AT+CMEE=1;X1\r${OK}`],
  [
    "basic after extended without one",
    "AT+CMEE=1X1\rAT+CMEE?\r",
    `AT+CMEE=1X1\r${ERROR}AT+CMEE?\r\r\n+CMEE: 2\r\n${OK}`,
  ],
  ["a semicolon at the end", "AT+CMEE=1;\r", `AT+CMEE=1;\r${OK}`],
  ["spaces around semicolons", "AT +CMEE = 1 ; +CMEE? ;\r", `AT +CMEE = 1 ; +CMEE? ;\r\r\n+CMEE: 1\r\n${OK}`],
  [
    "stops at the first failure",
    "AT+CMEE=1;+NOSUCH;+CMEE=0\rAT+CMEE?\r",
    `AT+CMEE=1;+NOSUCH;+CMEE=0\r${ERROR}AT+CMEE?\r\r\n+CMEE: 1\r\n${OK}`,
  ],
  [
    "what stands before a malformed tail still runs",
    "AT+CMEE=0;!\rAT+CMEE?\r",
    `AT+CMEE=0;!\r${ERROR}AT+CMEE?\r\r\n+CMEE: 0\r\n${OK}`,
  ],
  ["a semicolon in quotes", 'AT+CGSOCKCONT=1,"IP","a;b";+CMEE=1\r', `AT+CGSOCKCONT=1,"IP","a;b";+CMEE=1\r${OK}`],
  ["S-registers run on", "ATS7=60S8=3S7?\r", `ATS7=60S8=3S7?\r\r\n060\r\n${OK}`],
  ["spaces in basic commands", "AT E 1 V 1 S 7 = 9 S7?\r", `AT E 1 V 1 S 7 = 9 S7?\r\r\n009\r\n${OK}`],
];

describe.each([
  ["the prefix", prefixRows],
  ["the end of a line", endRows],
  ["A/", repeatRows],
  ["editing", editingRows],
  ["the limit", limitRows],
  ["echo", echoRows],
  ["concatenation", concatenationRows],
] as const)("a command line: %s", (_, rows) => {
  test.each(rows)("%s", async (_name, sent, received) => {
    const { dte } = await modemOnMemory();
    dte.send(sent);
    await dte.expect(received);
    await dte.expectNothing();
  });

  test.each(rows.filter(([, sent]) => sent.length < 1000))("%s, one byte at a time", async (_name, sent, received) => {
    const { dte } = await modemOnMemory();
    let got = "";
    for (const byte of sent) {
      dte.send(byte);
      got += dte.take();
    }
    await new Promise(setImmediate);
    expect(showBytes(got + dte.take())).toBe(showBytes(received));
  });
});
