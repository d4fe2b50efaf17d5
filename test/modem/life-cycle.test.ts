import { describe, expect, test } from "vitest";
import { Modem } from "../../src/modem/modem.ts";
import { SystemDisk } from "../../src/platform/disk/system-disk.ts";
import type { EventBody } from "../../src/platform/events.ts";
import { memoryPair } from "../../src/transport/memory.ts";
import { hostDirectory } from "../efs/support/volumes.ts";
import { OK } from "../support/framing.ts";
import { until } from "../support/loopback.ts";
import { modemOnMemory } from "../support/modem-on-memory.ts";

function unstarted(options: object = {}): Modem {
  return new Modem({ transport: memoryPair().module, ...options });
}

describe("misuse rejects", () => {
  test("start() twice, at once too", async () => {
    const modem = unstarted();
    const first = modem.start();
    await expect(modem.start()).rejects.toThrow("the modem has been started already");
    await first;
    await expect(modem.start()).rejects.toThrow("the modem has been started already");
    await modem.close();
  });

  test.each(["start", "reset", "powerOff", "powerOn", "restore"] as const)("%s() after close()", async (method) => {
    const modem = unstarted();
    await modem.start();
    await modem.close();
    await expect(modem[method]()).rejects.toThrow("the modem is closed");
  });

  test("start() after a close() that came first", async () => {
    const modem = unstarted();
    await modem.close();
    await expect(modem.start()).rejects.toThrow("the modem is closed");
  });

  test("the files before start()", async () => {
    const modem = unstarted();
    await expect(modem.efs.readFile("C:/a.txt")).rejects.toThrow("the modem has not been started");
    await modem.close();
  });
});

test("start() may be tried again when the volumes could not be opened", async () => {
  let broken = true;
  const disk = {
    makeFolder: async () => {
      if (broken) throw new Error("no such directory");
      throw new Error("still none");
    },
  };
  const modem = unstarted({ efs: { backing: { disk, directory: "/nowhere" } } });
  await expect(modem.start()).rejects.toThrow("no such directory");
  broken = false;
  await expect(modem.start()).rejects.toThrow("still none");
  await modem.close();
});

test("close() twice is one close", async () => {
  const modem = unstarted();
  await modem.start();
  const first = modem.close();
  expect(modem.close()).toBe(first);
  await first;
});

test("`await using` closes", async () => {
  const modem = unstarted();
  await modem.start();
  await modem[Symbol.asyncDispose]();
  expect(modem.powered).toBe(false);
  await expect(modem.reset()).rejects.toThrow("closed");
});

test("`lost` resolves with the reason when the medium goes", async () => {
  const { module, host } = memoryPair();
  const modem = new Modem({ transport: module });
  await modem.start();
  host.hangUp();
  expect(await modem.lost).toBeInstanceOf(Error);
  await modem.close();
});

test.each<[object, string]>([
  [{ timeoutScale: -1 }, "timeoutScale must be a finite number above 0, not -1"],
  [{ timeoutScale: 0 }, "timeoutScale"],
  [{ timeoutScale: Number.NaN }, "timeoutScale"],
  [{ timeoutScale: Number.POSITIVE_INFINITY }, "timeoutScale"],
  [{ packetGap: -5 }, "packetGap must be a finite number from 0, not -5"],
  [{ bootTime: -1 }, "bootTime"],
  [{ bootTime: "5" }, "bootTime"],
  [{ dialect: "feild" }, 'dialect must be one of manual, field, not "feild"'],
  [{ dialect: "constructor" }, "dialect"],
  [
    { identity: "sim5218a" },
    'identity must be one of wcdma, sim5218, sim5216, sim5320, sim5320-b08, sim5360, not "sim5218a"',
  ],
])("%j is refused by name", (options, message) => {
  expect(() => unstarted(options)).toThrow(RangeError);
  expect(() => unstarted(options)).toThrow(message);
});

