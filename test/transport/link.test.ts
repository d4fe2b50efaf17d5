import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { placeLink, removeLink } from "../../src/transport/link.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const PTY = "/dev/pts/4711";

test("a link is placed, and nothing but the link", () => {
  const directory = temporaryDirectory();
  placeLink(join(directory, "modem"), PTY);
  expect(readdirSync(directory)).toEqual(["modem"]);
  expect(readlinkSync(join(directory, "modem"))).toBe(PTY);
});

test.each([
  ["another pty", "/dev/pts/0"],
  ["a pty of macOS", "/dev/ttys003"],
  ["nothing", "/nowhere/at/all"],
])("a link to %s is replaced", (_, old) => {
  const path = join(temporaryDirectory(), "modem");
  symlinkSync(old, path);
  placeLink(path, PTY);
  expect(readlinkSync(path)).toBe(PTY);
});

test.each<[string, (path: string) => void, string]>([
  ["a file", (path) => writeFileSync(path, "precious"), "there is a file"],
  ["a directory", (path) => mkdirSync(path), "there is a directory"],
  ["a link to a file", (path) => symlinkSync("/etc/passwd", path), "there is a link to something else"],
  [
    "a link to a real UART's name that is a device",
    (path) => symlinkSync("/dev/null", path),
    "there is a link to some",
  ],
])("%s is left alone", (_, make, reason) => {
  const path = join(temporaryDirectory(), "modem");
  make(path);
  const before = lstatSync(path).ino;
  expect(() => placeLink(path, PTY)).toThrow(`cannot place the link ${path}: ${reason}`);
  expect(lstatSync(path).ino).toBe(before);
  removeLink(path, PTY);
  expect(lstatSync(path).ino).toBe(before);
});

test("a directory that is not there is an error that says so", () => {
  const path = join(temporaryDirectory(), "missing", "modem");
  expect(() => placeLink(path, PTY)).toThrow(/cannot place the link .*ENOENT/);
});

test("what a killed process left of its attempt does no harm", () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, `modem.${process.pid}`), "left over");
  placeLink(join(directory, "modem"), PTY);
  expect(readdirSync(directory)).toEqual(["modem"]);
});

test("removing spares a link that another emulator has taken", () => {
  const directory = temporaryDirectory();
  const path = join(directory, "modem");
  placeLink(path, PTY);
  placeLink(path, "/dev/pts/4712");
  removeLink(path, PTY);
  expect(readlinkSync(path)).toBe("/dev/pts/4712");
  removeLink(path, "/dev/pts/4712");
  removeLink(path, "/dev/pts/4712");
  expect(readdirSync(directory)).toEqual([]);
});

test("a file that replaced the link is not removed", () => {
  const path = join(temporaryDirectory(), "modem");
  writeFileSync(path, "precious");
  removeLink(path, PTY);
  expect(readFileSync(path, "utf8")).toBe("precious");
});
