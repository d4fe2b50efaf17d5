import { writeFileSync } from "node:fs";
import {
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  unlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DirectoryStore } from "../../src/efs/directory-store.ts";
import { EFS_LIMITS } from "../../src/efs/limits.ts";
import { type EfsPath, parsePath, type VolumeName } from "../../src/efs/path.ts";
import { DiskError, type DiskFile, type DiskFolder } from "../../src/platform/disk/disk.ts";
import { SystemDisk } from "../../src/platform/disk/system-disk.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { HookedDisk } from "./support/hooked-disk.ts";
import { hostDirectory, names, openDirectoryStore, outcome, path, read, signal, write } from "./support/volumes.ts";

/** All that lies in a directory of the host, links not followed. */
async function snapshot(directory: string): Promise<string[]> {
  return ((await readdir(directory, { recursive: true })) as string[]).sort();
}

/** A volume in `base/efs`, and beside it what must never be touched or seen. */
async function guardedStore() {
  const base = await hostDirectory();
  await mkdir(join(base, "secret"));
  await writeFile(join(base, "secret", "key"), "secret");
  const volume = join(base, "efs", "C");
  const store = await openDirectoryStore(join(base, "efs"));
  return { base, secret: join(base, "secret"), volume, store };
}

describe("another program in the host's directory", () => {
  test("puts a file there, and the module sees it", async () => {
    const { volume, store } = await guardedStore();
    await mkdir(join(volume, "Video"));
    await writeFile(join(volume, "Video", "a.3gp"), "film");
    await utimes(join(volume, "Video", "a.3gp"), 1_200_000_000, 1_200_000_000);
    expect(await read(store, "C:/Video/a.3gp")).toBe("film");
    expect((await store.stat(path("C:/Video/a.3gp"))).modified).toBe(1_200_000_000_000);
    expect((await store.space()).used).toBe(4);
  });

  test("finds what the module wrote, under its name and with its date", async () => {
    const { volume, store } = await guardedStore();
    await write(store, "C:/测试.txt", "content");
    expect(await readFile(join(volume, "测试.txt"), "utf8")).toBe("content");
    expect((await lstat(join(volume, "测试.txt"))).mtimeMs).toBe(new VirtualClock().now());
    expect(await readdir(volume)).toEqual(["测试.txt"]);
  });

  test("may fill the volume over its size, and make room again", async () => {
    const { volume, store } = await guardedStore();
    const writer = await store.openWriter(path("C:/f"));
    await writer.write(Buffer.alloc(10), signal);
    await writeFile(join(volume, "big"), Buffer.alloc(2_000_000));
    expect(await store.space()).toEqual({ total: 1_000_000, used: 1_000_000 });
    expect(await outcome(store.openWriter(path("C:/g"), 1))).toBe("NO_SPACE");
    expect(await outcome(writer.write(Buffer.alloc(10), signal))).toBe("NO_SPACE");
    await unlink(join(volume, "big"));
    await write(store, "C:/f", "fits");
    expect((await store.space()).used).toBe(4);
  });

  test("may cut a file short while it is read: that is no end of it", async () => {
    const { volume, store } = await guardedStore();
    await write(store, "C:/f", "x".repeat(100_000));
    const reader = await store.openReader(path("C:/f"));
    await reader.read(signal);
    await writeFile(join(volume, "f"), "");
    expect(await outcome(reader.read(signal))).toBe("IO");
    await reader.close();
  });

  test("may remove the whole directory and make it again", async () => {
    const { base, volume, store } = await guardedStore();
    await rm(join(base, "efs"), { recursive: true });
    expect(await outcome(store.list(path("C:/")))).toBe("NOT_FOUND");
    expect(await outcome(store.stat(path("C:/")))).toBe("NOT_FOUND");
    expect(await outcome(write(store, "C:/f", "x"))).toBe("NOT_FOUND");
    await mkdir(volume, { recursive: true });
    await write(store, "C:/f", "x");
    expect(await readdir(volume)).toEqual(["f"]);
  });

  test("may remove a directory while the volume is measured", async () => {
    const { base, volume, store } = await guardedStore();
    for (const name of ["a", "gone", "z"]) {
      await store.makeDirectory(path(`C:/${name}`));
      await write(store, `C:/${name}/f`, "12345");
    }
    const remove = async (name: string) => {
      if (name === "gone") await rm(join(volume, name), { recursive: true, force: true });
    };
    const watched = await openDirectoryStore(
      join(base, "efs"),
      {},
      new HookedDisk(new SystemDisk(), { beforeOpen: remove }),
    );
    expect((await watched.space()).used).toBe(10);
  });

  test("names what the EFS cannot hold: it is not shown, and kept", async () => {
    const { volume, store } = await guardedStore();
    const strange = ["a:b", "what?", "trail.", "trail ", "a\\b", "new\nline", "x".repeat(252)];
    for (const name of strange) await writeFile(join(volume, name), "x");
    await writeFile(Buffer.concat([Buffer.from(`${volume}/`), Buffer.from([0x61, 0xff])]), "x");
    await writeFile(join(volume, "good"), "x");
    expect(await names(store, "C:/")).toEqual(["good"]);
    expect((await store.space()).used).toBe(1);
    expect(await readdir(volume)).toHaveLength(strange.length + 2);
  });

  test("has one name in two cases on D:: each is found as it is written", async () => {
    const directory = await hostDirectory();
    const store = await openDirectoryStore(directory, { volume: "D" });
    await writeFile(join(directory, "D", "b.txt"), "1");
    await writeFile(join(directory, "D", "B.TXT"), "2");
    expect(await read(store, "D:/b.txt")).toBe("1");
    expect(await read(store, "D:/B.TXT")).toBe("2");
    expect(await read(store, "D:/B.txt")).toBe("2");
  });
});