test("each change of power is an event", async () => {
  const told: EventBody[] = [];
  const { modem } = await modemOnMemory({ events: { active: true, emit: (event) => told.push(event) } });
  const powers = () =>
    told.splice(0).flatMap((event) => (event.type === "state" && event.what === "power" ? event.value : []));
  expect(powers()).toEqual(["on"]);
  await modem.reset();
  expect(powers()).toEqual(["off", "on"]);
  await modem.powerOff();
  await modem.powerOff();
  expect(powers()).toEqual(["off"]);
  await modem.powerOn();
  expect(powers()).toEqual(["on"]);
  await modem.close();
  expect(powers()).toEqual(["off"]);
});

describe("restore()", () => {
  test("brings back the start, on the same port and without a word", async () => {
    const { modem, dte } = await modemOnMemory();
    await dte.command("ATE0;+CMEE=1;&W\r", `ATE0;+CMEE=1;&W\r${OK}`);
    await dte.command('AT+CLCK="SC",1,"1234"\r', OK);
    modem.module.radio.move({ registration: "searching" });
    await modem.module.sms.receive({ from: "+1555", text: "lost" });
    await modem.efs.writeFile("C:/a.txt", "x");
    await modem.pullCard();
    await modem.restore();
    await dte.expectNothing(60_000);
    expect(modem.module.sim.locked).toBe(false);
    expect(modem.module.radio.registration).toBe("home");
    expect(modem.module.sms.store.list("SM")).toEqual([]);
    expect(modem.cardInserted).toBe(true);
    expect(modem.settings.get("+CMEE")).toBe(2);
    await expect(modem.efs.stat("C:/a.txt")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await dte.command("AT\r", `AT\r${OK}`);
    await modem.close();
  });

  test("gives a module that is off its power back", async () => {
    const { modem, dte } = await modemOnMemory();
    await modem.powerOff();
    await modem.restore();
    await dte.command("AT\r", `AT\r${OK}`);
    await modem.close();
  });
});

test("a snapshot tells what the services are doing", async () => {
  const { modem, dte, network } = await modemOnMemory({ dialect: "field" });
  network.script({ acts: ["+OK\r\n", { hears: "USER" }, "+OK\r\n", { hears: "PASS" }, "+OK\r\n", "silence"] });
  dte.send('ATE0;+POP3SRV="h","u","p",110;+POP3IN\r');
  await dte.expect(`ATE0;+POP3SRV="h","u","p",110;+POP3IN\r`);
  await until(() => modem.snapshot().services.pop3.session === "h", "a session");
  expect(modem.snapshot()).toMatchObject({
    port: "memory",
    dialect: "field",
    power: "on",
    card: { inserted: true },
    settings: { E: 0 },
    services: { smtp: { busy: false }, pop3: { busy: false }, ftp: { busy: false }, http: { busy: false } },
  });
  await modem.powerOff();
  expect(modem.snapshot()).toMatchObject({ power: "off", services: { pop3: { busy: false, session: null } } });
  expect(JSON.parse(JSON.stringify(modem.snapshot()))).toEqual(modem.snapshot());
  await modem.close();
});

test("restore() leaves files in a directory of the host alone, and dates new ones by the module's clock", async () => {
  const directory = await hostDirectory();
  const { modem, dte } = await modemOnMemory({ efs: { backing: { disk: new SystemDisk(), directory } } });
  await modem.efs.writeFile("C:/a.txt", "x");
  await dte.command('AT+CCLK="30/01/01,00:00:00+00"\r', `AT+CCLK="30/01/01,00:00:00+00"\r${OK}`);
  await modem.pullCard();
  await modem.restore();
  expect(await modem.efs.readFile("C:/a.txt", "utf8")).toBe("x");
  expect(modem.cardInserted).toBe(true);
  await modem.efs.writeFile("C:/b.txt", "x");
  expect((await modem.efs.stat("C:/b.txt")).modified).toBe(modem.module.rtc.now().epoch);
  await modem.close();
});
