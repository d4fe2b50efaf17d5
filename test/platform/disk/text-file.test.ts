import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { TextFile } from "../../../src/platform/disk/text-file.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "text-file-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

test("a growing file has what was written, in order", async () => {
  const path = join(folder(), "a");
  const file = await TextFile.growing(path);
  for (let index = 0; index < 1000; index++) file.write(`${index}\n`);
  await file.close();
  expect(readFileSync(path, "utf8")).toBe(Array.from({ length: 1000 }, (_, index) => `${index}\n`).join(""));
});

test("a whole file appears when it is complete, in the place of an old one and through a link", async () => {
  const place = folder();
  writeFileSync(join(place, "old"), "old");
  symlinkSync(join(place, "old"), join(place, "link"));
  const file = await TextFile.whole(join(place, "link"));
  file.write("new");
  expect(readFileSync(join(place, "old"), "utf8")).toBe("old");
  await file.close();
  expect(readFileSync(join(place, "old"), "utf8")).toBe("new");
  expect(readdirSync(place)).toEqual(["link", "old"]);
});

test("a whole file that is given up leaves nothing", async () => {
  const place = folder();
  const file = await TextFile.whole(join(place, "a"));
  file.write("x");
  await file.abandon();
  expect(readdirSync(place)).toEqual([]);
});

test("a device is written to, and stays one", async () => {
  const file = await TextFile.whole("/dev/null");
  file.write("x");
  await file.close();
  expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
});

test.each<[string, (place: string) => Promise<TextFile>, string]>([
  ["no directory", (place) => TextFile.whole(join(place, "none", "a")), "ENOENT"],
  ["no directory", (place) => TextFile.growing(join(place, "none", "a")), "ENOENT"],
  ["a directory", (place) => TextFile.whole(join(place, "folder")), "EISDIR"],
  ["a directory", (place) => TextFile.growing(join(place, "folder")), "EISDIR"],
])("%s is refused at once", async (_, open, code) => {
  const place = folder();
  mkdirSync(join(place, "folder"));
  await expect(open(place)).rejects.toMatchObject({ code });
});

test("a disk that is full shows when the file is closed, and takes no more", async () => {
  const file = await TextFile.whole("/dev/full");
  expect(file.write("x")).toBe(true);
  await expect(file.close()).rejects.toMatchObject({ code: "ENOSPC" });
  expect(file.write("x")).toBe(false);
});

test("what waits for the disk is bounded", async () => {
  const file = await TextFile.growing(join(folder(), "a"));
  const megabyte = "x".repeat(1024 * 1024);
  const taken = Array.from({ length: 20 }, () => file.write(megabyte)).filter(Boolean);
  expect(taken).toHaveLength(16);
  await file.close();
});

test("after kill -9 the file is whole but for the last line", async () => {
  const path = join(folder(), "a");
  const source = new URL("../../../dist/platform/disk/text-file.js", import.meta.url);
  const program = `
    const { TextFile } = await import(${JSON.stringify(source.href)});
    const file = await TextFile.growing(${JSON.stringify(path)});
    let count = 0;
    setInterval(() => { for (let n = 0; n < 100; n++) file.write(JSON.stringify({ seq: ++count }) + "\\n"); }, 1);
    setTimeout(() => process.kill(process.pid, "SIGKILL"), 700);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program]);
  const [, signal] = await once(child, "exit");
  expect(signal).toBe("SIGKILL");
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  expect(lines.length).toBeGreaterThan(100);
  expect(lines.map((line) => JSON.parse(line).seq)).toEqual(lines.map((_, index) => index + 1));
});
