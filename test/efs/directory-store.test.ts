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
import { type EfsPath, parsePath } from "../../src/efs/path.ts";
import { DiskError, type DiskFile } from "../../src/platform/disk/disk.ts";
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

describe("a person at the host's directory", () => {
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

test("what a crash leaves half written is gone at the next start, and the old file is there", async () => {
  const { base, volume, store } = await guardedStore();
  await write(store, "C:/f", "old");
  const writer = await store.openWriter(path("C:/f"));
  await writer.write(Buffer.from("half"), signal);
  expect(await readdir(volume)).toHaveLength(2);
  const restarted = await openDirectoryStore(join(base, "efs"));
  expect(await readdir(volume)).toEqual(["f"]);
  expect(await read(restarted, "C:/f")).toBe("old");
  await writer.abandon();
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
