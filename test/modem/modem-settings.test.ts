import { expect, test } from "vitest";
import { OK } from "../support/framing.ts";
import { modemOnMemory } from "../support/modem-on-memory.ts";

test("settings are read and set by name", async () => {
  const { modem, dte } = await modemOnMemory();
  await dte.command("ATE0S3=64\r", `ATE0S3=64\r${OK.replaceAll("\r\n", "@\n")}`);
  expect(modem.settings.get("S3")).toBe(64);
  expect(modem.settings.values()).toMatchObject({ E: 0, S3: 64, S4: 10, "+CMEE": 2, "+IFC:1": 0 });
  await modem.settings.set("S3", 13);
  await dte.command("AT\r", OK);
  expect(Object.keys(modem.settings.values())).toEqual([...modem.settings.names]);
});

test("while the module is off they are those that it will start with", async () => {
  const { modem, dte } = await modemOnMemory();
  await dte.command("ATE0&W\r", `ATE0&W\r${OK}`);
  await dte.command("ATS0=3\r", OK);
  await modem.powerOff();
  expect(modem.settings.get("E")).toBe(0);
  expect(modem.settings.get("S0")).toBe(0);
  expect(() => modem.settings.set("S0", 1)).toThrow("S0 cannot be set while the module is off");
});

test.each<[string, number, string]>([
  ["S99", 1, "there is no setting S99"],
  ["constructor", 1, "there is no setting constructor"],
  ["S0", 256, "S0 must be a whole number from 0 to 255, not 256"],
  ["S0", 0.5, "S0 must be a whole number"],
  ["S0", Number.NaN, "S0 must be a whole number"],
])("setting %s to %d is refused", async (name, value, message) => {
  const { modem } = await modemOnMemory();
  expect(() => modem.settings.set(name as "S0", value)).toThrow(message);
});
