import { readdir, readlink, rm, writeFile } from "node:fs/promises";
import { platform } from "node:os";
import { basename } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { Efs, type EfsOptions } from "../../src/efs/efs.ts";
import { printDirectory } from "../../src/efs/path.ts";
import { SystemDisk } from "../../src/platform/disk/system-disk.ts";
import type { EventBody } from "../../src/platform/events.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { hostDirectory, names, outcome, path, read, signal, write } from "./support/volumes.ts";

const STANDARD = ["Audio/", "Picture/", "Video/", "VideoCall/"];

type Given = Omit<EfsOptions, "clock" | "backing">;

const BACKINGS: readonly [string, (given?: Given) => Promise<Efs>][] = [
  ["in memory", (given) => Efs.open({ clock: new VirtualClock(), ...given })],
  [
    "in a directory",
    async (given) => {
      const backing = { disk: new SystemDisk(), directory: await hostDirectory() };
      return Efs.open({ clock: new VirtualClock(), backing, ...given });
    },
  ],
];

describe.each(BACKINGS)("the EFS %s", (_, open) => {
  test("has its standard directories and sizes at power-on", async () => {
    const efs = await open();
    expect(await names(efs, "C:/")).toEqual(STANDARD);
    expect(await names(efs, "D:/")).toEqual(STANDARD);
    expect(await efs.space("C")).toEqual({ total: 11_348_480, used: 0 });
    expect(await efs.space("D")).toEqual({ total: 255_533_056, used: 0 });
    expect(printDirectory(efs.currentDirectory)).toBe("C:/");
  });

  test("takes other sizes", async () => {
    const efs = await open({ sizes: { C: 10 } });
    expect((await efs.space("C")).total).toBe(10);
    expect((await efs.space("D")).total).toBe(255_533_056);
    expect(await outcome(write(efs, "C:/f", "eleven char"))).toBe("NO_SPACE");
  });

  test("keeps its volumes apart", async () => {
    const efs = await open();
    await write(efs, "C:/f", "on C");
    await write(efs, "D:/f", "on D");
    expect([await read(efs, "C:/f"), await read(efs, "D:/f")]).toEqual(["on C", "on D"]);
    expect(await outcome(efs.rename(path("C:/f"), path("D:/g")))).toBe("BAD_NAME");
    await efs.remove(path("D:/f"));
    expect(await outcome(efs.stat(path("D:/f")))).toBe("NOT_FOUND");
  });

  test("follows the current directory", async () => {
    const efs = await open();
    const go = async (text: string) => {
      const target = efs.resolve(text);
      return target && printDirectory(await efs.changeDirectory(target));
    };
    expect(await go("Video")).toBe("C:/Video/");
    expect(efs.resolve("a.3gp")).toEqual(path("C:/Video/a.3gp"));
    expect(await go("..")).toBe("C:/");
    expect(await go("..")).toBe("C:/");
    expect(await go("d:\\picture")).toBe("D:/Picture/");
    expect(await go("/")).toBe("D:/");
    await write(efs, "D:/f", "x");
    expect(await outcome(go("f"))).toBe("NOT_DIRECTORY");
    expect(await outcome(go("nowhere"))).toBe("NOT_FOUND");
    expect(await go("a:b")).toBeUndefined();
    expect(printDirectory(efs.currentDirectory)).toBe("D:/");
    await efs.powerOn();
    expect(printDirectory(efs.currentDirectory)).toBe("C:/");
    expect(await read(efs, "D:/f")).toBe("x");
  });

  test("makes a directory with those above it, and is content when it is there", async () => {
    const efs = await open();
    for (let time = 0; time < 2; time++) await efs.ensureDirectory(path("C:/Email/100205120000"));
    await efs.ensureDirectory(path("C:/"));
    expect(await names(efs, "C:/Email")).toEqual(["100205120000/"]);
    await write(efs, "C:/f", "x");
    expect(await outcome(efs.ensureDirectory(path("C:/f")))).toBe("EXISTS");
    expect(await outcome(efs.ensureDirectory(path("C:/f/g")))).toBe("NOT_DIRECTORY");
  });

  describe("card", () => {
    test("absent: every operation says so, until one is put in", async () => {
      const efs = await open({ card: false });
      expect(efs.cardInserted).toBe(false);
      expect(await outcome(efs.changeDirectory(path("D:/")))).toBe("NO_CARD");
      expect(await outcome(efs.list(path("D:/")))).toBe("NO_CARD");
      expect(await outcome(efs.space("D"))).toBe("NO_CARD");
      expect(await outcome(efs.openWriter(path("D:/f")))).toBe("NO_CARD");
      expect(await outcome(efs.formatCard())).toBe("NO_CARD");
      await efs.insertCard();
      expect(await names(efs, "D:/")).toEqual(STANDARD);
    });

    test("pulled in mid-write: the write fails, the old file is still on it", async () => {
      const efs = await open();
      await write(efs, "D:/f", "old");
      const writer = await efs.openWriter(path("D:/f"));
      await writer.write(Buffer.from("new"), signal);
      await efs.pullCard();
      expect(await outcome(writer.write(Buffer.from("er"), signal))).toBe("NO_CARD");
      expect(await outcome(writer.commit())).toBe("NO_CARD");
      await efs.insertCard();
      expect(await outcome(writer.commit())).toBe("NO_CARD");
      await writer.abandon();
      expect(await read(efs, "D:/f")).toBe("old");
      expect((await efs.space("D")).used).toBe(3);
      expect(await names(efs, "D:/")).toEqual([...STANDARD, "f"]);
    });

    test("pulled during a write and during an opening: nothing is left open or counted", async () => {
      const efs = await open();
      const writer = await efs.openWriter(path("D:/f"));
      const writing = outcome(writer.write(Buffer.alloc(300_000), signal));
      const opening = outcome(efs.openWriter(path("D:/g")));
      const looking = outcome(efs.changeDirectory(path("D:/Video")));
      await efs.pullCard();
      expect(["NO_CARD", "done"]).toContain(await writing);
      expect(await opening).toBe("NO_CARD");
      expect(await looking).toBe("NO_CARD");
      expect(printDirectory(efs.currentDirectory)).toBe("C:/");
      await efs.insertCard();
      expect((await efs.space("D")).used).toBe(0);
    });

    test("pulled in mid-read: the read fails, and goes on failing when the card is back", async () => {
      const efs = await open();
      await write(efs, "D:/f", "x".repeat(100_000));
      const reader = await efs.openReader(path("D:/f"));
      await reader.read(signal);
      await efs.pullCard();
      expect(await outcome(reader.read(signal))).toBe("NO_CARD");
      await efs.insertCard();
      expect(await outcome(reader.read(signal))).toBe("NO_CARD");
      await reader.close();
      expect((await read(efs, "D:/f")).length).toBe(100_000);
    });

    test("pulled: a current directory on it falls back to C:/, one on C: stays", async () => {
      const efs = await open();
      await efs.changeDirectory(path("D:/Video"));
      await efs.pullCard();
      await efs.pullCard();
      expect(printDirectory(efs.currentDirectory)).toBe("C:/");
      await efs.changeDirectory(path("C:/Video"));
      await efs.insertCard();
      await efs.pullCard();
      expect(printDirectory(efs.currentDirectory)).toBe("C:/Video/");
      expect(await outcome(write(efs, "C:/Video/f", "x"))).toBe("done");
    });

    test("formatted: it is as new, C: is not touched, the current directory goes to D:/", async () => {
      const efs = await open();
      await efs.ensureDirectory(path("D:/a/b"));
      await write(efs, "D:/a/b/f", "x");
      await write(efs, "C:/f", "x");
      await efs.changeDirectory(path("D:/a/b"));
      await efs.formatCard();
      expect(await names(efs, "D:/")).toEqual(STANDARD);
      expect((await efs.space("D")).used).toBe(0);
      expect(printDirectory(efs.currentDirectory)).toBe("D:/");
      expect(await read(efs, "C:/f")).toBe("x");
    });
  });
});

