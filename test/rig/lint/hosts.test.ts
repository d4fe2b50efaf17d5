import { expect, test } from "vitest";
import type { RigModemOptions } from "../../../src/rig/options.ts";
import { type Finding, lintBench } from "./bench.ts";

type Bench = Awaited<ReturnType<typeof lintBench>>;

interface Session {
  readonly options?: RigModemOptions;
  readonly play: (bench: Bench) => Promise<void>;
  readonly findings: readonly Finding[];
}

const ACTION = 'AT+CHTTPACT="www.mywebsite.com",80';
const REQUEST = "GET / HTTP/1.1\r\nHost: www.mywebsite.com\r\n\r\n";
const ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/** Sends pieces one after the other, each after what the one before has caused. */
async function send({ dte, settle }: Bench, ...pieces: readonly string[]): Promise<void> {
  for (const piece of pieces) {
    dte.send(piece);
    await settle();
  }
}

/** Requests a page; `data` are the pieces of what the host enters. */
async function request(bench: Bench, ...data: readonly string[]): Promise<void> {
  bench.network.script({ acts: [ANSWER] });
  await send(bench, `${ACTION}\r`, ...data);
}

/** Passes virtual time. */
async function pass({ clock, settle }: Bench, ms: number): Promise<void> {
  await clock.advance(ms);
  await settle();
}

const MAIL = 'AT+SMTPSRV="mail";+SMTPFROM="me@example.com"';
const recipients = (...addresses: readonly string[]) =>
  addresses.map((address, index) => `+SMTPRCPT=0,${index},"${address}"`).join(";");

const POP3 = ["+OK\r\n", "+OK\r\n", "+OK\r\n"];

