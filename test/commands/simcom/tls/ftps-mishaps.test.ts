import { describe, expect, onTestFinished, test } from "vitest";
import { type Action, fakeServer } from "../../../protocols/ftp/fake-server.ts";
import { framed, info, OK } from "../../../support/framing.ts";
import { socketModem } from "../../../support/socket-modem.ts";

const PATIENCE = 120_000;

/** What a server does at a step, and the code that follows. */
const MISHAPS: ReadonlyArray<readonly [string, Action, number]> = [
  ["refuses for good", "502 no", 9],
  ["refuses for now", "421 later", 9],
  ["resets", (dialogue) => dialogue.reset(), 4],
  ["is silent", () => undefined, 5],
  ["says what is no FTP", "what?", 2],
  ["says more than fits", `200 ${"x".repeat(5000)}`, 7],
  ["ends", (dialogue) => dialogue.end(), 4],
];

async function against(actions: Record<string, Action>) {
  const server = await fakeServer(actions);
  onTestFinished(() => server.close());
  const parts = await socketModem({ server });
  await parts.dte.command("AT+CFTPSSTART;+CFTPSSINGLEIP=1\r", OK + framed("+CFTPSSTART: 0"));
  return { ...parts, server };
}

const login = (type: number) => `AT+CFTPSLOGIN="ftp.example",21,"me","secret",${type}\r`;
const done = (name: string, code: number) => framed(`+CFTPS${name}: ${code}`);

describe.each(MISHAPS)("a server that %s", (_what, action, code) => {
  const isSilent = code === 5;

  test.each(["GREETING", "AUTH", "USER", "PASS"])("at %s", async (step) => {
    const { dte, server, recording } = await against({ [step]: action });
    dte.send(login(step === "AUTH" ? 2 : 0));
    await dte.expect(OK);
    if (step !== "GREETING") await server.received(step);
    await dte.expect(done("LOGIN", code), { within: isSilent ? PATIENCE : 0 });
    await dte.command("AT+CFTPSSTATE\r", info("+CFTPSSTATE: 1,0"));
    expect(server.commands.some((line) => line.startsWith("PASS"))).toBe(step === "PASS");
    expect(await recording.allClosed(AbortSignal.timeout(5000))).toBe(true);
  });

  test.each([
    ["TYPE", "+CFTPSGET", '"/a"'],
    ["RETR", "+CFTPSGET", '"/a"'],
    ["LIST", "+CFTPSLIST", '"/"'],
    ["RETR", "+CFTPSGETFILE", '"/a"'],
  ])("at %s of AT%s", async (step, command, argument) => {
    const { dte, server } = await against({ [step]: action });
    await dte.command(login(0), OK + done("LOGIN", 0));
    await dte.command(`AT${command}=${argument}\r`, OK);
    await server.received(step);
    await dte.expect(framed(`${command}: ${code}`), { within: isSilent ? PATIENCE : 0 });
    // A refusal leaves the session; after anything else it is gone.
    await dte.command("AT+CFTPSSTATE\r", info(`+CFTPSSTATE: ${code === 9 ? 3 : 1},0`));
  });
});
