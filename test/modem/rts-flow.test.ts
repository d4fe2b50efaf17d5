import { describe, expect, test } from "vitest";
import { SERIAL_LIMITS } from "../../src/platform/serial-line.ts";
import { framed, OK } from "../support/framing.ts";
import { turns, until } from "../support/loopback.ts";
import { modemOnMemory } from "../support/modem-on-memory.ts";

async function heeding(flow: string) {
  const parts = await modemOnMemory();
  await parts.dte.command(`ATE0+IFC=${flow}\r`, `ATE0+IFC=${flow}\r${OK}`);
  return parts;
}

describe("a host that has dropped RTS", () => {
  test("gets nothing with AT+IFC=2, and all of it in order when it raises RTS again", async () => {
    const { dte, host, modem } = await heeding("2,0");
    host.setRts(false);
    dte.send("AT+CSQ\r");
    dte.send("AT+CREG?\r");
    modem.urc("+TEST");
    await dte.expectNothing(60_000);
    expect(modem.snapshot().host.backlog).toBeGreaterThan(0);
    host.setRts(true);
    await dte.expect(framed("+CSQ: 22,0") + OK + framed("+CREG: 0,1") + OK + framed("+TEST"));
    await dte.command("AT\r", OK);
  });

  test.each(["0,0", "1,0", "0,2"])("gets its answer with AT+IFC=%s", async (flow) => {
    const { dte, host } = await heeding(flow);
    host.setRts(false);
    await dte.command("AT\r", OK);
  });

  test("gets what has waited when it switches the flow control off", async () => {
    const { dte, host } = await heeding("2,2");
    host.setRts(false);
    dte.send("AT\r");
    await dte.expectNothing();
    dte.send("AT+IFC=0,0\r");
    await dte.expect(OK + OK);
  });

  test("gets what has waited, too, after a restart only if it came since", async () => {
    const { dte, host, modem } = await heeding("2,0");
    await dte.command("AT&W\r", OK);
    host.setRts(false);
    dte.send("AT+CSQ\r");
    await dte.expectNothing();
    await modem.reset();
    modem.urc("+AFTER");
    await dte.expectNothing();
    host.setRts(true);
    await dte.expect(framed("+AFTER"));
    await dte.expectNothing();
  });

  test("is held back itself once as much waits as on a line that is not read", async () => {
    const { dte, host, modem } = await heeding("2,0");
    host.setRts(false);
    const lines = [...Array<string>(60).fill("AT+CLAC\r"), ...Array<string>(200).fill(`AT${" ".repeat(1000)}\r`)];
    let sent = 0;
    let held: Promise<void> | undefined;
    for (; held === undefined && sent < lines.length; sent++) {
      held = host.write(lines[sent] ?? "");
      await turns(2);
    }
    expect(held).toBeDefined();
    expect(modem.snapshot().host.backlog).toBeLessThan(2 * SERIAL_LIMITS.hostBuffer);
    host.setRts(true);
    await held;
    let answered = 0;
    await until(() => {
      answered += dte.take().split(OK).length - 1;
      return answered === sent;
    });
  });

  test("and DTR is not there: nothing waits for it", async () => {
    const { dte, host, modem } = await heeding("2,0");
    await dte.command("AT&D0\r", OK);
    host.setRts(false);
    dte.send("AT\r");
    await dte.expectNothing();
    host.setDtr(false);
    expect(modem.snapshot().host.backlog).toBe(0);
    await dte.expect(OK);
  });
});
