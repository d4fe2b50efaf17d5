import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseTranscript, type Transcript } from "./support/parse-transcript.ts";
import {
  ANSWER_TIMEOUT,
  playAtPort,
  prepareModule,
  whyNotAtPort,
  whyNotBeforeOthers,
  whyNotTo,
} from "./support/play-at-port.ts";
import { startProgram } from "./support/program.ts";

/*
 * The golden transcripts, played to a module at a serial port: to the one at the device that MODEM_PORT names, and without it
 * to a vmodem in another process, which is started in the dialect and identity of each.
 */
const DEVICE = process.env.MODEM_PORT;
const FOLDER = join(import.meta.dirname, "..", "fixtures", "transcripts");

async function startOurs({ dialect = "manual", identity = "wcdma" }: Transcript["options"]): Promise<string> {
  const named = identity.startsWith("{") ? [] : ["--identity", identity];
  const program = startProgram(["start", "--json", "--dialect", dialect, ...named]);
  return JSON.parse(await program.waitFor("\n")).port;
}

const transcripts = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".txt"))
  .map((name) => {
    const text = readFileSync(join(FOLDER, name), "utf8");
    return { name, text, transcript: parseTranscript(text) };
  });

const played = transcripts.filter(({ transcript }) => whyNotAtPort(transcript) === undefined);

describe(`the module at ${DEVICE ?? "the port of another vmodem"}`, () => {
  test.for(transcripts)("plays $name", { timeout: 4 * ANSWER_TIMEOUT }, async ({ text, transcript }, { skip }) => {
    const reason = whyNotAtPort(transcript) ?? (DEVICE === undefined ? undefined : whyNotBeforeOthers(transcript));
    skip(reason !== undefined, reason);
    const port = DEVICE ?? (await startOurs(transcript.options));
    const otherModel = whyNotTo(await prepareModule(port), transcript);
    skip(otherModel !== undefined, otherModel);
    expect(await playAtPort(text, port)).toEqual({});
  });
});

test("of the transcripts, those that need the module alone are played at a port", () => {
  expect(played.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      "boot-sim5216.txt",
      "boot-sim5218.txt",
      "boot-sim5320.txt",
      "boot-wcdma.txt",
      "field-sim5320a-bring-up.txt",
      "field-sim5320a-sockets.txt",
      "field-sim5320e-netopen.txt",
    ]),
  );
});

test.each([
  ["! answer", "needs servers, faults or calls that act as it says"],
  ["! call 10011", "needs servers, faults or calls that act as it says"],
  ['!" text', "needs servers, faults or calls that act as it says"],
  ["> AT\n~ 200\n< OK", "needs a virtual clock"],
  ["> AT\n~< 200\n< OK", undefined],
  ["@ sim pin\n> AT", "needs a module with sim pin"],
])("a transcript with %j: %s", (text, reason) => {
  expect(whyNotAtPort(parseTranscript(text))).toBe(reason);
});

test.each([
  ["> AT+CPOF\n< OK", "switches the module off"],
  ["> AT\n< OK", undefined],
])("before others, a transcript with %j: %s", (text, reason) => {
  expect(whyNotBeforeOthers(parseTranscript(text))).toBe(reason);
});

test.each([
  ["@ identity sim5320\n> AT", "needs a SIMCOM_SIM5320E, and the module is a SIMCOM_WCDMA"],
  ['@ identity {"model": "SIM7"}\n> AT', "needs a SIM7, and the module is a SIMCOM_WCDMA"],
  ['@ identity {"imei": "1"}\n> AT', undefined],
  ["@ identity wcdma\n> AT", undefined],
])("to the neutral module, a transcript with %j: %s", (text, reason) => {
  expect(whyNotTo("SIMCOM_WCDMA", parseTranscript(text))).toBe(reason);
});

test.runIf(DEVICE === undefined)(
  "a transcript that changes settings of sockets changes nothing of the next",
  async () => {
    const port = await startOurs({ dialect: "field", identity: "sim5320" });
    for (const name of ["field-sim5320a-sockets.txt", "field-sim5320e-netopen.txt"]) {
      await prepareModule(port);
      expect(await playAtPort(readFileSync(join(FOLDER, name), "utf8"), port), name).toEqual({});
    }
  },
);

test.runIf(DEVICE === undefined)("a module that says something else than a transcript is found out", async () => {
  const port = await startOurs({});
  await prepareModule(port);
  const { difference } = await playAtPort("> AT+CGMM\n< SIMCOM_OTHER\n< OK\n", port);
  expect(difference?.join("\n")).toMatch(/^- < SIMCOM_OTHER<CR><LF>$/m);
  expect(difference?.join("\n")).toMatch(/^\+ < SIMCOM_WCDMA<CR><LF>$/m);
});