test("files in a directory of the host are there at the next start", async () => {
  const options = {
    clock: new VirtualClock(),
    backing: { disk: new SystemDisk(), directory: `${await hostDirectory()}/made/here` },
  };
  const first = await Efs.open(options);
  await write(first, "D:/Picture/p.jpg", "picture");
  first.close();
  const again = await Efs.open(options);
  expect(await read(again, "D:/Picture/p.jpg")).toBe("picture");
  again.close();
  expect(await readdir(options.backing.directory)).toEqual(["C", "D"]);
});

test.runIf(platform() === "linux")("a pulled card leaves no descriptor open and no half file on the host", async () => {
  const directory = await hostDirectory();
  const efs = await Efs.open({ clock: new VirtualClock(), backing: { disk: new SystemDisk(), directory } });
  await write(efs, "D:/f", "x");
  await efs.openReader(path("D:/f"));
  const writer = await efs.openWriter(path("D:/g"));
  await writer.write(Buffer.from("half"), signal);
  expect(await descriptorsIn(directory)).toHaveLength(2);
  const opening = [efs.openReader(path("D:/f")), efs.openWriter(path("D:/h"))].map(outcome);
  await efs.pullCard();
  expect(await Promise.all(opening)).toEqual(["NO_CARD", "NO_CARD"]);
  expect(await descriptorsIn(directory)).toEqual([]);
  expect(await readdir(`${directory}/D`)).toEqual(["Audio", "Picture", "Video", "VideoCall", "f"]);
});

