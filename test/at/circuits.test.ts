import { expect, test } from "vitest";
import { modemOnMemory } from "../support/modem-on-memory.ts";
import { yieldToIo } from "../support/session-on-memory.ts";

const OK = "\r\nOK\r\n";

test("DCD is on with AT&C0, and off with AT&C1 as there is no carrier", async () => {
  const { dte, host } = await modemOnMemory();
  expect(host.dcd).toBe(true);
  await dte.command("ATE0&C1\r", `ATE0&C1\r${OK}`);
  expect(host.dcd).toBe(false);
  await dte.command("AT&F\r", OK);
  expect(host.dcd).toBe(true);
});

test.each([
  { setting: "AT&D2", ended: true },
  { setting: "AT&D0", ended: false },
])("with $setting DTR going off in data entry ends it: $ended", async ({ setting, ended }) => {
  const { dte, host, network } = await modemOnMemory();
  network.script({ acts: [] });
  await dte.command(`ATE0+CMEE=1\r`, `ATE0+CMEE=1\r${OK}`);
  await dte.command(`${setting}\r`, OK);
  await dte.command('AT+CHTTPACT="a",80\r', "\r\n+CHTTPACT: REQUEST\r\n");
  host.setDtr(false);
  await yieldToIo();
  await dte.expect(ended ? "\r\n+CME ERROR: 223\r\n" : "");
  await dte.expectNothing();
});