describe("nothing reaches outside the volume", () => {
  test("by a symbolic link: it is neither shown nor followed, removed nor replaced", async () => {
    const { base, secret, volume, store } = await guardedStore();
    await symlink(join(secret, "key"), join(volume, "file"));
    await symlink(secret, join(volume, "dir"));
    await symlink("../../secret", join(volume, "up"));
    await symlink(join(secret, "new"), join(volume, "dangling"));
    const before = await snapshot(base);
    expect(await names(store, "C:/")).toEqual([]);
    expect((await store.space()).used).toBe(0);
    const operations: [string, Promise<unknown>][] = [
      ["NOT_FOUND", store.stat(path("C:/file"))],
      ["NOT_FOUND", store.stat(path("C:/dir/key"))],
      ["NOT_FOUND", store.stat(path("C:/up/key"))],
      ["NOT_FOUND", store.list(path("C:/dir"))],
      ["NOT_FOUND", store.openReader(path("C:/file"))],
      ["NOT_FOUND", store.openReader(path("C:/dir/key"))],
      ["EXISTS", store.openWriter(path("C:/file"))],
      ["EXISTS", store.openWriter(path("C:/dangling"))],
      ["NOT_FOUND", store.openWriter(path("C:/dir/new"))],
      ["EXISTS", store.makeDirectory(path("C:/dangling"))],
      ["NOT_FOUND", store.makeDirectory(path("C:/up/new"))],
      ["NOT_FOUND", store.remove(path("C:/file"))],
      ["NOT_FOUND", store.remove(path("C:/dir/key"))],
      ["NOT_FOUND", store.removeDirectory(path("C:/dir"))],
      ["NOT_FOUND", store.rename(path("C:/file"), path("C:/x"))],
      ["NOT_FOUND", store.rename(path("C:/dir"), path("C:/x"))],
    ];
    const outcomes = await Promise.all(operations.map(([, operation]) => outcome(operation)));
    expect(outcomes).toEqual(operations.map(([code]) => code));
    await write(store, "C:/good", "x");
    expect(await outcome(store.rename(path("C:/good"), path("C:/dir/good")))).toBe("NOT_FOUND");
    expect(await outcome(store.rename(path("C:/good"), path("C:/file")))).toBe("EXISTS");
    await store.remove(path("C:/good"));
    expect(await snapshot(base)).toEqual(before);
    expect(await readFile(join(secret, "key"), "utf8")).toBe("secret");
  });

  test("by a volume that is a symbolic link", async () => {
    const { base, secret } = await guardedStore();
    await symlink(secret, join(base, "efs", "D"));
    expect(await outcome(openDirectoryStore(join(base, "efs"), { volume: "D" }))).toBe("NOT_DIRECTORY");
  });

  test("by a hard link: a file with a second name outside is replaced, not overwritten", async () => {
    const { secret, volume, store } = await guardedStore();
    await link(join(secret, "key"), join(volume, "key"));
    await write(store, "C:/key", "new");
    expect(await readFile(join(secret, "key"), "utf8")).toBe("secret");
  });

  test("by a name, whatever it is", async () => {
    const { base, secret, store } = await guardedStore();
    await store.makeDirectory(path("C:/d"));
    const outside = async () => [await readdir(base), await readdir(join(base, "efs")), await readdir(secret)];
    const before = await outside();
    const hostile = fc.array(
      fc.constantFrom(
        "..",
        "../",
        "/",
        "\\",
        ".",
        "C:",
        "D:/",
        "secret",
        "key",
        "d",
        "\0",
        " ",
        "efs",
        base,
        "%2e%2e",
        "．．",
        "~",
      ),
      { maxLength: 8 },
    );
    const texts = fc.oneof(
      hostile.map((parts) => parts.join("")),
      hostile.map((parts) => parts.join("/")),
      fc.string({ unit: "binary", maxLength: 20 }),
    );
    const byHand = fc.array(texts, { maxLength: 3 }).map((segments): EfsPath => ({ volume: "C", segments }));
    const given = fc.oneof(
      texts.map((text) => parsePath(text, path("C:/d"))),
      byHand,
    );
    await fc.assert(
      fc.asyncProperty(given, given, async (one, two) => {
        if (one === undefined || two === undefined) return;
        const writing = store.openWriter(one).then(async (writer) => {
          await writer.write(Buffer.from("x"), signal);
          await writer.commit();
        });
        await Promise.all([writing, store.makeDirectory(two), store.rename(one, two), store.remove(two)].map(outcome));
        const content = await store.openReader(one).catch(() => undefined);
        expect(Buffer.from((await content?.read(signal)) ?? "").toString()).not.toBe("secret");
        await content?.close();
        expect(await outside()).toEqual(before);
      }),
      { numRuns: 150 },
    );
    expect(await readFile(join(secret, "key"), "utf8")).toBe("secret");
  });

  test.each([
    ["before it is opened, where descriptors are shown as paths", "beforeOpen", "/proc/self/fd"],
    ["before it is opened, where they are not", "beforeOpen", "/nowhere"],
    ["once it is open, where descriptors are shown as paths", "beforeUse", "/proc/self/fd"],
    ["once it is open, where they are not", "beforeUse", "/nowhere"],
  ])("by a directory that someone swaps for a link %s", async (_, moment, descriptors) => {
    const { base, secret, volume } = await guardedStore();
    await mkdir(join(volume, "d"));
    await writeFile(join(volume, "d", "key"), "inside");
    const swap = async (name: string): Promise<void> => {
      if (name !== "d") return;
      await rename(join(volume, "d"), join(volume, "moved")).catch(() => undefined);
      await symlink(secret, join(volume, "d")).catch(() => undefined);
    };
    const store = await openDirectoryStore(
      join(base, "efs"),
      {},
      new HookedDisk(new SystemDisk(descriptors), { [moment]: swap }),
    );
    const before = await readdir(secret);
    const operations = [
      () => read(store, "C:/d/key"),
      () => store.remove(path("C:/d/key")),
      () => store.makeDirectory(path("C:/d/made")),
      () => write(store, "C:/d/new", "x"),
      () => store.rename(path("C:/d/key"), path("C:/d/other")),
      () => store.list(path("C:/d")),
    ];
    for (const operation of operations) {
      await rm(join(volume, "d"), { recursive: true });
      await rename(join(volume, "moved"), join(volume, "d")).catch(() => mkdir(join(volume, "d")));
      await writeFile(join(volume, "d", "key"), "inside");
      const result = await operation().catch((error) => error.code);
      expect(JSON.stringify(result ?? "")).not.toContain("secret");
      expect(await readdir(secret)).toEqual(before);
      expect((await lstat(join(volume, "d"))).isSymbolicLink()).toBe(true);
    }
    expect(await readFile(join(secret, "key"), "utf8")).toBe("secret");
  });
});