describe("a directory of the host", () => {
  const options = (directory: string) => ({
    clock: new VirtualClock(),
    backing: { disk: new SystemDisk(), directory },
  });

  test("serves one modem at a time, also in one process; what the first one writes is not touched", async () => {
    const directory = await hostDirectory();
    const first = await Efs.open(options(directory));
    const writer = await first.openWriter(path("C:/f"));
    await writer.write(Buffer.from("half"), signal);
    await expect(Efs.open(options(`${directory}/../${basename(directory)}`))).rejects.toMatchObject({
      name: "EfsError",
      code: "IN_USE",
      message: `in use by this process (${process.pid}) already`,
    });
    await writer.commit();
    expect(await read(first, "C:/f")).toBe("half");
    first.close();
    const second = await Efs.open(options(directory));
    expect(await read(second, "C:/f")).toBe("half");
    second.close();
    expect(await readdir(directory)).toEqual(["C", "D"]);
  });

  test("is free again when it could not be opened", async () => {
    const directory = await hostDirectory();
    await writeFile(`${directory}/D`, "");
    expect(await outcome(Efs.open(options(directory)))).toBe("NOT_DIRECTORY");
    await rm(`${directory}/D`);
    (await Efs.open(options(directory))).close();
  });

  test("is opened three times for each volume at power-on, so that many modems start soon", async () => {
    const disk = new SystemDisk();
    const opening = vi.spyOn(disk, "openFolder");
    const efs = await Efs.open({ clock: new VirtualClock(), backing: { disk, directory: await hostDirectory() } });
    expect(opening).toHaveBeenCalledTimes(6);
    efs.close();
  });

  test("was deleted: a clear error, and at power-on it is made anew", async () => {
    const directory = `${await hostDirectory()}/efs`;
    const efs = await Efs.open(options(directory));
    await write(efs, "C:/f", "x");
    await rm(directory, { recursive: true });
    expect(await outcome(efs.stat(path("C:/f")))).toBe("NOT_FOUND");
    expect(await outcome(write(efs, "C:/g", "x"))).toBe("NOT_FOUND");
    await efs.powerOn();
    expect(await names(efs, "C:/")).toEqual(STANDARD);
    expect(await efs.space("C")).toEqual({ total: 11_348_480, used: 0 });
    await write(efs, "C:/g", "x");
    // The lock was deleted too, and is there again.
    expect(await outcome(Efs.open(options(directory)))).toBe("IN_USE");
    efs.close();
  });

  test("had one volume deleted: it is made anew, the other keeps its files", async () => {
    const directory = await hostDirectory();
    const efs = await Efs.open(options(directory));
    await write(efs, "D:/f", "x");
    await rm(`${directory}/C`, { recursive: true });
    await expect(efs.list(path("C:/"))).rejects.toThrow("the directory of C: was deleted");
    await efs.powerOn();
    expect([await names(efs, "C:/"), await read(efs, "D:/f")]).toEqual([STANDARD, "x"]);
    efs.close();
  });

  test("was deleted and taken by another modem: every operation says so until it is free at a power-on", async () => {
    const directory = `${await hostDirectory()}/efs`;
    const efs = await Efs.open(options(directory));
    await rm(directory, { recursive: true });
    const other = await Efs.open(options(directory));
    await efs.powerOn();
    expect(await outcome(efs.list(path("C:/")))).toBe("IN_USE");
    expect(await outcome(efs.space("D"))).toBe("IN_USE");
    other.close();
    await efs.powerOn();
    expect(await names(efs, "C:/")).toEqual(STANDARD);
    efs.close();
  });

  test("keeps its files at a reset", async () => {
    const efs = await Efs.open(options(await hostDirectory()));
    await write(efs, "C:/f", "x");
    await efs.reset();
    expect(await read(efs, "C:/f")).toBe("x");
    efs.close();
  });
});