test.each<[string, Session]>([
  [
    "lines one after the other",
    { play: (bench) => send(bench, "AT\r", "AT+CSQ\r\n", "at+csq;+creg?\r", "A/"), findings: [] },
  ],
  [
    "a second line in the same write",
    { play: (bench) => send(bench, "AT+CSQ\rAT+CREG?\r"), findings: [["early-command", "AT+CSQ\rAT+CREG?\r"]] },
  ],
  ["A/ behind a line", { play: (bench) => send(bench, "AT\rA/"), findings: [["early-command", "AT\rA/"]] }],
  ["the beginning of the next line behind a line", { play: (bench) => send(bench, "AT\rAT", "+CSQ\r"), findings: [] }],
  [
    "a line while another one holds the line",
    {
      play: async (bench) => {
        bench.network.script({ unanswered: true });
        await send(bench, `${ACTION}\r`, "AT+CSQ\r");
        await pass(bench, 300_000);
      },
      findings: [["early-command", "AT+CSQ\r"]],
    },
  ],
  [
    "a line while an asynchronous command runs",
    {
      play: async (bench) => {
        bench.network.script({ acts: ["silence"] });
        await send(bench, 'AT+POP3SRV="mail","user","pw"\r', "AT+POP3IN\r", "AT+CSQ\r", "AT\r");
      },
      findings: [],
    },
  ],
  ["noise between lines", { play: (bench) => send(bench, "\r\n\0xyz", "AT\r", "+++", "AT\r"), findings: [] }],
  [
    "data before the prompt",
    {
      options: { dialect: "field" },
      play: async (bench) => {
        await request(bench, REQUEST, "\x1a");
        await pass(bench, 50);
        await send(bench, `${REQUEST}\x1a`);
      },
      findings: [["early-data", REQUEST]],
    },
  ],
  [
    "a line feed and a Ctrl-Z before the prompt",
    {
      options: { dialect: "field" },
      play: async (bench) => {
        bench.network.script({ acts: [ANSWER] });
        await send(bench, `${ACTION}\r\n\x1a`);
        await pass(bench, 50);
        await send(bench, `${REQUEST}\x1a`);
        await pass(bench, 1000);
      },
      findings: [],
    },
  ],
  ["LF alone", { play: (bench) => send(bench, "AT\n"), findings: [["line-feed-only", "AT\n"]] }],
  ["LF alone, byte by byte", { play: (bench) => send(bench, ..."AT+CSQ\n"), findings: [["line-feed-only", "\n"]] }],
  [
    "LF alone, again",
    {
      play: (bench) => send(bench, "AT\n", "AT\n"),
      findings: [
        ["line-feed-only", "AT\n"],
        ["line-feed-only", "AT\n"],
      ],
    },
  ],
  ["a line feed inside a line", { play: (bench) => send(bench, 'AT+SMTPSUB="a\nb"\r'), findings: [] }],
  ["LF as S3", { play: (bench) => send(bench, "ATS3=10\r", "AT\n"), findings: [] }],
  [
    "a line of 557 characters",
    {
      play: (bench) => send(bench, `AT+SMTPSUB="${"x".repeat(544)}"\r`),
      findings: [["long-line", `AT+SMTPSUB="${"x".repeat(544)}"\r`]],
    },
  ],
  ["a line of 556 characters", { play: (bench) => send(bench, `AT+SMTPSUB="${"x".repeat(543)}"\r`), findings: [] }],
  ["an unknown command", { play: (bench) => send(bench, "AT+CHTPACT\r"), findings: [["unknown-command", "+CHTPACT"]] }],
  ["a form that a command lacks", { play: (bench) => send(bench, "AT+CSQ=7\r"), findings: [] }],
  ["a whole request", { play: (bench) => request(bench, `${REQUEST}\x1a`, "AT\r"), findings: [] }],
  ["a request in pieces", { play: (bench) => request(bench, ...REQUEST, "\x1a", "\r\n"), findings: [] }],
  [
    "a bare Ctrl-Z in the data",
    {
      play: (bench) => request(bench, `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab\x1adefghi\x1a`),
      findings: [["unescaped", `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab\x1adefghi\x1a`]],
    },
  ],
  [
    "a bare Ctrl-Z in data whose rest comes later",
    { play: (bench) => request(bench, `${REQUEST}ab\x1a`, "defghi\x1a"), findings: [["unescaped", "defghi\x1a"]] },
  ],
  [
    "a late Ctrl-Z and line ends",
    { play: (bench) => request(bench, `${REQUEST}\x1a`, "\x1a\r\n", "AT\r"), findings: [] },
  ],
  [
    "noise long after the data",
    {
      play: async (bench) => {
        await request(bench, `${REQUEST}\x1a`);
        await pass(bench, 5000);
        await send(bench, "+++");
      },
      findings: [],
    },
  ],
  [
    "every byte value, escaped",
    {
      play: (bench) => {
        const body = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join("");
        const escaped = body.replaceAll("\x03", "\x03\x03").replace("\x1a", "\x03\x1a");
        return request(bench, `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 256\r\n\r\n${escaped}\x1a`);
      },
      findings: [],
    },
  ],
  [
    "ETX and Ctrl-Z as the end, then silence",
    {
      play: async (bench) => {
        await request(bench, `${REQUEST}\x03\x1a`);
        await pass(bench, 120_000);
      },
      findings: [["unescaped", `${REQUEST}\x03\x1a`]],
    },
  ],
  [
    "ETX and Ctrl-Z as the end, then a second Ctrl-Z",
    { play: (bench) => request(bench, `${REQUEST}\x03\x1a`, "\x1a"), findings: [["unescaped", "\x1a"]] },
  ],
  [
    "a Ctrl-Z at the end of the data, escaped",
    { play: (bench) => request(bench, `${REQUEST}\x03\x1a\x1a`), findings: [] },
  ],
  [
    "no Ctrl-Z",
    {
      play: async (bench) => {
        await request(bench, REQUEST);
        await pass(bench, 120_000);
      },
      findings: [["unended", REQUEST]],
    },
  ],
  [
    "a service without a SIM",
    {
      options: { sim: "absent" },
      play: (bench) => send(bench, "AT+CSQ\r", `${ACTION}\r`, "AT+CHTTPACT=?\r"),
      findings: [["needs-network", "+CHTTPACT"]],
    },
  ],
  [
    "a service without registration",
    {
      play: async (bench) => {
        bench.modem.module.radio.move({ registration: "none" });
        await send(bench, "AT+CREG?\r", `${ACTION}\r`);
      },
      findings: [["needs-network", "+CHTTPACT"]],
    },
  ],
  [
    "a message without registration",
    {
      play: async (bench) => {
        bench.modem.module.radio.move({ registration: "none" });
        await send(bench, "AT+CMGF=1\r", 'AT+CMGS="+15555550142"\r', "hello\x1a");
      },
      findings: [["needs-network", "+CMGS"]],
    },
  ],
  [
    "POP3 without a session",
    {
      play: (bench) => send(bench, "AT+POP3NUM\r", "AT+POP3LIST=?\r", "AT+POP3STOP\r"),
      findings: [["stale-session", "+POP3NUM"]],
    },
  ],
  [
    "a second log-in",
    {
      play: async (bench) => {
        bench.network.script({ acts: [...POP3, "silence"] });
        await send(bench, 'AT+POP3SRV="mail","user","pw"\r', "AT+POP3IN\r", "AT+POP3NUM\r", "AT+POP3IN\r");
      },
      findings: [["stale-session", "+POP3IN"]],
    },
  ],
  [
    "a recipient twice",
    {
      play: (bench) => send(bench, `${MAIL};${recipients("a@b.c", "d@e.f", "A@b.c")}\r`, "AT+SMTPSEND\r"),
      findings: [["repeated-recipient", "+SMTPSEND"]],
    },
  ],
  [
    "two recipients",
    { play: (bench) => send(bench, `${MAIL};${recipients("a@b.c", "d@e.f")}\r`, "AT+SMTPSEND\r"), findings: [] },
  ],
  [
    "header lines that end with CR alone",
    {
      play: (bench) => request(bench, "GET / HTTP/1.0\rHost: x\r\r\x1a"),
      findings: [["http-header", "GET / HTTP/1.0\rHost: x\r\r\x1a"]],
    },
  ],
  [
    "a header without its empty line",
    {
      play: (bench) => request(bench, "GET / HTTP/1.0\r\nHost: x\r\n\x1a"),
      findings: [["http-header", "GET / HTTP/1.0\r\nHost: x\r\n\x1a"]],
    },
  ],
  [
    "no Host in HTTP/1.1",
    {
      play: (bench) => request(bench, "GET / HTTP/1.1\r\n\r\n\x1a"),
      findings: [["http-header", "GET / HTTP/1.1\r\n\r\n\x1a"]],
    },
  ],
  ["no Host in HTTP/1.0", { play: (bench) => request(bench, "GET / HTTP/1.0\r\n\r\n\x1a"), findings: [] }],
  ["an empty request", { play: (bench) => request(bench, "\x1a"), findings: [] }],
  [
    "3 KiB while a command runs",
    {
      play: (bench) => send(bench, `AT+CSQ\r${"x".repeat(3000)}`),
      findings: [["flow-control", `AT+CSQ\r${"x".repeat(3000)}`]],
    },
  ],
  [
    "3 KiB while a command runs, with flow control",
    { play: (bench) => send(bench, "AT+IFC=2,2\r", `AT+CSQ\r${"x".repeat(3000)}`), findings: [] },
  ],
  [
    "3 KiB of data",
    { play: (bench) => request(bench, `${REQUEST}${"x".repeat(3000)}`, `${"x".repeat(3000)}\x1a`), findings: [] },
  ],
  [
    "the module's output comes back",
    {
      play: (bench) => send(bench, "AT\r", "\r\nOK\r\n", "AT+CREG?\r", "\r\n+CREG: 0,1\r\n\r\nOK\r\n"),
      findings: [["echo-loop", "\r\n+CREG: 0,1\r\n\r\nOK\r\n"]],
    },
  ],
  [
    "the same request twice",
    {
      play: async (bench) => {
        const header = "GET / HTTP/1.1\r\nHost: x\r\nAccept: */*\r\nUser-Agent: y\r\nConnection: close\r\n\r\n";
        for (let round = 0; round < 2; round++) await request(bench, ...header.split(/(?<=\n)/), "\x1a");
      },
      findings: [],
    },
  ],
])("%s", async (_, { options, play, findings }) => {
  const bench = await lintBench(options);
  await play(bench);
  expect(bench.findings()).toEqual(findings);
});
