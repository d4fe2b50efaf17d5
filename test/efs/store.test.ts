import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EfsPath } from "../../src/efs/path.ts";
import type { EfsWriter } from "../../src/efs/store.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { KINDS, names, outcome, path, read, signal, write } from "./support/volumes.ts";

describe.each(KINDS)("a volume %s", (_, make) => {
  test("gives back what was written, whatever the pieces", async () => {
    const store = await make();
    const pieces = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(pieces, async (all) => {
        const writer = await store.openWriter(path("C:/f"));
        for (const piece of all) await writer.write(piece, signal);
        await writer.commit();
        const whole = Buffer.concat(all);
        expect(await read(store, "C:/f")).toBe(whole.toString());
        expect((await store.stat(path("C:/f"))).size).toBe(whole.length);
      }),
      { numRuns: 30 },
    );
  });

  test("delivers a large file in pieces of at most 64 KiB", async () => {
    const store = await make();
    const content = Buffer.from(Array.from({ length: 200_000 }, (_each, at) => (at * 7 + (at >> 8)) & 0xff));
    const writer = await store.openWriter(path("C:/f"));
    for (let at = 0; at < content.length; at += 777) await writer.write(content.subarray(at, at + 777), signal);
    await writer.commit();
    const reader = await store.openReader(path("C:/f"));
    expect(reader.size).toBe(content.length);
    const pieces: Uint8Array[] = [];
    for (let piece = await reader.read(signal); piece !== undefined; piece = await reader.read(signal))
      pieces.push(piece);
    await reader.close();
    await reader.close();
    expect(pieces.map((piece) => piece.length)).toEqual([65_536, 65_536, 65_536, 3_392]);
    expect(Buffer.concat(pieces).equals(content)).toBe(true);
  });

  test("does not care what becomes of the bytes after a write", async () => {
    const store = await make();
    const writer = await store.openWriter(path("C:/f"));
    const bytes = Buffer.from("kept");
    await writer.write(bytes, signal);
    bytes.fill("x");
    await writer.commit();
    expect(await read(store, "C:/f")).toBe("kept");
  });

  test("shows a file only when it is complete", async () => {
    const store = await make();
    const writer = await store.openWriter(path("C:/f"));
    await writer.write(Buffer.from("half"), signal);
    expect(await names(store, "C:/")).toEqual([]);
    expect(await outcome(store.stat(path("C:/f")))).toBe("NOT_FOUND");
    await writer.commit();
    expect(await names(store, "C:/")).toEqual(["f"]);
  });

  test("keeps the old file until the new one is complete", async () => {
    const store = await make();
    await write(store, "C:/f", "old");
    const writer = await store.openWriter(path("C:/f"));
    await writer.write(Buffer.from("new!"), signal);
    expect(await read(store, "C:/f")).toBe("old");
    await writer.commit();
    expect(await read(store, "C:/f")).toBe("new!");
    expect(await store.space()).toEqual({ total: 1_000_000, used: 4 });
  });

  test("leaves nothing of an abandoned file, and the old one as it was", async () => {
    const store = await make();
    await write(store, "C:/f", "old");
    const writer = await store.openWriter(path("C:/f"));
    await writer.write(Buffer.from("new"), signal);
    await writer.abandon();
    await writer.abandon();
    expect(await read(store, "C:/f")).toBe("old");
    expect((await store.space()).used).toBe(3);
  });

  test("abandoning what is committed changes nothing", async () => {
    const store = await make();
    const writer = await store.openWriter(path("C:/f"));
    await writer.write(Buffer.from("new"), signal);
    await writer.commit();
    await writer.abandon();
    expect(await read(store, "C:/f")).toBe("new");
    expect((await store.space()).used).toBe(3);
  });

  test("an open reader goes on with the old file when it is replaced, and when it is removed", async () => {
    const store = await make();
    await write(store, "C:/f", "a".repeat(100_000));
    const readers = [await store.openReader(path("C:/f")), await store.openReader(path("C:/f"))] as const;
    const first = (await readers[0].read(signal))?.length ?? 0;
    await write(store, "C:/f", "b");
    const second = await readers[0].read(signal);
    await store.remove(path("C:/f"));
    expect(first + (second?.length ?? 0)).toBe(100_000);
    expect(second?.every((byte) => byte === 0x61)).toBe(true);
    expect((await readers[1].read(signal))?.[0]).toBe(0x61);
    for (const reader of readers) await reader.close();
  });

  test("a reader and a writer stop when the signal aborts", async () => {
    const store = await make();
    await write(store, "C:/f", "x");
    const aborted = AbortSignal.abort(new Error("stopped"));
    const reader = await store.openReader(path("C:/f"));
    const writer = await store.openWriter(path("C:/g"));
    await expect(reader.read(aborted)).rejects.toThrow("stopped");
    await expect(writer.write(Buffer.from("x"), aborted)).rejects.toThrow("stopped");
    await reader.close();
    await writer.abandon();
    expect(await names(store, "C:/")).toEqual(["f"]);
  });

  describe("space", () => {
    test("a file that fills the volume to the last byte fits, one byte more does not", async () => {
      const store = await make({ size: 1000 });
      await write(store, "C:/a", "a".repeat(1000));
      expect(await store.space()).toEqual({ total: 1000, used: 1000 });
      expect(await outcome(write(store, "C:/b", "b"))).toBe("NO_SPACE");
      await write(store, "C:/empty", "");
      expect(await names(store, "C:/")).toEqual(["a", "empty"]);
    });

    test("a write past the end fails, leaves no part, and gives the space back", async () => {
      const store = await make({ size: 1000 });
      await write(store, "C:/f", "old");
      const writer = await store.openWriter(path("C:/f"));
      await writer.write(Buffer.alloc(900), signal);
      expect((await store.space()).used).toBe(903);
      expect(await outcome(writer.write(Buffer.alloc(98), signal))).toBe("NO_SPACE");
      expect(await outcome(writer.write(Buffer.alloc(1), signal))).toBe("NO_SPACE");
      expect(await outcome(writer.commit())).toBe("NO_SPACE");
      await writer.abandon();
      expect(await read(store, "C:/f")).toBe("old");
      expect((await store.space()).used).toBe(3);
    });

    test("a file that is known to be too large fails at once", async () => {
      const store = await make({ size: 1000 });
      expect(await outcome(store.openWriter(path("C:/f"), 1001))).toBe("NO_SPACE");
      const writer = await store.openWriter(path("C:/f"), 1000);
      expect((await store.space()).used).toBe(0);
      await writer.abandon();
    });

    test("removing and replacing give space back", async () => {
      const store = await make({ size: 100 });
      await write(store, "C:/f", "x".repeat(50));
      await write(store, "C:/f", "y".repeat(50));
      await write(store, "C:/g", "z".repeat(50));
      expect((await store.space()).used).toBe(100);
      await store.remove(path("C:/f"));
      await write(store, "C:/h", "z".repeat(50));
      expect((await store.space()).used).toBe(100);
    });

    test("two writers at a time never take more than there is, and one of them gets it", async () => {
      const store = await make({ size: 1000 });
      const writers = [await store.openWriter(path("C:/a")), await store.openWriter(path("C:/b"))];
      const outcomes = await Promise.all(
        writers
          .map(async (writer) => {
            for (let at = 0; at < 10; at++) await writer.write(Buffer.alloc(70), signal);
            await writer.commit();
          })
          .map(outcome),
      );
      expect([...outcomes].sort()).toEqual(["NO_SPACE", "done"]);
      expect((await store.space()).used).toBe(700);
      expect(await names(store, "C:/")).toEqual([outcomes[0] === "done" ? "a" : "b"]);
    });

    test("what was written, replaced and removed while a writer is open counts for it", async () => {
      const store = await make({ size: 1000 });
      await write(store, "C:/a", "a".repeat(500));
      const writer = await store.openWriter(path("C:/f"));
      await write(store, "C:/b", "b".repeat(400));
      await writer.write(Buffer.alloc(100), signal);
      await store.remove(path("C:/a"));
      await writer.write(Buffer.alloc(500), signal);
      await write(store, "C:/b", "");
      await writer.write(Buffer.alloc(400), signal);
      await write(store, "C:/c", "");
      expect(await outcome(writer.write(Buffer.alloc(1), signal))).toBe("NO_SPACE");
      expect((await store.space()).used).toBe(0);
    });

    test("any work of many writers keeps the account", async () => {
      const step = fc.tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("write", "commit", "abandon"), fc.nat(400));
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          const store = await make({ size: 1000 });
          const open = new Map<string, EfsWriter>();
          for (const [name, action, size] of steps) {
            const writer = open.get(name) ?? (await store.openWriter(path(`C:/${name}`)));
            const result = await outcome(
              action === "write" ? writer.write(Buffer.alloc(size), signal) : writer[action](),
            );
            if (action === "write" && result === "done") open.set(name, writer);
            else open.delete(name);
            expect((await store.space()).used).toBeLessThanOrEqual(1000);
          }
          for (const writer of open.values()) await writer.abandon();
          const sizes = (await store.list(path("C:/"))).map((entry) => entry.size);
          expect((await store.space()).used).toBe(sizes.reduce((sum, size) => sum + size, 0));
        }),
        { numRuns: 15 },
      );
    });
  });

  describe("directories", () => {
    test("list what they hold, by name, with sizes and dates of the module's clock", async () => {
      const clock = new VirtualClock(Date.UTC(2008, 3, 28, 10, 24, 46));
      const store = await make({ clock });
      await store.makeDirectory(path("C:/dir"));
      await write(store, "C:/b", "bb");
      await clock.advance(5000);
      await write(store, "C:/a", "a");
      await write(store, "C:/dir/c", "ccc");
      const entries = await store.list(path("C:/"));
      expect(entries.map(({ path: { segments }, kind, size }) => [segments.join("/"), kind, size])).toEqual([
        ["a", "file", 1],
        ["b", "file", 2],
        ["dir", "directory", 0],
      ]);
      expect(entries.slice(0, 2).map(({ modified }) => modified)).toEqual([clock.now(), clock.now() - 5000]);
      expect((await store.stat(path("C:/b"))).modified).toBe(clock.now() - 5000);
      expect(await names(store, "C:/dir")).toEqual(["c"]);
      expect((await store.stat(path("C:/"))).path.segments).toEqual([]);
    });

    test("are removed when empty, and only then", async () => {
      const store = await make();
      await store.makeDirectory(path("C:/d"));
      await write(store, "C:/d/f", "x");
      expect(await outcome(store.removeDirectory(path("C:/d")))).toBe("NOT_EMPTY");
      await store.remove(path("C:/d/f"));
      await store.removeDirectory(path("C:/d"));
      expect(await names(store, "C:/")).toEqual([]);
    });

    test("a directory that is removed meanwhile takes a file that was being written with it", async () => {
      const store = await make();
      await store.makeDirectory(path("C:/d"));
      const writer = await store.openWriter(path("C:/d/f"));
      await writer.write(Buffer.from("x"), signal);
      await store.removeDirectory(path("C:/d"));
      expect(await outcome(writer.commit())).toBe("NOT_FOUND");
      expect((await store.space()).used).toBe(0);
    });

    test("a directory that takes the name meanwhile stays", async () => {
      const store = await make();
      const writer = await store.openWriter(path("C:/f"));
      await store.makeDirectory(path("C:/f"));
      expect(await outcome(writer.commit())).toBe("IS_DIRECTORY");
      expect(await names(store, "C:/")).toEqual(["f/"]);
    });
  });

  test("a failure names the whole path", async () => {
    const store = await make();
    await store.makeDirectory(path("C:/d"));
    await write(store, "C:/d/f", "x");
    const cases: [() => Promise<unknown>, string][] = [
      [() => store.stat(path("C:/d/n")), "there is no C:/d/n"],
      [() => store.openReader(path("C:/d/n")), "there is no C:/d/n"],
      [() => store.openWriter(path("C:/d/n/f")), "there is no C:/d/n"],
      [() => store.remove(path("C:/d")), "C:/d is a directory"],
    ];
    for (const [operation, message] of cases) await expect(operation()).rejects.toThrow(message);
  });

  test("makes the directories that are missing, and tells which", async () => {
    const store = await make();
    await store.makeDirectory(path("C:/d"));
    await write(store, "C:/f", "x");
    expect(await store.makeMissing(path("C:/"), ["a", "d", "f", "b"])).toEqual([path("C:/a"), path("C:/b")]);
    expect(await names(store, "C:/")).toEqual(["a/", "b/", "d/", "f"]);
    expect(await outcome(store.makeMissing(path("C:/"), ["c", "no:name"]))).toBe("BAD_NAME");
    expect(await outcome(store.makeMissing(path("C:/n"), ["c"]))).toBe("NOT_FOUND");
    expect(await names(store, "C:/")).toEqual(["a/", "b/", "d/", "f"]);
  });

  test("a wrong operation fails by its reason and changes nothing", async () => {
    const store = await make();
    await store.makeDirectory(path("C:/d"));
    await store.makeDirectory(path("C:/d/e"));
    await write(store, "C:/f", "x");
    const cases: [string, () => Promise<unknown>, string][] = [
      ["stat nothing", () => store.stat(path("C:/n")), "NOT_FOUND"],
      ["stat below nothing", () => store.stat(path("C:/n/n")), "NOT_FOUND"],
      ["stat below a file", () => store.stat(path("C:/f/n")), "NOT_DIRECTORY"],
      ["list nothing", () => store.list(path("C:/n")), "NOT_FOUND"],
      ["list a file", () => store.list(path("C:/f")), "NOT_DIRECTORY"],
      ["make what is there", () => store.makeDirectory(path("C:/d")), "EXISTS"],
      ["make over a file", () => store.makeDirectory(path("C:/f")), "EXISTS"],
      ["make below nothing", () => store.makeDirectory(path("C:/n/n")), "NOT_FOUND"],
      ["make the root", () => store.makeDirectory(path("C:/")), "BAD_NAME"],
      ["remove nothing", () => store.remove(path("C:/n")), "NOT_FOUND"],
      ["remove a directory as a file", () => store.remove(path("C:/d")), "IS_DIRECTORY"],
      ["remove a file as a directory", () => store.removeDirectory(path("C:/f")), "NOT_DIRECTORY"],
      ["remove no directory", () => store.removeDirectory(path("C:/n")), "NOT_FOUND"],
      ["remove a full directory", () => store.removeDirectory(path("C:/d")), "NOT_EMPTY"],
      ["remove the root", () => store.removeDirectory(path("C:/")), "BAD_NAME"],
      ["read nothing", () => store.openReader(path("C:/n")), "NOT_FOUND"],
      ["read a directory", () => store.openReader(path("C:/d")), "IS_DIRECTORY"],
      ["read the root", () => store.openReader(path("C:/")), "BAD_NAME"],
      ["write over a directory", () => store.openWriter(path("C:/d")), "IS_DIRECTORY"],
      ["write below nothing", () => store.openWriter(path("C:/n/n")), "NOT_FOUND"],
      ["write below a file", () => store.openWriter(path("C:/f/n")), "NOT_DIRECTORY"],
      ["write the root", () => store.openWriter(path("C:/")), "BAD_NAME"],
      ["rename nothing", () => store.rename(path("C:/n"), path("C:/m")), "NOT_FOUND"],
      ["rename to what is there", () => store.rename(path("C:/f"), path("C:/d")), "EXISTS"],
      ["rename to itself", () => store.rename(path("C:/f"), path("C:/f")), "EXISTS"],
      ["rename to below nothing", () => store.rename(path("C:/f"), path("C:/n/f")), "NOT_FOUND"],
      ["move into itself", () => store.rename(path("C:/d"), path("C:/d/e/d")), "BAD_NAME"],
      ["rename the root", () => store.rename(path("C:/"), path("C:/r")), "BAD_NAME"],
    ];
    const outcomes: unknown[] = [];
    for (const [what, operation] of cases) outcomes.push([what, await outcome(operation())]);
    expect(outcomes).toEqual(cases.map(([what, , code]) => [what, code]));
    expect(await names(store, "C:/")).toEqual(["d/", "f"]);
    expect(await names(store, "C:/d")).toEqual(["e/"]);
  });

  test("renaming moves a file, and a directory with what it holds", async () => {
    const store = await make();
    await store.makeDirectory(path("C:/d"));
    await write(store, "C:/f", "x");
    await store.rename(path("C:/f"), path("C:/d/g"));
    await store.rename(path("C:/d"), path("C:/dd"));
    expect(await names(store, "C:/")).toEqual(["dd/"]);
    expect(await read(store, "C:/dd/g")).toBe("x");
    expect((await store.space()).used).toBe(1);
  });

  test.each([
    [["..", "x"]],
    [["a/b"]],
    [["a\\b"]],
    [[""]],
    [["."]],
    [["a\0b"]],
    [["C:"]],
    [["a."]],
    [["\uD800"]],
    [["x".repeat(252)]],
    [Array.from({ length: 130 }, () => "a")],
  ])("a path made by hand, %j, is refused", async (segments) => {
    const store = await make();
    const bad: EfsPath = { volume: "C", segments };
    const good = path("C:/f");
    await write(store, "C:/f", "x");
    const operations = [
      store.stat(bad),
      store.list(bad),
      store.makeDirectory(bad),
      store.removeDirectory(bad),
      store.remove(bad),
      store.rename(bad, good),
      store.rename(good, bad),
      store.openReader(bad),
      store.openWriter(bad),
    ];
    expect(new Set(await Promise.all(operations.map(outcome)))).toEqual(new Set(["BAD_NAME"]));
  });

  test("C: tells upper from lower case", async () => {
    const store = await make({ volume: "C" });
    await write(store, "C:/File", "1");
    await write(store, "C:/file", "2");
    expect(await names(store, "C:/")).toEqual(["File", "file"]);
    expect(await read(store, "C:/File")).toBe("1");
    expect(await outcome(store.stat(path("C:/FILE")))).toBe("NOT_FOUND");
  });

  test("D: does not, and keeps the letters as they were first written", async () => {
    const store = await make({ volume: "D" });
    await store.makeDirectory(path("D:/Dir"));
    await write(store, "D:/dir/File.TXT", "1");
    await write(store, "D:/DIR/file.txt", "2");
    expect(await names(store, "D:/dIR")).toEqual(["File.TXT"]);
    expect(await read(store, "D:/dir/FILE.txt")).toBe("2");
    expect((await store.stat(path("D:/dir/FILE.txt"))).path).toEqual(path("D:/Dir/File.TXT"));
    expect(await outcome(store.makeDirectory(path("D:/DIR")))).toBe("EXISTS");
    await store.rename(path("D:/dir/file.txt"), path("D:/dir/FILE.txt"));
    expect(await names(store, "D:/Dir")).toEqual(["FILE.txt"]);
    await store.remove(path("D:/dir/file.TXT"));
    expect(await names(store, "D:/Dir")).toEqual([]);
    expect(await outcome(store.rename(path("D:/Dir"), path("D:/dir/x")))).toBe("BAD_NAME");
    await store.rename(path("D:/dir"), path("D:/DIR"));
    expect(await names(store, "D:/")).toEqual(["DIR/"]);
  });

  test("on D: two files written at a time under one name in two cases become one", async () => {
    const store = await make({ volume: "D" });
    await Promise.all([write(store, "D:/FILE", "1"), write(store, "D:/file", "2")]);
    expect(await store.list(path("D:/"))).toHaveLength(1);
  });

  test("names of any script are kept", async () => {
    const store = await make();
    for (const name of ["测试.txt", "Über größe", ".hidden", "😀", "a'b`$(x)&"]) {
      await write(store, `C:/${name}`, name);
      expect(await read(store, `C:/${name}`)).toBe(name);
    }
    expect(await store.list(path("C:/"))).toHaveLength(5);
  });
});
