import { execFile, execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep, setImmediate as yieldToIo } from "node:timers/promises";
import { SerialPort } from "serialport";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LogRecord, silentLog } from "../../src/platform/log.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { openPty, type PtyOptions, type PtyTransport } from "../../src/transport/pty.ts";
import { pattern, transportContract, writeAll } from "./contract.ts";
import { duplexHost, openTerminal } from "./host.ts";
import { Recorder } from "./recorder.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

transportContract("pty, opened with a plain open", async () => {
  const transport = await openPty();
  return { transport, host: openTerminal(transport.address) };
});

async function openSerialPort(path: string): Promise<SerialPort> {
  const port = new SerialPort({ path, baudRate: 115200, highWaterMark: 1024 });
  await once(port, "open");
  return port;
}

transportContract("pty, opened with node-serialport", async () => {
  const transport = await openPty();
  const port = await openSerialPort(transport.address);
  // Destroying serialport's stream does not close it, and a port that is hung up spins until it is closed.
  const close = () => new Promise<void>((resolve) => port.close(() => resolve()));
  return { transport, host: Object.assign(duplexHost(port), { close }) };
});

/** What the kernel may hold of our output, and a little more. */
const KERNEL_BUFFER = 64 * 1024;

describe("the pty", () => {
  let pty: PtyTransport;
  let recorder: Recorder;

  beforeEach(async () => {
    pty = await openPty();
    recorder = new Recorder();
    pty.start(recorder);
  });

  afterEach(() => pty.close());

  /** Writes until the promise to wait comes. */
  async function stall(): Promise<{ room: Promise<void> }> {
    for (;;) {
      const room = pty.write(Buffer.alloc(4096, "s"));
      if (room !== undefined) return { room };
      await yieldToIo();
    }
  }

  test("gives memory back: nobody but the kernel has what it has sent", () => {
    expect(pty.returnsMemory).toBe(true);
  });

  test("is raw: nothing is echoed, translated, edited or turned into a signal", async () => {
    const settings = execFileSync("stty", ["-F", pty.address, "-a"]).toString();
    for (const flag of ["-icanon", "-echo", "-opost", "-isig", "-icrnl", "-inlcr", "-istrip", "-ixon", "cs8"]) {
      expect(settings).toMatch(new RegExp(`(^|[\\s;])${flag}[\\s;]`));
    }
  });

  test("a line feed does not become CR LF, either way", async () => {
    const host = openTerminal(pty.address);
    void pty.write(Buffer.from("a\nb\n"));
    await host.write("c\nd\r\n");
    expect((await host.readExactly(4)).toString()).toBe("a\nb\n");
    expect((await recorder.received(5)).toString()).toBe("c\nd\r\n");
    await host.close();
  });

  test("a host program of the shell is served", async () => {
    const answered = recorder.received(3).then(() => pty.write(Buffer.from("OK\r\n")));
    const shell = execFile("sh", [
      "-c",
      `exec 3<>"${pty.address}"; printf 'AT\\r' >&3; read -r answer <&3; echo "$answer"`,
    ]);
    let printed = "";
    shell.stdout?.on("data", (text: string) => {
      printed += text;
    });
    await once(shell, "close");
    await answered;
    expect(printed.trim()).toBe("OK");
  });

  test("hosts come and go any number of times", async () => {
    for (let visit = 0; visit < 50; visit++) {
      const host = openTerminal(pty.address);
      await host.write(`AT${visit};`);
      await recorder.until(() => Buffer.concat(recorder.chunks).includes(`AT${visit};`));
      void pty.write(Buffer.from(`OK${visit};`));
      const answer = `OK${visit};`;
      expect((await host.readExactly(answer.length)).toString()).toBe(answer);
      await host.close();
    }
    expect(recorder.losses).toEqual([]);
  });

  test("a host that only opens and closes leaves no trace", async () => {
    for (let visit = 0; visit < 50; visit++) await openTerminal(pty.address).close();
    const host = openTerminal(pty.address);
    await host.write("AT\r");
    expect((await recorder.received(3)).toString()).toBe("AT\r");
    await host.close();
  });

  test("two hosts at once are both heard, and the one that stays is served after the other has gone", async () => {
    const [first, second] = [openTerminal(pty.address), openTerminal(pty.address)];
    await first.write("one.");
    await recorder.received(4);
    await second.write("two.");
    expect((await recorder.received(8)).toString()).toBe("one.two.");
    await first.close();
    void pty.write(Buffer.from("OK"));
    expect((await second.readExactly(2)).toString()).toBe("OK");
    await second.close();
  });

  test("a host that does not read costs no CPU and does not hold up the event loop", async () => {
    const host = openTerminal(pty.address);
    host.pause();
    await stall();
    const windows: number[] = [];
    for (let window = 0; window < 5; window++) {
      const before = process.cpuUsage();
      await sleep(100);
      const used = process.cpuUsage(before);
      windows.push(used.user + used.system);
    }
    // The quietest tenth of a second: spinning would have used all of each.
    expect(Math.min(...windows)).toBeLessThan(30_000);
    expect(pty.backlog).toBeGreaterThan(0);
    await host.close();
  });

  test("a module that talks to nobody does not stall, and a late host finds little of it", async () => {
    await writeAll(pty, Buffer.concat([pattern(500_000), Buffer.alloc(10_000, "z")]));
    const host = openTerminal(pty.address);
    const marker = Buffer.alloc(8, "!");
    void pty.write(marker);
    let stale = 0;
    for (let run = 0; run < marker.length; stale++) run = (await host.readExactly(1))[0] === 0x21 ? run + 1 : 0;
    expect(stale).toBeLessThan(KERNEL_BUFFER);
    await host.close();
  });

  test("what is written before the first host comes waits for it", async () => {
    void pty.write(Buffer.from("\r\nSTART\r\n"));
    const host = openTerminal(pty.address);
    expect((await host.readExactly(9)).toString()).toBe("\r\nSTART\r\n");
    await host.close();
  });

  test("a host that goes while it holds the module back takes its bytes with it; the next finds a clean line", async () => {
    const host = openTerminal(pty.address);
    host.pause();
    const { room } = await stall();
    await host.close();
    // The kernel may first take a little more, so that there is room before the hang-up is heard.
    await room;
    while (pty.backlog > 0) await yieldToIo();
    const next = openTerminal(pty.address);
    void pty.write(Buffer.from("OK"));
    expect((await next.readExactly(2)).toString()).toBe("OK");
    await next.close();
  });

  test("what such a host had sent is delivered all the same, when the receiver lets go", async () => {
    const host = openTerminal(pty.address);
    host.pause();
    const release = recorder.hold();
    await host.write("first.");
    await recorder.received(6);
    await host.write("second.");
    const { room } = await stall();
    await host.close();
    await room;
    release();
    expect((await recorder.received(13)).toString()).toBe("first.second.");
    const next = openTerminal(pty.address);
    await next.write("third.");
    expect((await recorder.received(19)).toString()).toBe("first.second.third.");
    await next.close();
  });

  test("a second host keeps the bytes that wait when the first goes", async () => {
    const [first, second] = [openTerminal(pty.address), openTerminal(pty.address)];
    first.pause();
    second.pause();
    await stall();
    const waiting = pty.backlog;
    await first.close();
    for (let turns = 0; turns < 50; turns++) await yieldToIo();
    expect(pty.backlog).toBe(waiting);
    second.resume();
    await second.readExactly(waiting);
    await second.close();
  });

  test("settle delivers at once what the kernel already holds", async () => {
    const host = openTerminal(pty.address);
    const release = recorder.hold();
    await host.write("a");
    await recorder.received(1);
    await host.write(pattern(3000));
    for (let turns = 0; turns < 100; turns++) await yieldToIo();
    release();
    await yieldToIo();
    await pty.settle();
    await recorder.received(3001);
    expect(recorder.trespasses).toBe(0);
    await host.close();
  });

  test("small reads share their allocations", async () => {
    const host = openTerminal(pty.address);
    for (let index = 0; index < 100; index++) {
      await host.write("x");
      await recorder.received(index + 1);
    }
    expect(new Set(recorder.chunks.map((chunk) => chunk.buffer)).size).toBe(1);
    await host.close();
  });

  test("close gives the host what still waits, as far as it goes without waiting, and then the end", async () => {
    const host = openTerminal(pty.address);
    void pty.write(Buffer.from("+CPOF\r\n"));
    expect((await host.readExactly(7)).toString()).toBe("+CPOF\r\n");
    await pty.close();
    await host.close();
    expect(() => openTerminal(pty.address)).toThrow();
  });
});

