import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Rig } from "../../src/rig/rig.ts";
import { Rfc2217Client } from "../transport/rfc2217/client.ts";

const [DTR_ON, DTR_OFF] = [8, 9];
const [RTS_ON, RTS_OFF] = [11, 12];
const RI = 64;
const DCD = 128;

let rig: Rig;
let client: Rfc2217Client;

beforeEach(async () => {
  rig = await Rig.start({ modems: [{ rfc2217: 0 }], journal: true });
  const { port: address } = rig.modem("m1");
  client = await (await Rfc2217Client.connect({ address })).negotiate();
});

afterEach(async () => {
  await client.close();
  await rig.close();
});

async function command(line: string, answer: string): Promise<void> {
  await client.write(`${line}\r`);
  const all = `${line}\r${answer}`;
  expect((await client.readExactly(all.length)).toString()).toBe(all);
}

const OK = "\r\nOK\r\n";

describe("a modem on RFC 2217", () => {
  test("shows as its port what pyserial opens", () => {
    expect(rig.modem("m1").port).toMatch(/^rfc2217:\/\/127\.0\.0\.1:\d+$/);
  });

  test("shows its lines, and each change as an event", async () => {
    await client.ask(5, DTR_OFF);
    const lines = rig.journal
      ?.query({ types: ["state"] })
      .events.filter((event) => "what" in event && event.what === "lines");
    expect(lines?.map((event) => "value" in event && event.value)).toEqual([
      // The boot drives DCD; the host raises DTR and RTS, then drops DTR.
      { dtr: false, rts: false, dcd: true, ri: false, dsr: true, cts: true },
      { dtr: true, rts: false, dcd: true, ri: false, dsr: true, cts: true },
      { dtr: true, rts: true, dcd: true, ri: false, dsr: true, cts: true },
      { dtr: false, rts: true, dcd: true, ri: false, dsr: true, cts: true },
    ]);
    expect(rig.modem("m1").state().lines).toEqual({
      dtr: false,
      rts: true,
      dcd: true,
      dsr: true,
      cts: true,
      ri: false,
    });
  });

  test("ends data entry when the host drops DTR with AT&D2, and not with AT&D0", async () => {
    await command("AT&D0", OK);
    await command("AT+SMTPBODY", "\r\n>> ");
    await client.ask(5, DTR_OFF);
    await client.ask(5, DTR_ON);
    await client.write("x\x1a");
    expect((await client.readExactly(1 + OK.length)).toString()).toBe(`x${OK}`);
    await command("AT&D2", OK);
    await command("AT+SMTPBODY", "\r\n>> ");
    await client.ask(5, DTR_OFF);
    await rig.expect({ type: "entry", name: "+SMTPBODY", phase: "end", outcome: "cut" });
  });

  test("drives DCD as AT&C says, and RI with a call or by hand", async () => {
    await command("AT&C1", OK);
    expect(((await client.message(107))[0] ?? 0) & DCD).toBe(0);
    await rig.modem("m1").patch({ lines: { ri: true } });
    expect(((await client.message(107))[0] ?? 0) & RI).toBe(RI);
    await rig.modem("m1").patch({ lines: { ri: false } });
    expect(((await client.message(107))[0] ?? 0) & RI).toBe(0);
    rig.modem("m1").module.calls.ring({ from: "+15555550142" });
    expect(((await client.message(107))[0] ?? 0) & RI).toBe(RI);
  });

  test("waits with its output while the host has dropped RTS and AT+IFC heeds it", async () => {
    await command("AT+IFC=2,0", OK);
    await client.ask(5, RTS_OFF);
    await client.write("AT+CSQ\r");
    await rig.expect({ type: "result", name: "+CSQ" });
    expect(rig.modem("m1").state().host.backlog).toBeGreaterThan(0);
    await client.ask(5, RTS_ON);
    const answer = `AT+CSQ\r\r\n+CSQ: 22,0\r\n${OK}`;
    expect((await client.readExactly(answer.length)).toString()).toBe(answer);
  });

  test("finds a rate that differs from AT+IPR", async () => {
    await client.ask(1, 0, 0, 0x25, 0x80);
    await command("AT", OK);
    const { message } = (await rig.expect({ type: "lint", rule: "baud" })) as unknown as { message: string };
    expect(message).toContain("set to 9600 bit/s and AT+IPR to 115200");
  });
});
