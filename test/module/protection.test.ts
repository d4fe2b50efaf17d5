import { describe, expect, test } from "vitest";
import { type CommandForm, formsOf } from "../../src/at/command-definition.ts";
import { ALL_COMMANDS } from "../../src/commands/all-commands.ts";
import { cardInState, type SimCard, STANDARD_CARD } from "../../src/module/sim.ts";
import { framed, OK } from "../support/framing.ts";
import { modemOnMemory } from "../support/modem-on-memory.ts";
import { yieldToIo } from "../support/session-on-memory.ts";

const FORMS: Readonly<Record<CommandForm, string>> = { test: "=?", read: "?", write: "=1", execute: "" };

const blocked: SimCard = { ...STANDARD_CARD, locked: true, pinTries: 0, pukTries: 0 };

/** The states of the SIM without which nothing protected runs, with the codes of 27.007 and of 27.005. */
const STATES = [
  { state: "absent", card: undefined, cme: 10, cms: 310 },
  { state: "pin", card: cardInState("pin"), cme: 11, cms: 311 },
  { state: "puk", card: cardInState("puk"), cme: 12, cms: 316 },
  { state: "blocked", card: blocked, cme: 13, cms: 313 },
] as const;

const isProtected = ALL_COMMANDS.filter(({ needsPin }) => needsPin);
const isFree = ALL_COMMANDS.filter(({ needsPin }) => !needsPin);

/** Those that end the session, or change how its answers look. */
const UNFIT = ["+CPOF", "+CRESET", "+REBOOT", "E", "Q", "V", "S3", "S4", "S5", "&F", "Z", "+CMEE"];

describe.each(STATES)("with a SIM that is $state", ({ card, cme, cms }) => {
  test("every form of every protected command is refused with its code, and does nothing", async () => {
    const { dte, network } = await modemOnMemory({ sim: { inserted: card } });
    await dte.command("ATE0+CMEE=1\r", `ATE0+CMEE=1\r${OK}`);
    for (const command of isProtected) {
      const code = command.spec.document === "27.005" ? `+CMS ERROR: ${cms}` : `+CME ERROR: ${cme}`;
      for (const form of formsOf(command)) await dte.command(`AT${command.name}${FORMS[form]}\r`, framed(code));
    }
    await dte.expectNothing();
    expect(network.targets).toEqual([]);
  });

  test("the others are not refused for it", async () => {
    const { dte } = await modemOnMemory({ sim: { inserted: card } });
    await dte.command("ATE0+CMEE=1\r", `ATE0+CMEE=1\r${OK}`);
    for (const { name } of isFree) {
      if (UNFIT.includes(name)) continue;
      dte.send(`AT${name}=?\r`);
      await yieldToIo();
      const answer = dte.take();
      expect(answer, name).toMatch(/(?:OK|ERROR)\r\n$/);
      expect(answer, name).not.toMatch(/CM[ES] ERROR/);
    }
  });
});

test("the manual's commands are all protected", () => {
  const ofManual = ALL_COMMANDS.filter(({ spec }) => spec.document === "manual");
  expect(ofManual.filter(({ needsPin }) => !needsPin).map(({ name }) => name)).toEqual([]);
});

test("while the module still reads its SIM it is busy", async () => {
  const { dte, modem } = await modemOnMemory();
  modem.module.sim.powerOn();
  await dte.command("ATE0+CMEE=1\r", `ATE0+CMEE=1\r${OK}`);
  await dte.command("AT+CPIN?\r", framed("+CME ERROR: 14"));
  await dte.command('AT+CHTTPACT="a",80\r', framed("+CME ERROR: 14"));
  await dte.command("AT+CMGF=1\r", framed("+CMS ERROR: 314"));
});