describe.runIf(process.platform === "linux")("a host of the pty", () => {
  let clock: VirtualClock;
  let pty: PtyTransport;
  let recorder: Recorder;

  beforeEach(async () => {
    clock = new VirtualClock();
    pty = await openPty({ clock });
    recorder = new Recorder();
    pty.start(recorder);
  });

  afterEach(() => pty.close());

  /** Waits until the kernel has reported that nobody is there, and the second runs. */
  async function left(): Promise<void> {
    while (clock.pendingAlarms === 0) await yieldToIo();
  }

  test("is heard to come at its first byte, and to have gone a second after it has closed", async () => {
    const host = openTerminal(pty.device);
    await host.write("AT");
    await recorder.received(2);
    expect(recorder.heard).toEqual(["opened", "AT"]);
    await host.close();
    await left();
    await clock.advance(899);
    expect(recorder.heard).toHaveLength(2);
    await clock.advance(1);
    await recorder.until(() => recorder.heard.length > 2);
    expect(recorder.heard).toEqual(["opened", "AT", "closed"]);
    expect(clock.pendingAlarms).toBe(0);
  });

  test("that writes and closes at once is heard in full, and gets its answer when it opens again", async () => {
    for (let visit = 0; visit < 30; visit++) {
      writeFileSync(pty.device, `AT${visit};`);
      await recorder.until(() => Buffer.concat(recorder.chunks).includes(`AT${visit};`));
      void pty.write(Buffer.from(`OK${visit};`));
      await left();
      const host = openTerminal(pty.device);
      const answer = `OK${visit};`;
      expect((await host.readExactly(answer.length)).toString()).toBe(answer);
      await host.close();
    }
    expect(recorder.heard.filter((what) => what === "closed")).toEqual([]);
  });

  test("that opens again within the second has not gone, and is heard to go later", async () => {
    const first = openTerminal(pty.device);
    await first.write("one.");
    await recorder.received(4);
    await first.close();
    await left();
    await clock.advance(800);
    const second = openTerminal(pty.device);
    await clock.advance(5_000);
    for (let turns = 0; turns < 20; turns++) await yieldToIo();
    await second.write("two.");
    await recorder.received(8);
    expect(recorder.heard).toEqual(["opened", "one.", "two."]);
    await second.close();
    await left();
    await clock.advance(1_000);
    await recorder.until(() => recorder.heard.includes("closed"));
  });

  test("one of two that goes is not missed", async () => {
    const [first, second] = [openTerminal(pty.device), openTerminal(pty.device)];
    await first.write("one.");
    await recorder.received(4);
    await first.close();
    for (let turns = 0; turns < 20; turns++) await yieldToIo();
    expect(clock.pendingAlarms).toBe(0);
    await second.close();
    await left();
  });

  test("that goes while the receiver holds it back takes what was not delivered with it", async () => {
    const host = openTerminal(pty.device);
    const release = recorder.hold();
    await host.write("data");
    await recorder.received(4);
    await host.write("rest of the data");
    await host.close();
    await left();
    await clock.advance(1_000);
    await recorder.until(() => recorder.heard.includes("closed"));
    release();
    writeFileSync(pty.device, "AT\r");
    await recorder.until(() => recorder.heard.includes("AT\r"));
    expect(recorder.heard).toEqual(["opened", "data", "closed", "opened", "AT\r"]);
  });

  test("costs nothing while it is there and silent", async () => {
    const host = openTerminal(pty.device);
    await host.write("AT");
    await recorder.received(2);
    const before = process.cpuUsage();
    await sleep(300);
    const used = process.cpuUsage(before);
    expect(used.user + used.system).toBeLessThan(150_000);
    await host.close();
  });

  test("that ends as the leader of a session which has the port as its terminal does not end the line", async () => {
    execFileSync("setsid", ["-w", "sh", "-c", `exec 3<>"${pty.device}"; printf AT >&3`]);
    await recorder.received(2);
    await left();
    await clock.advance(1_000);
    await recorder.until(() => recorder.heard.includes("closed"));
    const host = openTerminal(pty.device);
    await host.write("again");
    await recorder.received(7);
    void pty.write(Buffer.from("OK"));
    expect((await host.readExactly(2)).toString()).toBe("OK");
    await host.close();
    expect(recorder.losses).toEqual([]);
  });

  test("may set a rate, which is told", async () => {
    expect(await pty.port.settings()).toEqual({});
    execFileSync("stty", ["-F", pty.device, "57600"]);
    expect(await pty.port.settings()).toEqual({ rate: 57600 });
  });
});

