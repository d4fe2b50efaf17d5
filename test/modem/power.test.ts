import { describe, expect, test } from "vitest";
import { Modem } from "../../src/modem/modem.ts";
import { IDENTITIES, type IdentityName } from "../../src/module/identity.ts";
import { cardInState } from "../../src/module/sim.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { memoryPair } from "../../src/transport/memory.ts";
import { Dte } from "../support/dte.ts";
import { framed, info, OK } from "../support/framing.ts";
import { modemOnMemory } from "../support/modem-on-memory.ts";
import { ScriptedNetwork } from "../support/scripted-network.ts";
import { yieldToIo } from "../support/session-on-memory.ts";

const BOOT = ["START", "+STIN: 25", "+STIN: 25", "+CPIN: READY", "SMS DONE", "PB DONE"].map(framed).join("");

test("the first power-on without a boot time is silent", async () => {
  const { dte } = await modemOnMemory();
  await dte.expectNothing(60_000);
});

describe.each([["AT+CRESET"], ["AT+REBOOT"], ["AT+CFUN=6"], ["AT+CFUN=1,1"]])("%s", (line) => {
  test("answers, restarts and announces itself", async () => {
    const { dte } = await modemOnMemory();
    await dte.command("AT+CGATT=0\r", `AT+CGATT=0\r${OK}`);
    await dte.command(`${line}\r`, `${line}\r${OK}${BOOT}`);
    await dte.command("AT+CGATT?\r", `AT+CGATT?\r${info("+CGATT: 1")}`);
  });

  test("drops what runs, without a word", async () => {
    const { dte, network } = await modemOnMemory();
    network.script({ acts: ["silence"] });
    await dte.command("ATE0\r", `ATE0\r${OK}`);
    await dte.command('AT+CHTTPACT="a",80\r', framed("+CHTTPACT: REQUEST"));
    await dte.command("GET / HTTP/1.1\r\n\r\n\x1a", OK);
    await dte.command(`${line}\r`, OK + BOOT);
    expect(network.connections[0]?.closed).toBe(true);
    await dte.expectNothing(600_000);
  });
});

test("what comes with the line that restarts is lost", async () => {
  const { dte } = await modemOnMemory();
  await dte.command("ATE0\r", `ATE0\r${OK}`);
  await dte.command("AT+CRESET\rATI\rATI\r", OK + BOOT);
  await dte.expectNothing();
});

test("CPOF answers and is silent, until the power comes back", async () => {
  const { dte, modem, clock } = await modemOnMemory();
  await dte.command("AT+CPOF\r", `AT+CPOF\r${OK}`);
  for (const line of ["AT\r", "AT+CPIN?\r", "\x1a", "ATI"]) dte.send(line);
  modem.module.radio.move({ registration: "searching" });
  await modem.module.sms.receive({ from: "+1555", text: "lost" });
  await dte.expectNothing(60_000);
  expect(modem.powered).toBe(false);
  expect(clock.pendingAlarms).toBe(0);
  modem.module.radio.move({ registration: "home" });
  await modem.powerOn();
  await dte.expect(BOOT);
  await dte.command("AT\r", `AT\r${OK}`);
  await modem.powerOn();
  await dte.expectNothing();
});

test("CPOF in a line that goes on answers once, for all of it", async () => {
  const { dte } = await modemOnMemory();
  await dte.command("ATE0\r", `ATE0\r${OK}`);
  await dte.command("AT+CPOF;+CGATT?\r", info("+CGATT: 1"));
  await dte.command("AT\r", "");
  await dte.expectNothing();
});

test("restarts that come in a heap end in one that is ready", async () => {
  const { dte, modem } = await modemOnMemory();
  void modem.reset();
  void modem.powerOff();
  void modem.reset();
  await modem.reset();
  await yieldToIo();
  dte.take();
  await dte.command("AT\r", `AT\r${OK}`);
});

test("a closed modem stays closed", async () => {
  const { modem, clock } = await modemOnMemory();
  const reset = modem.reset();
  await modem.close();
  await reset;
  await expect(modem.powerOn()).rejects.toThrow("closed");
  expect(modem.powered).toBe(false);
  expect(clock.pendingAlarms).toBe(0);
});

/** A module that takes its time; `ready` resolves when it is. */
function slowModem(identity: IdentityName, sim: "ready" | "pin" | "absent" = "ready") {
  const clock = new VirtualClock();
  const { module, host } = memoryPair();
  const options = { identity, sim: { inserted: cardInState(sim) }, bootTime: 5000, network: new ScriptedNetwork() };
  const modem = new Modem({ transport: module, clock, ...options });
  let ready = false;
  const started = modem.start().then(() => {
    ready = true;
  });
  return { modem, clock, dte: new Dte(host, clock), started, isReady: () => ready };
}

describe("with a boot time", () => {
  test("it starts, answers, knows its SIM in the end and then is ready", async () => {
    const { dte, clock, started, isReady } = slowModem("sim5320");
    await dte.expect(framed("START"));
    await dte.command("ATE0\r", `ATE0\r${OK}`);
    await dte.command("AT+CPIN?\r", framed("+CME ERROR: SIM busy"));
    await clock.advance(4999);
    await dte.expectNothing();
    expect(isReady()).toBe(false);
    await clock.advance(1);
    await dte.expect(BOOT.slice(framed("START").length));
    await started;
    await dte.command("AT+CPIN?\r", info("+CPIN: READY"));
  });

  test.each(Object.keys(IDENTITIES) as IdentityName[])("%s prints its own lines", async (name) => {
    const { dte, clock } = slowModem(name);
    const { start, toolkit, loaded } = IDENTITIES[name].boot;
    await clock.advance(5000);
    await dte.expect([...start, ...toolkit, "+CPIN: READY", ...loaded].map(framed).join(""));
    await dte.expectNothing();
  });

  test("a locked SIM asks, an absent one is not spoken of", async () => {
    const locked = slowModem("wcdma", "pin");
    await locked.clock.advance(5000);
    await locked.dte.expect(framed("START") + framed("+CPIN: SIM PIN"));
    const empty = slowModem("wcdma", "absent");
    await empty.clock.advance(5000);
    await empty.dte.expect(framed("START"));
    await empty.dte.expectNothing();
  });

  test("a boot that is cut off leaves nothing", async () => {
    const { modem, clock, started } = slowModem("wcdma");
    await yieldToIo();
    await modem.close();
    await started;
    expect(clock.pendingAlarms).toBe(0);
  });
});

test.each([
  ["sim5320", "AT+FSFMT"],
  ["sim5216", "AT+CFTPMKD"],
  ["sim5218", "AT+SMTPBCH"],
] as const)("%s lacks %s", (name, command) => {
  expect(IDENTITIES[name].lacks).toContain(command.slice(2));
});

test("a command that the identity lacks is unknown, and not listed", async () => {
  const { dte } = await modemOnMemory({ identity: { ...IDENTITIES.wcdma, lacks: ["+CSQ"] } });
  await dte.command("ATE0\r", `ATE0\r${OK}`);
  await dte.command("AT+CSQ\r", framed("ERROR"));
  dte.send("AT+CLAC\r");
  await yieldToIo();
  const listed = dte.take();
  expect(listed).toContain("AT+CREG\r\n");
  expect(listed).not.toContain("AT+CSQ\r\n");
});
