import { describe, expect, test } from "vitest";
import { AT_LIMITS } from "../../../src/at/limits.ts";
import { modemOnMemory } from "../../support/modem-on-memory.ts";

const PROMPT = "\r\n>> ";
const OK = "\r\nOK\r\n";
const read = (body: string) => `\r\n+SMTPBODY: "${body}"\r\n${OK}`;

async function prompted(echo: 0 | 1) {
  const modem = await modemOnMemory();
  const { dte } = modem;
  if (echo === 0) await dte.command("ATE0\r", "ATE0\r\r\nOK\r\n");
  await dte.command("AT+SMTPBODY\r", `${echo === 0 ? "" : "AT+SMTPBODY\r"}${PROMPT}`);
  return modem;
}

describe("the body prompt", () => {
  test("takes a text to Ctrl-Z, and the command reads it back", async () => {
    const { dte } = await prompted(0);
    await dte.command("This is a testmail.\x1a", OK);
    await dte.command("AT+SMTPBODY?\r", read("This is a testmail."));
  });

  test("echoes as it was typed, CR and LF too, and neither Ctrl-Z", async () => {
    const { dte } = await prompted(1);
    await dte.command("one\r\ntwo\rthree\nx\b\x1a", `one\r\ntwo\rthree\nx\b \b${OK}`);
    await dte.command("AT+SMTPBODY?\r", `AT+SMTPBODY?\r${read("one\r\ntwo\rthree\n")}`);
  });

  test("with ESC leaves the body empty and answers OK", async () => {
    const { dte } = await prompted(0);
    await dte.command("This is a testmail.\x1b", OK);
    await dte.command("AT+SMTPBODY?\r", read(""));
  });

  test.each(["\x1a", "\x1b"])("ends with %j as the first byte, too", async (end) => {
    const { dte } = await prompted(1);
    await dte.command(end, OK);
    await dte.command("AT+SMTPBODY?\r", `AT+SMTPBODY?\r${read("")}`);
  });

  test("clears the body that was there", async () => {
    const { dte } = await modemOnMemory();
    await dte.command('ATE0+SMTPBODY="old"\r', 'ATE0+SMTPBODY="old"\r\r\nOK\r\n');
    await dte.command("AT+SMTPBODY\r", PROMPT);
    await dte.command("\x1b", OK);
    await dte.command("AT+SMTPBODY?\r", read(""));
  });

  test("drops the line feed after its command's CR, and only that one", async () => {
    const { dte } = await prompted(0);
    await dte.command("\n\nx\x1a", OK);
    await dte.command("AT+SMTPBODY?\r", read("\nx"));
  });

  test("throws away what comes before it", async () => {
    const { dte } = await modemOnMemory({ dialect: "field" });
    await dte.command("ATE0\r", "ATE0\r\r\nOK\r\n");
    dte.send("AT+SMTPBODY\r\n\x1a\r\nearly");
    await dte.expect(PROMPT, { within: 50 });
    await dte.command("text\x1a", OK);
    await dte.command("AT+SMTPBODY?\r", read("text"));
  });

  test("takes 5120 characters of a paste of 6 KB in one piece, and the next command after it", async () => {
    const { dte } = await prompted(0);
    const text = Array.from({ length: 6144 }, (_, at) => String.fromCharCode(0x23 + (at % 90))).join("");
    dte.send(`${text}\x1aAT+SMTPBODY?\r`);
    await dte.expect(OK + read(text.slice(0, 5120)));
  });

  test("takes a text a byte at a time", async () => {
    const { dte } = await prompted(1);
    for (const byte of "21 \xb0C\b\b\x1a") dte.send(byte);
    await dte.expect(`21 \xb0C\b \b\b \b${OK}`);
    await dte.command("AT+SMTPBODY?\r", `AT+SMTPBODY?\r${read("21 ")}`);
  });

  test("after 120 s of silence is ERROR, and the body stays empty", async () => {
    const { dte, clock } = await prompted(0);
    dte.send("half a te");
    await dte.expectNothing(AT_LIMITS.entrySilence - 1);
    dte.send("xt");
    await dte.expectNothing(AT_LIMITS.entrySilence - 1);
    await dte.expect("\r\nERROR\r\n", { within: 1 });
    await dte.command("AT+SMTPBODY?\r", read(""));
    expect(clock.pendingAlarms).toBe(0);
  });

  test("leaves what follows Ctrl-Z, CR LF or another Ctrl-Z, to the command line", async () => {
    const { dte } = await prompted(0);
    dte.send("text\r\n\x1a\x1a\r\nAT+SMTPBODY?\r");
    await dte.expect(OK + read("text\r\n"));
  });
});

test("a reset in the middle of the body leaves nothing of it", async () => {
  const { modem, dte } = await prompted(0);
  dte.send("half a text");
  await dte.expectNothing();
  await modem.reset();
  dte.send("\x1aAT+SMTPBODY?\r");
  await dte.expect(`AT+SMTPBODY?\r${read("")}`);
});