describe("at the start", () => {
  /** A name as a killed process would leave it. */
  const abandoned = () => new SystemDisk().draftName().replace(/-\d+-/, "-1-");

  test("what a killed process left half written is removed, wherever it lies; the old file is there", async () => {
    const { base, volume, store } = await guardedStore();
    await write(store, "C:/f", "old");
    await mkdir(join(volume, "d"));
    await writeFile(join(volume, abandoned()), "half");
    await writeFile(join(volume, "d", abandoned()), "half");
    const directory = join(volume, abandoned());
    await mkdir(join(directory, "inner"), { recursive: true });
    await writeFile(join(directory, "inner", "f"), "half");
    const restarted = await openDirectoryStore(join(base, "efs"));
    expect(await snapshot(volume)).toEqual(["d", "f"]);
    expect(await read(restarted, "C:/f")).toBe("old");
    expect((await restarted.space()).used).toBe(3);
  });

  test("the drafts of a live process and what only looks like a draft stay", async () => {
    const { base, volume, store } = await guardedStore();
    const writer = await store.openWriter(path("C:/f"));
    await writer.write(Buffer.from("half"), signal);
    await mkdir(join(volume, ".;vmodem-1"));
    await writeFile(join(volume, ".;vmodem-2"), "mine");
    const before = await snapshot(volume);
    expect(before).toHaveLength(3);
    const other = await openDirectoryStore(join(base, "efs"));
    expect(await snapshot(volume)).toEqual(before);
    expect(await names(other, "C:/")).toEqual([]);
    await writer.commit();
    expect(await read(store, "C:/f")).toBe("half");
  });
});

