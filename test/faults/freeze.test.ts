import { expect, test } from "vitest";
import { OK } from "../support/framing.ts";
import { until } from "../support/loopback.ts";
import { bench, SESSIONS } from "./bench.ts";

type Bench = Awaited<ReturnType<typeof bench>>;

const READY = `AT\r${OK}`;

test("a frozen module answers nothing, prints no URC, and cannot be reset by AT+CRESET", async () => {
  const { dte, modem, rig } = await bench([{ kind: "freeze", on: { type: "line", text: "AT+CSQ" } }]);
  await dte.command("AT\r", OK);
  dte.send("AT+CSQ\r");
  dte.send("AT+CRESET\r");
  modem.urc("RING");
  await dte.expectNothing(600_000);
  expect(rig.faults.list()).toMatchObject([{ fired: 1 }]);
});

test.each<[string, (bench: Bench) => Promise<unknown>]>([
  ["a reset", ({ modem }) => modem.reset()],
  ["a power cycle", ({ modem }) => modem.patch({ power: "off" }).then(() => modem.patch({ power: "on" }))],
  ["a reset of the rig", ({ rig }) => rig.reset()],
])("%s ends it", async (_, restart) => {
  const frozen = await bench([{ kind: "freeze" }]);
  const { dte } = frozen;
  dte.send("AT+CSQ\r");
  await dte.expectNothing(1000);
  await restart(frozen);
  dte.take();
  await dte.command("AT\r", READY);
});

test("removing the fault does not end it, nor does its time", async () => {
  const { dte, rig } = await bench([{ kind: "freeze", id: "f", for: 1000 }]);
  dte.send("AT\r");
  await dte.expectNothing(2000);
  rig.faults.remove("f");
  dte.send("AT\r");
  await dte.expectNothing(1000);
});

test("its connections stand still, and end when it is reset: half a mail is no mail", async () => {
  const on = { type: "connection", service: "smtp", phase: "open" };
  const { dte, rig, modem } = await bench([{ kind: "freeze", on }], { sandbox: true });
  await dte.command(`${SESSIONS.smtp[0]}\r`, OK);
  dte.send("AT+SMTPSEND\r");
  await until(() => rig.faults.list()[0]?.fired === 1);
  await dte.expectNothing(30_000);
  expect(modem.snapshot().services.smtp.busy).toBe(true);
  await modem.reset();
  expect([rig.sandbox?.smtp.mails, modem.snapshot().services.smtp.busy]).toEqual([[], false]);
  dte.take();
  await dte.command("ATE0\r", `ATE0\r${OK}`);
  await dte.command(`${SESSIONS.smtp[0]}\r`, OK);
  await dte.command("AT+SMTPSEND\r", `\r\n+SMTP: OK\r\n${OK}\r\n+SMTP: SUCCESS\r\n`);
});
