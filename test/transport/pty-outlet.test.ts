import { execFileSync } from "node:child_process";
import { closeSync, lstatSync, openSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openPtyOutlet } from "../../src/transport/pty-outlet.ts";
import { until } from "../support/program.ts";
import { PtyHost } from "../support/pty-host.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

async function opened() {
  const link = join(temporaryDirectory(), "nmea");
  const outlet = await openPtyOutlet(link, { mode: 0o640 });
  onTestFinished(() => outlet.close());
  return { link, outlet, send: (text: string) => outlet.send(Buffer.from(text)) };
}

/** A host that gives what it reads as text. */
function hostOf(link: string) {
  const host = new PtyHost(link);
  let text = "";
  return {
    /** Reads until so much has come. */
    async read(length: number): Promise<string> {
      await until(() => {
        text += Buffer.from(host.take()).toString();
        return text.length >= length;
      }, `${length} characters after ${text.length}`);
      return text;
    },
    /** All that is there now. */
    rest(): string {
      for (let piece = host.take(); piece.length > 0; piece = host.take()) text += Buffer.from(piece).toString();
      return text;
    },
    write: (bytes: Uint8Array) => host.write(bytes),
    close: () => host.close(),
  };
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
  expect(await host.read(2 * SET.length)).toBe(SET + SET);
  host.close();
});

test("the next host finds nothing that the last one has not read", async () => {
  const { link, send } = await opened();
  const first = hostOf(link);
  send("old\r\n");
  first.close();
  send("missed\r\n");
  const second = hostOf(link);
  send(SET);
  expect(await second.read(SET.length)).toBe(SET);
  second.close();
});

test("nothing waits for a host that does not read", async () => {
  const { link, send } = await opened();
  const host = hostOf(link);
  const before = process.memoryUsage();
  for (let index = 0; index < 100_000; index++) send(SET);
  const { arrayBuffers, external } = process.memoryUsage();
  expect(arrayBuffers + external - before.arrayBuffers - before.external).toBeLessThan(8 * 1024 * 1024);
  const kept = host.rest();
  expect(kept.length).toBeGreaterThanOrEqual(SET.length);
  expect(kept.length).toBeLessThan(128 * 1024);
  // What comes from now on arrives.
  send("new\r\n");
  expect(await host.read(kept.length + 5)).toMatch(/new\r\n$/);
  host.close();
});

test("what a host writes is dropped, and holds nothing up", async () => {
  const { link, send } = await opened();
  const host = hostOf(link);
  for (let index = 0; index < 100; index++) {
    host.write(Buffer.alloc(1024, "x"));
    send(SET);
  }
  expect(await host.read(100 * SET.length)).toBe(SET.repeat(100));
  host.close();
});

test("hosts come and go any number of times", async () => {
  const { link, send } = await opened();
  for (let visit = 0; visit < 50; visit++) {
    const host = hostOf(link);
    send(`${visit};`);
    expect(await host.read(`${visit};`.length)).toBe(`${visit};`);
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