describe("a file system mounted inside the volume", () => {
  /** `C:/m` is on a disk of its own, as far as renames can tell. */
  async function mounted() {
    const { base, volume } = await guardedStore();
    await mkdir(join(volume, "m"));
    const disk = new HookedDisk(new SystemDisk(), { deviceOf: (name) => (name === "m" ? 99 : undefined) });
    return { volume, store: await openDirectoryStore(join(base, "efs"), {}, disk) };
  }

  test("takes files, replaces them, and leaves nothing of what is abandoned", async () => {
    const { volume, store } = await mounted();
    await write(store, "C:/m/f", "one");
    await write(store, "C:/m/f", "two!");
    const writer = await store.openWriter(path("C:/m/g"));
    await writer.write(Buffer.from("x"), signal);
    expect(await names(store, "C:/m")).toEqual(["f"]);
    await writer.abandon();
    expect(await read(store, "C:/m/f")).toBe("two!");
    expect((await store.space()).used).toBe(4);
    expect(await snapshot(volume)).toEqual(["m", "m/f"]);
  });

  test("takes a directory that is written as a whole", async () => {
    const { volume, store } = await mounted();
    const draft = await store.draftDirectory(path("C:/m"));
    const writer = await draft.openWriter("f");
    await writer.write(Buffer.from("12345"), signal);
    await writer.commit();
    expect(await names(store, "C:/m")).toEqual([]);
    await draft.commit("d");
    expect(await read(store, "C:/m/d/f")).toBe("12345");
    const discarded = await store.draftDirectory(path("C:/m"));
    await discarded.discard();
    expect(await snapshot(volume)).toEqual(["m", "m/d", "m/d/f"]);
    expect((await store.space()).used).toBe(5);
  });

  test("files and directories are moved onto it and off it", async () => {
    const { volume, store } = await mounted();
    await write(store, "C:/f", "file");
    await store.makeDirectory(path("C:/d"));
    await store.makeDirectory(path("C:/d/inner"));
    await write(store, "C:/d/inner/g", "x".repeat(100_000));
    const { modified } = await store.stat(path("C:/f"));
    await store.rename(path("C:/f"), path("C:/m/f"));
    await store.rename(path("C:/d"), path("C:/m/d"));
    expect(await snapshot(volume)).toEqual(["m", "m/d", "m/d/inner", "m/d/inner/g", "m/f"]);
    expect((await store.stat(path("C:/m/f"))).modified).toBe(modified);
    await store.rename(path("C:/m/d/inner/g"), path("C:/g"));
    expect(await read(store, "C:/g")).toBe("x".repeat(100_000));
    expect(await outcome(store.rename(path("C:/g"), path("C:/m/f")))).toBe("EXISTS");
    expect((await store.space()).used).toBe(100_004);
  });

  test("a directory with a link in it is not moved, and stays whole", async () => {
    const { volume, store } = await mounted();
    await store.makeDirectory(path("C:/d"));
    await write(store, "C:/d/f", "x");
    await symlink("/etc/hostname", join(volume, "d", "link"));
    const before = await snapshot(volume);
    expect(await outcome(store.rename(path("C:/d"), path("C:/m/d")))).toBe("IO");
    expect(await snapshot(volume)).toEqual(before);
  });
});

