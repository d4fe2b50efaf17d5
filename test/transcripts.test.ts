import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { memoryPair } from "../src/transport/memory.ts";
import { openPty } from "../src/transport/pty.ts";
import { parseTranscript } from "./support/parse-transcript.ts";
import { playTranscript } from "./support/play-transcript.ts";
import { PtyHost } from "./support/pty-host.ts";

const folder = join(import.meta.dirname, "..", "fixtures", "transcripts");

/** Lines of literal sessions that are not played, each with its reason. */
const SKIPPED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "field-sim5216-ntrip.txt": {
    "< START": "the boot comes before the first line of a transcript",
    "> AT+CPIN=****": "the PIN was pending on that module; without one decisions 10 has +CME ERROR: 3",
    "< OK (to AT+CPIN)": "as above",
    "< PB DONE": "a late piece of that module's boot",
  },
  "field-sim5320a-bring-up.txt": {
    "< +NETCLOSE: 2": "decisions 10 has the older text of SIM5216 and SIM5320E",
    "< ... (the rest of ATI)": "garbled in the log by a buffer overrun",
  },
  "field-sim5320e-netopen.txt": {
    '> AT+CHTTPSOPSE="www.dweet.io",80,1': "field-sim5320e-https.txt plays the session",
    "> AT+CHTTPSSEND=81": "as above",
    "> AT+CHTTPSSEND": "as above",
    "> AT+CHTTPSRECV?": "as above",
    "> AT+CHTTPSRECV=378": "as above",
  },
  "field-pop3.txt": {
    "< C:/Email/090901120000/, EMAIL11090901120000000.TXT":
      "two stamps run together; field.md 3 has the form of the text",
  },
  "manual-smtp.txt": {
    '< +SMTPAUTH: 0, "username", "password"': "an erratum: the flag was set to 1 (decisions 3)",
    '< +SMTPFROM: "senderaddress@server.com","sendename"': "reads have a space after the comma (decisions 3)",
    '< +SMTPRCPT:0,0,"rcptaddress_to@server.com","rcptname_to"': "reads have a space (decisions 3)",
    "< +SMTPRCPT:0,0,... and +SMTPRCPT:1,0,...": "as above",
  },
  "manual-http.txt": {
    "< +CHTTPACT: DATA, 249": "the packet printed in the manual holds 227 bytes",
    "< +CHTTPACT: DATA, 234":
      "the packet printed in the manual holds 232 bytes, and its body 62 where its header says 54",
  },
};

const transcripts = readdirSync(folder)
  .filter((name) => name.endsWith(".txt"))
  .map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));

describe.each(transcripts)("$name", ({ name, text }) => {
  const transcript = parseTranscript(text);

  test("says what it specifies and where it comes from", () => {
    expect(text).toMatch(/^# spec: \S.*\n(# .*\n)*?# origin: (manual|field|constructed)/);
  });

  test("skips only what the skip list has a reason for", () => {
    expect(transcript.skipped.toSorted()).toEqual(Object.keys(SKIPPED[name] ?? {}).toSorted());
  });

  test("plays over memory", async () => {
    const { module, host } = memoryPair();
    await playTranscript(transcript, { medium: "memory", module, host });
  });

  test("plays over a pty", async () => {
    const module = await openPty();
    const host = new PtyHost(module.device);
    try {
      await playTranscript(transcript, { medium: "pty", module, host });
    } finally {
      host.close();
    }
  });
});
