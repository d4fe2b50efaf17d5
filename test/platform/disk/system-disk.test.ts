import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
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

  test("is replaced and read, for its owner only", async () => {
    const path = join(await directory(), "nvram.json");
    expect(await disk.readFile(path, 10)).toBeUndefined();
    await disk.replaceFile(path, Buffer.from("one"));
    await disk.replaceFile(path, Buffer.from("two"));
    expect((await disk.readFile(path, 3))?.toString()).toBe("two");
    expect(await outcome(disk.readFile(path, 2))).toBe("NO_SPACE");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test("that is somebody's symbolic link is not replaced, and stays", async () => {
    const base = await directory();
    await symlink("/etc/hostname", join(base, "nvram"));
    expect(await outcome(disk.replaceFile(join(base, "nvram"), Buffer.from("x")))).toBe("EXISTS");
    expect(await readlink(join(base, "nvram"))).toBe("/etc/hostname");
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

test("a directory is made with those above it, private where that is asked for; an existing one keeps its mode", async () => {
  const base = await directory();
  const disk = new SystemDisk();
  await disk.makeFolder(join(base, "a", "b"), "private");
  await disk.makeFolder(join(base, "a"), "private");
  const modes = await Promise.all([join(base, "a", "b"), join(base, "a")].map((path) => stat(path)));
  expect(modes.map(({ mode }) => mode & 0o700)).toEqual([0o700, 0o700]);
  expect(modes.map(({ mode }) => mode & 0o077)[0]).toBe(0);
  expect(modes.map(({ mode }) => mode & 0o077)[1]).not.toBe(0);
});

test("a draft is abandoned when its process no longer runs, and only then", async () => {
  const disk = new SystemDisk();
  const draft = disk.draftName();
  const [, pid = ""] = /-(\d+)-/.exec(draft) ?? [];
  expect(pid).toBe(String(process.pid));
  expect(disk.draftName()).not.toBe(draft);
  const cases: [string, boolean][] = [
    [draft, false],
    [draft.replace(/-(\d+)-(\d+)-/, "-$1-1-"), true],
    [draft.replace(/-\d+-/, "-4194304-"), true],
    // A process of another machine cannot be looked for.
    [draft.replace(/-[0-9a-f]{8}\./, "-00000000."), false],
    [".;vmodem-1", false],
    ["nvram.json", false],
  ];
  expect(cases.map(([name]) => disk.isAbandonedDraft(name))).toEqual(cases.map(([, abandoned]) => abandoned));
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
  await mkdir(join(base, "here"));
  const opened = await new SystemDisk("/nowhere").openFolder(join(base, "here"));
  onTestFinished(() => opened.close());
  await rm(join(base, "here"), { recursive: true });
  await mkdir(join(base, "other"));
  await symlink(join(base, "other"), join(base, "here"));
  expect(await outcome(opened.createFile("f"))).toBe("NOT_FOUND");
  expect(await readdir(join(base, "other"))).toEqual([]);
});