describe("a volume of many files", () => {
  /** A volume with so many files in one directory, and the number of operations on the disk so far. */
  async function filled(volume: VolumeName, count: number) {
    const directory = await hostDirectory();
    await mkdir(join(directory, volume));
    for (let at = 0; at < count; at++) writeFileSync(join(directory, volume, `file${at}`), "x");
    // The time of a directory that has just changed is not trusted.
    const past = new Date(Date.now() - 10_000);
    await utimes(join(directory, volume), past, past);
    let operations = 0;
    const disk = new HookedDisk(new SystemDisk(), { operation: () => operations++ });
    const store = await openDirectoryStore(directory, { volume }, disk);
    return { store, operations: () => operations };
  }

  test.each(["C", "D"] as const)("costs on %s: what one of few costs, in operations and in time", async (volume) => {
    const cost = async (count: number) => {
      const { store, operations } = await filled(volume, count);
      // D: reads a directory once to find its names in any case.
      await write(store, `${volume}:/first`, "x");
      const times: number[] = [];
      const before = operations();
      for (let round = 0; round < 5; round++) {
        const start = performance.now();
        await write(store, `${volume}:/new${round}`, "12345");
        await store.rename(path(`${volume}:/new${round}`), path(`${volume}:/other${round}`));
        await store.space();
        times.push(performance.now() - start);
      }
      expect((await store.space()).used).toBe(count + 1 + 25);
      return { operations: operations() - before, time: Math.min(...times) };
    };
    const [few, many] = [await cost(100), await cost(8_000)];
    expect(many.operations).toBe(few.operations);
    // 80 times the files; cost that grows with them would show as a ratio of 40 and more.
    expect(many.time / few.time).toBeLessThan(8);
  });

  test("what other programs add to a large one counts at power-on, or before a write is refused", async () => {
    const { base, volume, store } = await guardedStore();
    for (let at = 0; at < EFS_LIMITS.remeasuredEntries + 1; at++) await writeFile(join(volume, `f${at}`), "");
    await store.powerOn();
    await writeFile(join(volume, "big"), Buffer.alloc(999_990));
    expect((await store.space()).used).toBe(0);
    await store.powerOn();
    expect((await store.space()).used).toBe(999_990);
    await unlink(join(volume, "big"));
    await write(store, "C:/g", "x".repeat(20));
    expect((await store.space()).used).toBe(20);
    expect(await readdir(join(base, "efs"))).toEqual(["C"]);
  });
});

describe("a deep volume", () => {
  const DEPTH = 100;

  async function deepVolume() {
    const base = await hostDirectory();
    const deep = join(base, "C", ...Array.from({ length: DEPTH }, () => "d"));
    await mkdir(deep, { recursive: true });
    await writeFile(join(deep, "f"), "12345");
    return base;
  }

  test("is measured with few descriptors", async () => {
    const base = await deepVolume();
    let [open, most] = [0, 0];
    const disk = new SystemDisk();
    const counted = (folder: DiskFolder): DiskFolder => {
      most = Math.max(most, ++open);
      return new Proxy(folder, {
        get: (target, key) => {
          if (key === "openFolder") return async (name: string) => counted(await target.openFolder(name));
          if (key === "close") {
            return () => {
              open--;
              return target.close();
            };
          }
          const member = Reflect.get(target, key, target) as unknown;
          return typeof member === "function" ? member.bind(target) : member;
        },
      });
    };
    const openFolder = disk.openFolder.bind(disk);
    disk.openFolder = async (name) => counted(await openFolder(name));
    const store = await openDirectoryStore(base, {}, disk);
    expect((await store.space()).used).toBe(5);
    expect(open).toBe(0);
    expect(most).toBeLessThanOrEqual(EFS_LIMITS.openDirectories + 2);
  });

  test("that cannot be measured is an error, never empty", async () => {
    const base = await deepVolume();
    let opened = 0;
    const failing = async () => {
      if (++opened > 50) throw new DiskError("IO", "too many files open");
    };
    const disk = new HookedDisk(new SystemDisk(), { beforeOpen: failing });
    expect(await outcome(openDirectoryStore(base, {}, disk))).toBe("IO");
  });

  test("with a directory that may not be read counts what it can read", async () => {
    const { base, volume, store } = await guardedStore();
    await store.makeDirectory(path("C:/lost+found"));
    await write(store, "C:/f", "123");
    const denied = async (name: string) => {
      if (name === "lost+found") throw new DiskError("DENIED", "permission denied");
    };
    const disk = new HookedDisk(new SystemDisk(), { beforeOpen: denied });
    expect((await (await openDirectoryStore(join(base, "efs"), {}, disk)).space()).used).toBe(3);
    expect(await readdir(volume)).toEqual(["f", "lost+found"]);
  });
});

