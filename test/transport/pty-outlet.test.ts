import { execFileSync } from "node:child_process";
import { closeSync, constants, lstatSync, openSync, readlinkSync, readSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openPtyOutlet } from "../../src/transport/pty-outlet.ts";
import { until } from "../support/program.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

async function opened() {
  const link = join(temporaryDirectory(), "nmea");
  const outlet = await openPtyOutlet(link, { mode: 0o640 });
  onTestFinished(() => outlet.close());
  return { link, outlet, send: (text: string) => outlet.send(Buffer.from(text)) };
}

/** A host that gives what it reads as text. */
function hostOf(link: string) {
  const descriptor = openSync(link, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  const piece = Buffer.alloc(4096);
  let text = "";
  const host = {
    /** Reads what has come, or so many bytes of it. */
    take(length = piece.length): void {
      text += piece.toString(
        "latin1",
        0,
        unlessBusy(() => readSync(descriptor, piece, 0, length, null)),
      );
    },
    /** Reads until all of that has come. */
    async read(expected: string, length?: number): Promise<void> {
      await until(() => {
        host.take(length);
        return text.length >= expected.length;
      }, `${expected.length} characters after ${text.length}`);
      expect(text).toBe(expected);
    },
    /** All that it has read. */
    text: () => text,
    /** Gives how much of it the line has taken. */
    write: (bytes: Uint8Array) => unlessBusy(() => writeSync(descriptor, bytes)),
    close: () => closeSync(descriptor),
  };
  return host;
}

/** What a call gives, or 0 where it would have to wait. */
function unlessBusy(call: () => number): number {
  try {
    return call();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
    throw error;
  }
}

const SET = "$GPGSV,1,1,00*79\r\n";

test("a host that has the port open gets what is sent, and nothing from before", async () => {
  const { link, outlet, send } = await opened();
  expect(readlinkSync(link)).toBe(outlet.device);
  expect(execFileSync("stat", ["-L", "-c", "%a", link]).toString().trim()).toBe("640");
  send("early\r\n");
  const host = hostOf(link);
  send(SET);
  send(SET);
  await host.read(SET + SET);
  host.close();
});

test("the next host finds nothing that the last one has not read", async () => {
  const { link, send } = await opened();
  const first = hostOf(link);
  send("old\r\n");
  // Once the first byte is there, all of it is.
  await first.read("o", 1);
  first.close();
  send("missed\r\n");
  const second = hostOf(link);
  send(SET);
  await second.read(SET);
  second.close();
});

test("nothing waits for a host that does not read", async () => {
  const { link, outlet, send } = await opened();
  const host = hostOf(link);
  const sets = Buffer.from(SET.repeat(64));
  const before = process.memoryUsage();
  for (let index = 0; index < 5000; index++) outlet.send(sets);
  const { arrayBuffers, external } = process.memoryUsage();
  expect(arrayBuffers + external - before.arrayBuffers - before.external).toBeLessThan(1024 * 1024);
  // Once it reads, what comes from then on arrives.
  await until(() => {
    host.take();
    send("new\r\n");
    return host.text().includes("new\r\n");
  }, "what is sent from now on");
  expect(host.text().indexOf("new\r\n")).toBeLessThan(256 * 1024);
  host.close();
});

test("what a host writes is dropped, and holds nothing up", async () => {
  const { link, send } = await opened();
  const host = hostOf(link);
  let written = 0;
  await until(() => {
    written += host.write(Buffer.alloc(16 * 1024, "x"));
    host.take();
    send(SET);
    return written > 256 * 1024;
  }, "what it writes to be taken");
  expect(host.text()).toMatch(/^(\$GPGSV,1,1,00\*79\r\n)+/);
  expect(host.text()).not.toContain("x");
  host.close();
});

test("hosts come and go any number of times", async () => {
  const { link, send } = await opened();
  for (let visit = 0; visit < 50; visit++) {
    const host = hostOf(link);
    send(`${visit};`);
    await host.read(`${visit};`);
    host.close();
    send("missed");
  }
});

test("the link goes with the port, and what is sent afterwards is lost", async () => {
  const { link, outlet, send } = await opened();
  outlet.close();
  outlet.close();
  expect(lstatSync(link, { throwIfNoEntry: false })).toBeUndefined();
  send(SET);
});

test("what is in the way of the link is named, and no descriptor stays open", async () => {
  const path = join(temporaryDirectory(), "nmea");
  writeFileSync(path, "");
  const next = () => {
    const descriptor = openSync("/dev/null", "r");
    closeSync(descriptor);
    return descriptor;
  };
  const refused = () => openPtyOutlet(path, {});
  await expect(refused()).rejects.toThrow(`--nmea-link ${path}: there is a file`);
  const before = next();
  for (let index = 0; index < 5; index++) await expect(refused()).rejects.toThrow();
  expect(next()).toBe(before);
  const { link } = await opened();
  await expect(openPtyOutlet(link, {})).rejects.toThrow(`--nmea-link ${link}: process ${process.pid} uses it`);
});
