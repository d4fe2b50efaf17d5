import {
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Link, placeLink, removeDeadLink } from "../../../src/transport/pty/link.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const PTY = "/dev/pts/4711";

/** A terminal that exists and is nobody's modem. */
const LIVE = "/dev/pts/ptmx";

async function place(path: string, target = PTY): Promise<Link> {
  const link = await placeLink(path, target);
  onTestFinished(() => link.remove());
  return link;
}

test("a link is placed, and nothing but the link; removing it leaves nothing", async () => {
  const directory = temporaryDirectory();
  const link = await place(join(directory, "modem"));
  expect(readdirSync(directory)).toEqual(["modem"]);
  expect(readlinkSync(join(directory, "modem"))).toBe(PTY);
  link.remove();
  link.remove();
  expect(readdirSync(directory)).toEqual([]);
});

test("a second port of this process does not get the same path, by whatever name", async () => {
  const directory = temporaryDirectory();
  await place(join(directory, "modem"));
  symlinkSync(directory, join(directory, "here"));
  const again = join(directory, "here", "modem");
  const reason = `--nmea-link ${again}: process ${process.pid} uses it for another of its ports; it is this process`;
  await expect(placeLink(again, PTY, "--nmea-link")).rejects.toThrow(reason);
});

test.each([
  ["a pty that is gone", "/dev/pts/999999"],
  ["a pty of macOS that is gone", "/dev/ttys999"],
  ["nothing", "/nowhere/at/all"],
])("a link to %s is replaced", async (_, old) => {
  const path = join(temporaryDirectory(), "modem");
  symlinkSync(old, path);
  await place(path);
  expect(readlinkSync(path)).toBe(PTY);
});

test.each<[string, (path: string) => void, string]>([
  [
    "a file",
    (path) => writeFileSync(path, "precious"),
    "there is a file already, which is not replaced; choose another path",
  ],
  ["a directory", (path) => mkdirSync(path), "there is a directory"],
  ["a link to a file", (path) => symlinkSync("/etc/passwd", path), "there is a link to /etc/passwd that vmodem has"],
  ["a link to a device", (path) => symlinkSync("/dev/null", path), "there is a link to /dev/null that vmodem has"],
  ["a user's link to a terminal", (path) => symlinkSync(LIVE, path), `there is a link to ${LIVE} that vmodem has`],
  [
    "a link to an adapter that is unplugged",
    (path) => symlinkSync("/dev/ttyUSB77", path),
    "there is a link to /dev/tty",
  ],
])("%s is left alone", async (_, make, reason) => {
  const path = join(temporaryDirectory(), "modem");
  make(path);
  const before = lstatSync(path).ino;
  await expect(placeLink(path, PTY)).rejects.toThrow(`--link ${path}: ${reason}`);
  expect(lstatSync(path).ino).toBe(before);
});

test("a link that a killed process has left is replaced, also when another terminal has its pty's name now", async () => {
  const path = join(temporaryDirectory(), "modem");
  const link = await place(path);
  const { mtime } = lstatSync(path);
  link.remove();
  // What is left is our mark on a link to a pty that exists: the one that this test could not take along is made alike.
  symlinkSync("/dev/pts/0", path);
  lutimesSync(path, mtime, mtime);
  await place(path);
  expect(readlinkSync(path)).toBe(PTY);
});

test.each<[string, (directory: string) => string, string]>([
  ["not there", (directory) => join(directory, "missing"), "there is no directory "],
  [
    "a file",
    (directory) => {
      writeFileSync(join(directory, "file"), "");
      return join(directory, "file");
    },
    "",
  ],
])("a directory that is %s is an error that says so", async (_, make, reason) => {
  const directory = make(temporaryDirectory());
  const path = join(directory, "modem");
  const expected = reason === "" ? `${directory} is not a directory` : reason + directory;
  await expect(placeLink(path, PTY)).rejects.toMatchObject({ message: `--link ${path}: ${expected}` });
});

test("a file that is called like the link and our process is left alone", async () => {
  const directory = temporaryDirectory();
  const stranger = join(directory, `modem.${process.pid}`);
  writeFileSync(stranger, "precious");
  await place(join(directory, "modem"));
  expect(readdirSync(directory)).toEqual(["modem", `modem.${process.pid}`]);
  expect(readFileSync(stranger, "utf8")).toBe("precious");
});

test("a live modem's link is refused to a second one, which names the process; also by another way to it", async () => {
  const directory = temporaryDirectory();
  const path = join(directory, "modem");
  const link = await place(path);
  const around = `${directory}-around`;
  symlinkSync(realpathSync(directory), around);
  onTestFinished(() => unlinkSync(around));
  for (const way of [path, join(directory, ".", "..", "modem", "..", directory.split("/").at(-1) ?? "", "modem")]) {
    await expect(placeLink(way, "/dev/pts/4712")).rejects.toThrow(`process ${process.pid} uses it`);
  }
  await expect(placeLink(join(around, "modem"), "/dev/pts/4712")).rejects.toThrow(`process ${process.pid} uses it`);
  expect(readlinkSync(path)).toBe(PTY);
  link.remove();
  await place(path, "/dev/pts/4712");
  expect(readlinkSync(path)).toBe("/dev/pts/4712");
});

test("of many that try at once exactly one gets the name", async () => {
  const path = join(temporaryDirectory(), "modem");
  for (let round = 0; round < 20; round++) {
    // A dead link is there in every other round.
    if (round % 2 === 0) symlinkSync("/dev/pts/999999", path);
    const attempts = Array.from({ length: 8 }, (_, index) => placeLink(path, `/dev/pts/${5000 + index}`));
    const outcomes = await Promise.allSettled(attempts);
    const winners = outcomes.filter((outcome) => outcome.status === "fulfilled");
    expect(winners).toHaveLength(1);
    const target = `/dev/pts/${5000 + outcomes.findIndex((outcome) => outcome.status === "fulfilled")}`;
    expect(readlinkSync(path)).toBe(target);
    winners[0]?.value.remove();
    expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
  }
});

test("removing spares what has replaced the link", async () => {
  const path = join(temporaryDirectory(), "modem");
  const link = await place(path);
  unlinkSync(path);
  writeFileSync(path, "precious");
  link.remove();
  expect(readFileSync(path, "utf8")).toBe("precious");
});

describe("the link of a process that was killed", () => {
  test("is removed, if it still leads to that process's pty", async () => {
    const directory = temporaryDirectory();
    const path = join(directory, "modem");
    symlinkSync(PTY, path);
    await removeDeadLink(path, PTY);
    await removeDeadLink(path, PTY);
    await removeDeadLink(join(directory, "missing", "modem"), PTY);
    expect(readdirSync(directory)).toEqual([]);
  });

  test.each([
    ["that leads elsewhere", "/dev/pts/4712"],
    ["that another process has placed, with a pty of the same name", PTY],
  ])("is left alone %s", async (_, placed) => {
    const path = join(temporaryDirectory(), "modem");
    await place(path, placed);
    await removeDeadLink(path, PTY);
    expect(readlinkSync(path)).toBe(placed);
  });
});
