import { existsSync, lstatSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { runHost, runOnTerminal, temporaryFolder } from "./host-run.ts";
import { locate } from "./program.ts";
import { askControl, type StartedModem, startModem } from "./start-modem.ts";

describe.skipIf(locate("gammu") === undefined)("gammu", () => {
  async function gammu(port: string, ...args: readonly string[]) {
    const configuration = join(await temporaryFolder(), "gammurc");
    await writeFile(configuration, `[gammu]\ndevice = ${port}\nconnection = at115200\n`);
    return runHost("gammu", ["-c", configuration, ...args]);
  }

  test("identifies a SIM5320", async () => {
    const { port } = await startModem("--identity", "sim5320");
    const { code, output } = await gammu(port, "identify");
    expect(output.replaceAll(/ +: /g, ": ").split("\n")).toEqual([
      `Device: ${port}`,
      "Manufacturer: SIMCOM INCORPORATED",
      "Model: unknown (SIMCOM_SIM5320E)",
      "Firmware: SIM5320E_V1.5",
      "IMEI: 351602000330570",
      "SIM IMSI: 001010123456789",
      "",
    ]);
    expect(code).toBe(0);
  });

  test("finds the module in its home network, attached", async () => {
    const { port } = await startModem();
    const { code, output } = await gammu(port, "networkinfo");
    expect(output.replaceAll(/ +: /g, ": ").split("\n")).toEqual([
      "Network state: home network",
      "Network: 001 01 (TEST, unknown), LAC ED2E, CID 1",
      'Name in phone: "Test PLMN 1-1"',
      "Packet network state: home network",
      "Packet network: 001 01 (TEST, unknown), LAC ED2E, CID 1",
      'Name in phone: "Test PLMN 1-1"',
      "GPRS: attached",
      "",
    ]);
    expect(code).toBe(0);
  });

  test("sends a short message", async () => {
    const { port } = await startModem();
    const { code, output } = await gammu(port, "sendsms", "TEXT", "+15555550142", "-text", "hello");
    expect(output).toContain("OK, message reference=0");
    expect(code).toBe(0);
  });

  test("adds a name to the phone book of the SIM, and deletes it", async () => {
    const { port } = await startModem();
    const card = join(await temporaryFolder(), "ann.vcf");
    await writeFile(card, "BEGIN:VCARD\nVERSION:3.0\nN:Ann\nTEL:+15555550142\nEND:VCARD\n");
    expect((await gammu(port, "addnew", card, "-yes", "-memory", "SM")).code).toBe(0);
    const { output } = await gammu(port, "getmemory", "SM", "1");
    expect(output).toContain('General number       : "+15555550142"');
    expect(output).toMatch(/Name +: "Ann"/);
    expect((await gammu(port, "deletememory", "SM", "1")).code).toBe(0);
    expect((await gammu(port, "getmemory", "SM", "1")).output).toContain("Empty entry");
  });

  test("is answered by the network", async () => {
    const modem = await startModem("--control", "0");
    await askControl(modem, "PATCH", "", { ussd: { "*100#": "5 EUR" } });
    const { output, code } = await gammu(modem.port, "getussd", "*100#");
    expect(output).toMatch(/Status +: No action needed\nService reply +: "5 EUR"/);
    expect(code).toBe(0);
  });

  /** Waits until the far end has taken the call. */
  async function answered(modem: StartedModem): Promise<void> {
    for (let tries = 100; tries > 0; tries--) {
      const { calls } = await askControl<{ calls: { state: string }[] }>(modem, "GET", "/calls");
      if (calls[0]?.state === "active") return;
      await pause(100);
    }
    throw new Error("the far end has not taken the call");
  }

  test("calls, and hangs up", async () => {
    const modem = await startModem("--control", "0");
    expect((await gammu(modem.port, "dialvoice", "+15555550142")).code).toBe(0);
    const { calls } = await askControl<{ calls: object[] }>(modem, "GET", "/calls");
    expect(calls).toEqual([expect.objectContaining({ direction: "outgoing", number: "+15555550142" })]);
    // A `VOICE CALL: BEGIN` between two commands makes it wait for 40 s, as it would with any module.
    await answered(modem);
    expect((await gammu(modem.port, "cancelcall")).code).toBe(0);
    expect(await askControl(modem, "GET", "/calls")).toEqual({ calls: [] });
  });

  test.each([
    ["pin", "Waiting for PIN."],
    ["puk", "Waiting for PUK."],
  ])("sees a SIM that waits for its %s", async (state, told) => {
    const { port } = await startModem("--sim", state);
    const { output } = await gammu(port, "getsecuritystatus");
    expect(output.trim()).toBe(told);
  });
});

describe.skipIf(locate("wvdialconf") === undefined)("wvdialconf", () => {
  /** A name that it scans and no device has. */
  function freeSerialName(): string {
    const names = Array.from({ length: 10 }, (_, digit) => `/dev/ttyUSB9${digit}`);
    const free = names.find((name) => lstatSync(name, { throwIfNoEntry: false }) === undefined);
    if (free === undefined) throw new Error("every name from ttyUSB90 on is taken");
    return free;
  }

  test("finds a modem that likes every setting of its init string", async () => {
    const link = freeSerialName();
    const { program } = await startModem("--link", link);
    const configuration = join(await temporaryFolder(), "wvdial.conf");
    const { code, output, errors } = await runHost("wvdialconf", [configuration]);
    program.child.kill("SIGTERM");
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(existsSync(link)).toBe(false);

    const name = link.slice("/dev/".length);
    expect(errors).toContain(`${name}<*1>: ATQ0 V1 E1 S0=0 &C1 &D2 +FCLASS=0 -- OK`);
    expect(errors).toContain(`${name}<*1>: Modem Identifier: ATI -- Manufacturer: SIMCOM INCORPORATED`);
    expect(output).toContain(`Found a modem on ${link}.`);
    expect(code).toBe(0);
    const written = (await readFile(configuration, "latin1")).split("\n");
    expect(written).toContain(`Modem = ${link}`);
    expect(written).toContain("Init2 = ATQ0 V1 E1 S0=0 &C1 &D2 +FCLASS=0");
  });
});

describe.skipIf(locate("chat") === undefined)("chat", () => {
  const chat = (port: string, ...script: readonly string[]) =>
    runOnTerminal(port, "chat", ["-s", "-S", "-v", "TIMEOUT", "5", "ABORT", "ERROR", "ABORT", "NO CARRIER", ...script]);

  test("goes through a script of a module's bring-up", async () => {
    const { port } = await startModem();
    const bringUp = ["AT&F", "ATE0", "ATV1&C1&D2", "AT+CMEE=2", 'AT+CGDCONT=1,"IP","internet"', "AT+CPIN?", "AT+CREG?"];
    const { code, errors } = await chat(port, "", ...bringUp.flatMap((line) => [line, "OK"]));
    expect(code).toBe(0);
    expect(errors.match(/got it/g)).toHaveLength(bringUp.length);
    expect(errors).toContain("+CREG: 0,1");
  });

  test.each(["ATDT*99***1#", "ATD*99#", 'AT+CGDATA="PPP",1'])("comes to a data call by %s", async (line) => {
    const { port } = await startModem();
    const { code, errors } = await chat(port, "", "ATZ", "OK", 'AT+CGDCONT=1,"IP","internet"', "OK", line, "CONNECT");
    expect(errors).toContain("CONNECT");
    expect(code).toBe(0);
  });

  test.each([
    ["a command that there is not", "AT+NOSUCH", 4, "ERROR"],
    ["a number that nobody answers", "ATDT5551234", 5, "NO CARRIER"],
    ["a context that there is not", "ATD*99***2#", 5, "NO CARRIER"],
  ])("aborts at %s", async (_, line, code, reason) => {
    const { port } = await startModem();
    const ended = await chat(port, "", "ATZ", "OK", line, "CONNECT");
    expect(ended.errors).toContain(`Failed (${reason})`);
    expect(ended.code).toBe(code);
  });
});
