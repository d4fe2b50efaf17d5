import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Efs } from "../../src/efs/efs.ts";
import { DiskError, type DiskFile } from "../../src/platform/disk/disk.ts";
import { SystemDisk } from "../../src/platform/disk/system-disk.ts";
import { silentLog } from "../../src/platform/log.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { WorkSet } from "../../src/platform/work-set.ts";
import { FileCopier } from "../../src/services/file-copier.ts";
import { HookedDisk } from "../efs/support/hooked-disk.ts";
import { hostDirectory, names, path, signal } from "../efs/support/volumes.ts";

/** A copier on volumes in a directory of the host, with a file `C:/a` of 100000 bytes there. */
async function setUp(created: Partial<DiskFile> = {}) {
  const directory = await hostDirectory();
  const disk = new HookedDisk(new SystemDisk(), { created });
  const efs = await Efs.open({ clock: new VirtualClock(), backing: { disk, directory } });
  await writeFile(join(directory, "C", "a"), Buffer.alloc(100_000, "x"));
  const said: string[] = [];
  const outlet = { urc: (text: string) => void said.push(text), packets: () => Promise.resolve() };
  return {
    efs,
    said,
    copier: new FileCopier({ efs, outlet, log: silentLog, work: new WorkSet() }),
    file: join(directory, "C", "a"),
  };
}

async function begun({ copier }: Awaited<ReturnType<typeof setUp>>) {
  const copy = await copier.open(path("C:/a"), path("D:/b"), signal);
  if (typeof copy === "string") throw new Error(copy);
  return copy;
}

const refuse = () => Promise.reject(new DiskError("IO", "the disk is broken"));

test.each([
  ["a disk that takes no bytes", { write: refuse }],
  ["a disk that cannot keep them", { sync: refuse }],
])("%s is WRITE FILE ERROR, and leaves nothing", async (_, hooks) => {
  const parts = await setUp(hooks);
  expect(await (await begun(parts)).run(() => undefined, signal)).toBe("WRITE FILE ERROR");
  expect(await names(parts.efs, "D:/")).not.toContain("b");
  expect((await parts.efs.space("D")).used).toBe(0);
});

test("a file that a person cuts short is READ FILE ERROR, and leaves nothing", async () => {
  const parts = await setUp();
  const copy = await begun(parts);
  await truncate(parts.file, 5);
  expect(await copy.run(() => undefined, signal)).toBe("READ FILE ERROR");
  expect(await names(parts.efs, "D:/")).not.toContain("b");
});

test("a card that is pulled meanwhile ends a copy behind the command line with its text", async () => {
  const parts = await setUp();
  const copy = await begun(parts);
  await parts.efs.pullCard();
  await parts.copier.runBehind(copy, signal);
  expect(parts.said).toEqual(["+FSCOPY: 1.0", "SD CARD NOT PLUGGED IN"]);
  expect(parts.copier.busy).toBe(false);
});

test("a reset ends a copy behind the command line without a word, and leaves nothing", async () => {
  const parts = await setUp();
  const power = new AbortController();
  const copy = await begun(parts);
  const copied = parts.copier.runBehind(copy, power.signal);
  power.abort();
  await copied;
  expect(parts.said).toEqual(["+FSCOPY: 1.0"]);
  expect(await names(parts.efs, "D:/")).not.toContain("b");
});

test("one copy goes on behind the command line at a time", async () => {
  const parts = await setUp();
  const copied = parts.copier.runBehind(await begun(parts), signal);
  expect(parts.copier.busy).toBe(true);
  await copied;
  expect(parts.copier.busy).toBe(false);
  expect(parts.said.at(-1)).toBe("+FSCOPY: END");
  expect(await names(parts.efs, "D:/")).toContain("b");
});
