import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { silentLog } from "../../src/platform/log.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { ExpectationError } from "../../src/rig/expectation.ts";
import type { EventPattern } from "../../src/rig/pattern.ts";
import { Rig } from "../../src/rig/rig.ts";
import type { RigStart } from "../../src/rig/rig-start.ts";
import { type HostEnd, memoryPair } from "../../src/transport/memory.ts";

async function start(options: RigStart): Promise<Rig> {
  const rig = await Rig.start(options);
  onTestFinished(() => rig.close());
  return rig;
}

/** A rig of one modem on a line without a medium. */
async function onMemory(options: Omit<RigStart, "modems"> = {}, modem: object = {}) {
  const { module, host } = memoryPair();
  const rig = await start({ ...options, modems: [{ ...modem, transport: module }] });
  return { rig, modem: rig.modem("m1"), host, say: (line: string) => say(host, line) };
}

async function say(host: HostEnd, line: string, until = "OK\r\n"): Promise<string> {
  void host.write(`${line}\r`);
  return String(await host.waitFor(until, AbortSignal.timeout(10_000)));
}

test.each(["efs", "state"] as const)("two modems of a rig cannot share a directory of %s", async (option) => {
  const directory = mkdtempSync(join(tmpdir(), "vmodem-rig-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const { rig } = await onMemory({}, { [option]: directory });
  const second = rig.addModem({ [option]: directory, transport: memoryPair().module });
  await expect(second).rejects.toThrow(`${option} ${directory}: in use by this process (${process.pid}) already`);
  await rig.removeModem("m1");
  expect((await rig.addModem({ [option]: directory, transport: memoryPair().module })).powered).toBe(true);
});

test("without options it is one modem on a pseudo-terminal", async () => {
  const rig = await start({});
  expect(rig.modems.map(({ id }) => id)).toEqual(["m1"]);
  expect(rig.modem("m1").port).toMatch(/^\/dev\//);
  expect([rig.sandbox, rig.journal]).toEqual([undefined, undefined]);
});

test("modems are numbered; a number is never given again", async () => {
  const pairs = [memoryPair(), memoryPair(), memoryPair()];
  const rig = await start({ modems: pairs.slice(0, 2).map(({ module }) => ({ transport: module })) });
  await rig.removeModem("m2");
  const added = await rig.addModem({ transport: pairs[2]?.module, identity: "sim5320" });
  expect(rig.modems.map(({ id }) => id)).toEqual(["m1", "m3"]);
  expect(rig.modem("m3")).toBe(added);
  expect(added.setup.identity).toBe("sim5320");
  expect(() => rig.modem("m2")).toThrow("there is no modem m2");
  await expect(rig.removeModem("m2")).rejects.toThrow("there is no modem m2");
});

test("a mail goes to the sandbox", async () => {
  const { rig, say: command, host } = await onMemory({ sandbox: true, journal: true });
  await command('AT+SMTPSRV="mail";+SMTPFROM="me@example.com";+SMTPRCPT=0,0,"user@example.com";+SMTPBODY="Hi"');
  await command("AT+SMTPSEND");
  await host.waitFor("+SMTP: SUCCESS", AbortSignal.timeout(10_000));
  expect(rig.sandbox?.smtp.mails.map(({ content }) => content.text.trim())).toEqual(["Hi"]);
});

describe("a wrong option is refused by name, and nothing stays open", () => {
  test.each<[object, string]>([
    [{ modems: [{}, { dialect: "feild" }] }, "modems[1].dialect feild"],
    [{ modems: [{ timeoutScale: -1 }] }, "modems[0].timeoutScale -1"],
    [{ modems: 3 }, "modems: not a list"],
    [{ sandbocks: true }, "sandbocks"],
    [{ seed: -1 }, "seed -1"],
    [{ journal: { size: -1 } }, "the size of the journal"],
    [{ modems: [{ transport: memoryPair().module, tcp: 0 }] }, "transport and tcp exclude each other"],
    [{ modems: [{ stdio: true }] }, "stdio"],
  ])("%j", async (options, message) => {
    await expect(Rig.start(options)).rejects.toThrow(message);
  });

  test("a modem that cannot start ends the others", async () => {
    const { module, host } = memoryPair();
    const failing = Rig.start({ modems: [{ transport: module }, { link: "/nowhere/at/all" }] });
    await expect(failing).rejects.toThrow("/nowhere/at/all");
    void host.write("AT\r");
    expect(host.take()).toHaveLength(0);
  });
});

describe("reset()", () => {
  test("brings back modems, sandbox and journal; ports stay", async () => {
    const { rig, modem, host, say: command } = await onMemory({ sandbox: true, journal: true });
    const { port } = modem;
    const servers = JSON.stringify(rig.sandbox?.servers);
    await command("ATE0&W");
    await command('AT+SMTPSRV="mail";+SMTPFROM="me@example.com";+SMTPRCPT=0,0,"user@example.com";+SMTPBODY="Hi"');
    await command("AT+SMTPSEND");
    await host.waitFor("+SMTP: SUCCESS", AbortSignal.timeout(10_000));
    await modem.efs.writeFile("C:/a.txt", "x");
    modem.module.radio.move({ registration: "none" });
    const boxes = rig.sandbox?.pop3.mailboxes.get("user")?.length;
    const last = rig.journal?.last ?? 0;
    await rig.reset();
    expect(rig.sandbox?.smtp.mails).toEqual([]);
    expect(rig.sandbox?.pop3.mailboxes.get("user")).toHaveLength((boxes ?? 0) - 1);
    await expect(modem.efs.stat("C:/a.txt")).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect([modem.module.radio.registration, modem.settings.get("E")]).toEqual(["home", 1]);
    expect([modem.port, JSON.stringify(rig.sandbox?.servers)]).toEqual([port, servers]);
    const events = rig.journal?.query().events ?? [];
    expect(events.at(-1)).toMatchObject({ type: "rig" });
    expect(events.every(({ seq }) => seq > last)).toBe(true);
    host.take();
    expect(await command("AT")).toBe("AT\r\r\nOK\r\n");
  });

  test("takes less than 100 ms for one modem", async () => {
    const { rig } = await onMemory({ sandbox: true, journal: true });
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 5; round++) {
      const begun = performance.now();
      await rig.reset();
      best = Math.min(best, performance.now() - begun);
    }
    expect(best).toBeLessThan(100);
  });

  test("does not wait for the boot time, and says nothing", async () => {
    const clock = new VirtualClock();
    const { module, host } = memoryPair();
    const starting = Rig.start({ clock, modems: [{ transport: module, bootTime: 5000 }] });
    await host.waitFor("START\r\n", AbortSignal.timeout(10_000));
    await clock.advance(5000);
    const rig = await starting;
    onTestFinished(() => rig.close());
    host.take();
    await rig.reset();
    await clock.advance(60_000);
    expect(String(host.take())).toBe("");
    expect(await say(host, "AT+CPIN?")).toContain("+CPIN: READY");
  });

  test("with a seed the same bytes come again", async () => {
    const { rig, say: command, host } = await onMemory({ sandbox: true, seed: 7, clock: new VirtualClock() });
    const send = async () => {
      await command('AT+SMTPSRV="mail";+SMTPFROM="me@example.com";+SMTPRCPT=0,0,"user@example.com";+SMTPBODY="Hi"');
      await command("AT+SMTPSEND");
      await host.waitFor("+SMTP: SUCCESS", AbortSignal.timeout(10_000));
      return String(rig.sandbox?.smtp.mails[0]?.raw);
    };
    const first = await send();
    await rig.reset();
    expect(await send()).toBe(first);
    expect(rig.seed).toBe(7);
  });
});

describe("the journal", () => {
  test("begins with the rig, its seed and its options, without a PIN", async () => {
    const clock = new VirtualClock(Date.UTC(2020, 0, 1));
    const { rig } = await onMemory({ clock, journal: true, seed: 3 }, { pin: "9876", dialect: "field" });
    const [first] = rig.journal?.query().events ?? [];
    expect(first).toMatchObject({ seq: 1, at: 0, type: "rig", now: "2020-01-01T00:00:00.000Z", seed: 3 });
    expect(first).toMatchObject({ options: { modems: [{ dialect: "field" }] } });
    expect(JSON.stringify(first)).not.toContain("9876");
    expect(first?.type === "rig" && first.version).toMatch(/^\d+\.\d+\.\d+/);
  });

  test("tells which modem an event is of", async () => {
    const { rig, modem } = await onMemory({ journal: true });
    await modem.powerOff();
    const event = await rig.expect({ type: "state", what: "power", value: "off" });
    expect(event.modem).toBe("m1");
  });

  test.each([[false], [true]])("takes down the bytes on the network when asked: %s", async (journalNetwork) => {
    const { rig, say: command, host } = await onMemory({ sandbox: true, journal: true, journalNetwork });
    await command('AT+POP3SRV="mail","user","password",110');
    void host.write("AT+POP3IN\r");
    await host.waitFor("+POP3: SUCCESS", AbortSignal.timeout(10_000));
    await rig.expect({ type: "connection", service: "pop3", phase: "open", modem: "m1" });
    const bytes = rig.journal?.query({ types: ["sent", "received"] }).events.length ?? 0;
    expect(bytes > 0).toBe(journalNetwork);
  });

  test("takes down what is logged, from a level on", async () => {
    const heard: string[] = [];
    const log = { ...silentLog, warn: ({ event }: { event: string }) => heard.push(event) };
    const state = mkdtempSync(join(tmpdir(), "vmodem-rig-"));
    onTestFinished(() => rmSync(state, { recursive: true, force: true }));
    writeFileSync(join(state, "nvram.json"), "{");
    const { rig } = await onMemory({ journal: true, log, logLevel: "info" }, { state });
    expect(heard).not.toEqual([]);
    expect(rig.journal?.query({ types: ["log"] }).events).toMatchObject([{ level: "warn", event: heard[0] }]);
  });
});

describe("expect()", () => {
  test("gives an event that has come, and one that comes", async () => {
    const { rig, modem } = await onMemory({ journal: true });
    const { seq } = await rig.expect({ type: "state", value: "on" });
    const waited = rig.expect({ type: "state", value: "on" }, { after: seq });
    await modem.reset();
    expect((await waited).seq).toBeGreaterThan(seq);
  });

  test("shows what came closest when nothing matches", async () => {
    const { rig } = await onMemory({ journal: true });
    const failing = rig.expect({ type: "state", what: "power", value: "off" }, { timeout: 1 });
    await expect(failing).rejects.toThrow(ExpectationError);
    await expect(failing).rejects.toThrow('/value is "on", not "off"');
  });

  test("a clock that stands still does not stop its time", async () => {
    const { rig } = await onMemory({ journal: true, clock: new VirtualClock() });
    await expect(rig.expect({ type: "mail" }, { timeout: 1 })).rejects.toThrow("no event of that type came");
  });

  test.each<[EventPattern, object, string]>([
    [{ type: "nothing" }, {}, "/type"],
    [{}, { timeout: -1 }, "timeout"],
    [{}, { timeout: Number.NaN }, "timeout"],
  ])("%j with %j is refused", async (pattern, options, message) => {
    const { rig } = await onMemory({ journal: true });
    await expect(rig.expect(pattern, options)).rejects.toThrow(message);
  });

  test("needs a journal", async () => {
    const { rig } = await onMemory();
    await expect(rig.expect({})).rejects.toThrow("start it with { journal: true }");
  });
});

describe("after close()", () => {
  test.each<[string, (rig: Rig) => Promise<unknown>]>([
    ["addModem()", (rig) => rig.addModem()],
    ["reset()", (rig) => rig.reset()],
    ["expect()", (rig) => rig.expect({})],
  ])("%s rejects", async (_, use) => {
    const { rig } = await onMemory({ journal: true });
    await rig.close();
    await expect(use(rig)).rejects.toThrow("the rig is closed");
  });

  test("a second close() is the first", async () => {
    const { rig } = await onMemory();
    const closed = rig.close();
    expect(rig.close()).toBe(closed);
    await rig[Symbol.asyncDispose]();
  });
});