describe("an echo loop", () => {
  test("is warned of once, with the remedy", async () => {
    const warnings: LogRecord[] = [];
    const pty = await openPty({ log: { ...silentLog, warn: (record) => void warnings.push(record) } });
    const recorder = new Recorder();
    pty.start(recorder);
    execFileSync("stty", ["-F", pty.device, "sane"]);
    const host = openTerminal(pty.device);
    for (let round = 0; round < 4; round++) {
      void pty.write(Buffer.from(`\r\n+CREG: ${round}\r\n\r\nOK\r\n`));
      await recorder.until(() => Buffer.concat(recorder.chunks).toString().split("OK").length > round + 1);
    }
    expect(warnings).toMatchObject([
      { event: "echo-loop", port: pty.device, remedy: `stty -F ${pty.device} raw -echo` },
    ]);
    await host.close();
    await pty.close();
  });
});

describe("the permissions of a pty", () => {
  test("are what was asked for", async () => {
    const pty = await openPty({ mode: 0o640, group: process.getgid?.() ?? 0 });
    const { mode, gid } = statSync(pty.device);
    expect([(mode & 0o777).toString(8), gid]).toEqual(["640", process.getgid?.()]);
    await pty.close();
  });

  test.each<[PtyOptions, string]>([
    [{ mode: 0o1000 }, "--mode 1000: not permission bits from 0 to 777"],
    [{ mode: 1.5 }, "--mode 1.4: not permission bits from 0 to 777"],
    [{ group: "no-such-group" }, "--group no-such-group: there is no such group"],
  ])("%j are refused", async (options, message) => {
    await expect(openPty(options)).rejects.toThrow(message);
  });
});

describe("the link of a pty", () => {
  test("is what a host opens, and goes at close", async () => {
    const link = join(temporaryDirectory(), "modem");
    const pty = await openPty({ link });
    expect([pty.address, readlinkSync(link)]).toEqual([link, pty.device]);
    const recorder = new Recorder();
    pty.start(recorder);
    const host = openTerminal(link);
    await host.write("AT\r");
    expect((await recorder.received(3)).toString()).toBe("AT\r");
    await host.close();
    await pty.close();
    expect(existsSync(link)).toBe(false);
  });

  test("that cannot be placed is an error that says why", async () => {
    const link = join(temporaryDirectory(), "modem");
    writeFileSync(link, "precious");
    await expect(openPty({ link })).rejects.toThrow(`--link ${link}: there is a file`);
  });
});
