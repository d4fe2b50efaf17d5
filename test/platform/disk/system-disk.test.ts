import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { DiskFolder } from "../../../src/platform/disk/disk.ts";
import { SystemDisk } from "../../../src/platform/disk/system-disk.ts";

async function directory(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "vmodem-disk-"));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

async function outcome(operation: Promise<unknown>): Promise<string> {
  return operation.then(
    () => "done",
    (error) => error.code ?? String(error),
  );
}

describe("a whole file", () => {
  const disk = new SystemDisk();

  test("is replaced and read, in a directory that is made", async () => {
    const path = join(await directory(), "deep", "nvram.json");
    expect(await disk.readFile(path, 10)).toBeUndefined();
    await disk.replaceFile(path, Buffer.from("one"));
    await disk.replaceFile(path, Buffer.from("two"));
    expect((await disk.readFile(path, 3))?.toString()).toBe("two");
    expect(await outcome(disk.readFile(path, 2))).toBe("NO_SPACE");
  });

  test("is replaced although a crash has left half of a new one", async () => {
    const base = await directory();
    const path = join(base, "nvram");
    await disk.replaceFile(path, Buffer.from("old"));
    await writeFile(join(base, ".nvram.new"), "half of something long");
    expect((await disk.readFile(path, 10))?.toString()).toBe("old");
    await disk.replaceFile(path, Buffer.from("new"));
    expect(await readFile(path, "utf8")).toBe("new");
    expect(await readdir(base)).toEqual(["nvram"]);
  });

  test("that is a directory cannot be replaced, and nothing is left behind", async () => {
    const base = await directory();
    await mkdir(join(base, "nvram"));
    expect(await outcome(disk.replaceFile(join(base, "nvram"), Buffer.from("x")))).toBe("IS_DIRECTORY");
    expect(await outcome(disk.readFile(join(base, "nvram"), 10))).toBe("IS_DIRECTORY");
    expect(await readdir(base)).toEqual(["nvram"]);
  });
});

describe.each([
  ["by its descriptor", "/proc/self/fd"],
  ["by its path", "/nowhere"],
])("a directory held %s", (_, descriptors) => {
  async function folder(): Promise<[DiskFolder, string]> {
    const base = await directory();
    const opened = await new SystemDisk(descriptors).openFolder(base);
    onTestFinished(() => opened.close());
    return [opened, base];
  }

  test.each(["", ".", "..", "a/b", "../x", "/etc/passwd", "a\0b"])("takes no %j for a name", async (name) => {
    const [opened, base] = await folder();
    await writeFile(join(base, "x"), "x");
    const operations = [
      opened.stat(name),
      opened.openFolder(name),
      opened.openFile(name),
      opened.createFile(name),
      opened.makeFolder(name),
      opened.removeFile(name),
      opened.removeFolder(name),
      opened.rename(name, opened, "y"),
      opened.rename("x", opened, name),
    ];
    expect(new Set(await Promise.all(operations.map(outcome)))).toEqual(new Set(["BAD_NAME"]));
  });

  test("follows no link", async () => {
    const [opened, base] = await folder();
    await symlink("/etc/passwd", join(base, "file"));
    await symlink("/etc", join(base, "dir"));
    expect((await opened.stat("file"))?.kind).toBe("other");
    expect(await outcome(opened.openFile("file"))).toBe("NOT_FOUND");
    expect(await outcome(opened.createFile("file"))).toBe("EXISTS");
    expect(["NOT_DIRECTORY", "NOT_FOUND"]).toContain(await outcome(opened.openFolder("dir")));
  });

  test("does not wait for the writer of a named pipe", async () => {
    const [opened, base] = await folder();
    execFileSync("mkfifo", [join(base, "pipe")]);
    expect((await opened.stat("pipe"))?.kind).toBe("other");
    expect(await outcome(opened.openFile("pipe"))).toBe("NOT_FOUND");
  });

  test("says what is wrong by a code", async () => {
    const [opened, base] = await folder();
    await mkdir(join(base, "dir"));
    await writeFile(join(base, "dir", "f"), "x");
    await writeFile(join(base, "file"), "x");
    expect(await opened.stat("nothing")).toBeUndefined();
    const cases: [string, Promise<unknown>][] = [
      ["NOT_FOUND", opened.openFile("nothing")],
      ["NOT_FOUND", opened.removeFile("nothing")],
      ["EXISTS", opened.makeFolder("dir")],
      ["EXISTS", opened.createFile("file")],
      ["NOT_EMPTY", opened.removeFolder("dir")],
      ["IS_DIRECTORY", opened.openFile("dir")],
      ["NOT_DIRECTORY", opened.openFolder("file")],
      ["BAD_NAME", opened.createFile("x".repeat(300))],
    ];
    const outcomes = await Promise.all(cases.map(([, operation]) => outcome(operation)));
    expect(outcomes).toEqual(cases.map(([code]) => code));
  });
});

test("a directory held by its path is refused once the path leads elsewhere", async () => {
  const base = await directory();
  const opened = await new SystemDisk("/nowhere").openFolder(join(base, "here"));
  onTestFinished(() => opened.close());
  await rm(join(base, "here"), { recursive: true });
  await mkdir(join(base, "other"));
  await symlink(join(base, "other"), join(base, "here"));
  expect(await outcome(opened.createFile("f"))).toBe("IO");
  expect(await readdir(join(base, "other"))).toEqual([]);
});
