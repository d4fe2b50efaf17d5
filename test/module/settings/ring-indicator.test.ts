import { expect, test } from "vitest";
import { modemOnMemory } from "../../support/modem-on-memory.ts";

const NUMBER = "+15555550142";

test("RI is on while a call rings, also between two RINGs, and off when it is answered", async () => {
  const { modem, dte, clock, host } = await modemOnMemory();
  await dte.command("ATE0\r", "ATE0\r\r\nOK\r\n");
  modem.module.calls.ring({ from: NUMBER });
  await clock.advance(3000);
  expect(host.ri).toBe(true);
  await dte.expect("\r\nRING\r\n");
  void host.write("ATA\r");
  await dte.expect("\r\nVOICE CALL: BEGIN\r\n\r\nOK\r\n");
  await clock.advance(200);
  expect(host.ri).toBe(false);
});

test("RI is on for 120 ms with a message that arrives", async () => {
  const { modem, clock, host } = await modemOnMemory();
  expect(await modem.module.sms.receive({ from: NUMBER, text: "hi" })).toBe(true);
  await clock.advance(119);
  expect(host.ri).toBe(true);
  await clock.advance(1);
  expect(host.ri).toBe(false);
});

test("RI is on for 60 ms with an unsolicited code, also while the line is busy", async () => {
  const { modem, clock, host } = await modemOnMemory();
  void host.write("AT");
  modem.urc("+X: 1");
  await clock.advance(40);
  modem.urc("+X: 2");
  await clock.advance(59);
  expect(host.ri).toBe(true);
  await clock.advance(1);
  expect(host.ri).toBe(false);
});

test("a code that goes to another port does not move RI", async () => {
  const { modem, dte, host } = await modemOnMemory();
  await dte.command("AT+CATR=2\r", "AT+CATR=2\r\r\nOK\r\n");
  modem.urc("+X: 1");
  expect(host.ri).toBe(false);
});

test("the power takes RI with it, and leaves no alarm", async () => {
  const { modem, clock, host } = await modemOnMemory();
  modem.urc("+X: 1");
  await modem.powerOff();
  expect(host.ri).toBe(false);
  expect(clock.pendingAlarms).toBe(0);
});