describe("a reset in memory", () => {
  test.each([true, false])("brings back the contents of the start and the slot with a card: %s", async (card) => {
    const efs = await Efs.open({ clock: new VirtualClock(), card });
    await (card ? efs.pullCard() : efs.insertCard());
    await write(efs, "C:/f", "x");
    await efs.makeDirectory(path("C:/Video/d"));
    await efs.removeDirectory(path("C:/Audio"));
    await efs.changeDirectory(path("C:/Video"));
    await efs.reset();
    expect(efs.cardInserted).toBe(card);
    expect(await names(efs, "C:/")).toEqual(STANDARD);
    expect(await names(efs, "C:/Video")).toEqual([]);
    expect((await efs.space("C")).used).toBe(0);
    expect(printDirectory(efs.currentDirectory)).toBe("C:/");
    if (card) expect(await names(efs, "D:/")).toEqual(STANDARD);
  });

  test("fails what is being written, and counts nothing of it", async () => {
    const efs = await Efs.open({ clock: new VirtualClock() });
    const writer = await efs.openWriter(path("C:/f"));
    await writer.write(Buffer.from("half"), signal);
    const draft = await efs.draftDirectory(path("C:/"));
    const inner = await draft.openWriter("g");
    await inner.write(Buffer.from("half"), signal);
    await inner.commit();
    await efs.reset();
    expect(await outcome(writer.commit())).toBe("IO");
    expect(await outcome(draft.commit("d"))).toBe("IO");
    await writer.abandon();
    await draft.discard();
    expect(await names(efs, "C:/")).toEqual(STANDARD);
    expect((await efs.space("C")).used).toBe(0);
  });
});

test("events tell what changes, by the module's paths", async () => {
  const events: EventBody[] = [];
  const efs = await Efs.open({
    clock: new VirtualClock(),
    events: { active: true, emit: (event) => void events.push(event) },
  });
  expect(events.filter((event) => event.type === "file" && event.action === "made")).toHaveLength(8);
  events.length = 0;
  await efs.makeDirectory(path("C:/d"));
  const writer = await efs.openWriter(path("C:/d/f"));
  await writer.write(Buffer.from("12"), signal);
  await writer.write(Buffer.from("345"), signal);
  await writer.commit();
  const abandoned = await efs.openWriter(path("C:/g"));
  await abandoned.abandon();
  await outcome(efs.remove(path("C:/nothing")));
  await efs.rename(path("C:/d/f"), path("C:/g"));
  await efs.remove(path("C:/g"));
  await efs.removeDirectory(path("C:/d"));
  const draft = await efs.draftDirectory(path("C:/"));
  for (const name of ["a", "b", "c"]) {
    const file = await draft.openWriter(name);
    await file.write(Buffer.from(name), signal);
    await file.commit();
  }
  await draft.remove("a");
  await draft.rename("b", "e");
  await draft.commit("mail");
  await efs.pullCard();
  await efs.pullCard();
  await efs.insertCard();
  expect(events).toEqual([
    { type: "file", path: "C:/d", action: "made" },
    { type: "file", path: "C:/d/f", action: "written", size: 5 },
    { type: "file", path: "C:/d/f", action: "renamed", to: "C:/g" },
    { type: "file", path: "C:/g", action: "removed" },
    { type: "file", path: "C:/d", action: "removed" },
    { type: "file", path: "C:/mail", action: "made" },
    { type: "file", path: "C:/mail/c", action: "written", size: 1 },
    { type: "file", path: "C:/mail/e", action: "written", size: 1 },
    { type: "state", what: "card", value: false },
    { type: "state", what: "card", value: true },
  ]);
});

async function descriptorsIn(directory: string): Promise<string[]> {
  const descriptors = await readdir("/proc/self/fd");
  const paths = await Promise.all(descriptors.map((each) => readlink(`/proc/self/fd/${each}`).catch(() => "")));
  return paths.filter((each) => each.startsWith(directory));
}