describe("names on D:", () => {
  test("are found in any case, whoever made, renamed or removed them meanwhile", async () => {
    const directory = await hostDirectory();
    const store = await openDirectoryStore(directory, { volume: "D" });
    const found = async (text: string) =>
      (await store.stat(path(text)).then(
        (entry) => entry.path.segments.at(-1),
        (error) => error.code,
      )) as string;
    await write(store, "D:/One.txt", "1");
    expect(await found("D:/oNE.TXT")).toBe("One.txt");
    await store.rename(path("D:/ONE.txt"), path("D:/Two.txt"));
    expect([await found("D:/one.txt"), await found("D:/two.txt")]).toEqual(["NOT_FOUND", "Two.txt"]);
    await rename(join(directory, "D", "Two.txt"), join(directory, "D", "Three.txt"));
    expect([await found("D:/two.txt"), await found("D:/three.txt")]).toEqual(["NOT_FOUND", "Three.txt"]);
    await write(store, "D:/THREE.TXT", "3");
    expect(await names(store, "D:/")).toEqual(["Three.txt"]);
    await store.remove(path("D:/three.TXT"));
    expect(await found("D:/three.txt")).toBe("NOT_FOUND");
    await store.makeDirectory(path("D:/Dir"));
    expect(await outcome(store.makeDirectory(path("D:/dIR")))).toBe("EXISTS");
    await write(store, "D:/dir/File", "x");
    expect(await found("D:/DIR/FILE")).toBe("File");
    await store.remove(path("D:/dir/file"));
    await store.removeDirectory(path("D:/DIR"));
    expect(await found("D:/dir")).toBe("NOT_FOUND");
  });
});

describe("a disk that fails", () => {
  test.each([
    ["write", "NO_SPACE"],
    ["sync", "IO"],
    ["setModified", "IO"],
  ] as const)("at %s takes away the new file and leaves the old one", async (method, code) => {
    const { base, volume, store } = await guardedStore();
    await write(store, "C:/f", "old");
    const failing: Partial<DiskFile> = { [method]: () => Promise.reject(new DiskError(code, "full or broken")) };
    const broken = await openDirectoryStore(
      join(base, "efs"),
      {},
      new HookedDisk(new SystemDisk(), { created: failing }),
    );
    expect(await outcome(write(broken, "C:/f", "new"))).toBe(code);
    expect(await readdir(volume)).toEqual(["f"]);
    expect(await readFile(join(volume, "f"), "utf8")).toBe("old");
    expect((await broken.space()).used).toBe(3);
  });
});

test("a file abandoned in the middle of a write leaves neither bytes nor account", async () => {
  const { volume, store } = await guardedStore();
  const writer = await store.openWriter(path("C:/f"));
  await writer.write(Buffer.alloc(10), signal);
  const writing = outcome(writer.write(Buffer.alloc(500_000), signal));
  await writer.abandon();
  expect(["IO", "done"]).toContain(await writing);
  expect(await readdir(volume)).toEqual([]);
  expect((await store.space()).used).toBe(0);
});

test("a file of 200 MB is written and read without the memory for it", async () => {
  const directory = await hostDirectory();
  const size = 200 * 1024 * 1024;
  const store = await DirectoryStore.open({
    volume: "D",
    size,
    clock: new VirtualClock(),
    directory,
    // Only the time of the disk is spared: nothing but the wait for it is left out.
    disk: new HookedDisk(new SystemDisk(), { created: { sync: async () => undefined } }),
  });
  const before = process.memoryUsage();
  let peak = 0;
  const measure = () => {
    const { heapUsed, external } = process.memoryUsage();
    peak = Math.max(peak, heapUsed + external - before.heapUsed - before.external);
  };
  const writer = await store.openWriter(path("D:/large"), size);
  const zeros = new Uint8Array(64 * 1024);
  for (let at = 0; at < size; at += zeros.length) {
    await writer.write(zeros, signal);
    if (at % (4 << 20) === 0) measure();
  }
  await writer.commit();
  const reader = await store.openReader(path("D:/large"));
  let total = 0;
  for (let piece = await reader.read(signal); piece !== undefined; piece = await reader.read(signal)) {
    total += piece.length;
    if (total % (4 << 20) === 0) measure();
  }
  await reader.close();
  expect(total).toBe(size);
  expect(peak).toBeLessThan(100 << 20);
});
