import { describe, expect, test } from "vitest";
import { modemOnMemory } from "../support/modem-on-memory.ts";

async function files() {
  return (await modemOnMemory()).modem.efs;
}

const BYTES = Buffer.from([0, 1, 3, 13, 10, 26, 255]);

describe("what is written is read", () => {
  test.each<[string, string | Uint8Array | (() => Iterable<Uint8Array> | AsyncIterable<Uint8Array>), Uint8Array]>([
    ["a text, as UTF-8", "grün", Buffer.from("grün")],
    ["bytes", BYTES, BYTES],
    ["nothing", "", Buffer.alloc(0)],
    ["pieces", () => [BYTES, BYTES], Buffer.concat([BYTES, BYTES])],
    [
      "pieces that come one by one",
      async function* () {
        yield BYTES;
        yield BYTES;
      },
      Buffer.concat([BYTES, BYTES]),
    ],
    ["more than one piece of the volume", Buffer.alloc(200_000, 7), Buffer.alloc(200_000, 7)],
  ])("%s", async (_, content, expected) => {
    const efs = await files();
    await efs.writeFile("C:/x/y/a.bin", typeof content === "function" ? content() : content);
    expect(Buffer.compare(await efs.readFile("C:/x/y/a.bin"), expected)).toBe(0);
    expect(await efs.readFile("C:/x/y/a.bin", "latin1")).toBe(Buffer.from(expected).toString("latin1"));
    expect((await efs.stat("C:/x/y/a.bin")).size).toBe(expected.length);
  });
});

test("a source that fails leaves the old file", async () => {
  const efs = await files();
  await efs.writeFile("C:/a.txt", "old");
  const failing = (async function* () {
    yield BYTES;
    throw new Error("the source broke");
  })();
  await expect(efs.writeFile("C:/a.txt", failing)).rejects.toThrow("the source broke");
  expect(await efs.readFile("C:/a.txt", "utf8")).toBe("old");
});

test("a volume that is full is told, and the source is released", async () => {
  const { modem } = await modemOnMemory({ efs: { sizes: { C: 10 } } });
  let released = false;
  const large = (async function* () {
    try {
      for (;;) yield BYTES;
    } finally {
      released = true;
    }
  })();
  await expect(modem.efs.writeFile("C:/a.txt", large)).rejects.toMatchObject({ code: "NO_SPACE" });
  expect(released).toBe(true);
});

test("open() gives the size before the bytes, and may be closed unread", async () => {
  const efs = await files();
  await efs.writeFile("C:/a.txt", BYTES);
  const file = await efs.open("C:/a.txt");
  expect(file.size).toBe(BYTES.length);
  await file.close();
});

test("directories are made, listed and removed with what is in them", async () => {
  const efs = await files();
  await efs.makeDirectory("D:/x/y");
  await efs.makeDirectory("D:/x/y");
  await efs.writeFile("D:/x/y/b.txt", "b");
  await efs.writeFile("D:/x/a.txt", "abc");
  const listed = (await efs.list("D:/x")).map(({ path, name, kind, size }) => [path, name, kind, size]);
  expect(listed).toEqual([
    ["D:/x/a.txt", "a.txt", "file", 3],
    ["D:/x/y", "y", "directory", 0],
  ]);
  await efs.remove("D:/x");
  await expect(efs.stat("D:/x")).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test.each([
  ["", "BAD_NAME"],
  ["C:/a*b", "BAD_NAME"],
  ["C:/none.txt", "NOT_FOUND"],
  ["C:/Picture", "IS_DIRECTORY"],
])("readFile(%j) is %s", async (path, code) => {
  await expect((await files()).readFile(path)).rejects.toMatchObject({ name: "EfsError", code });
});

test("the root of a volume is not removed, nor is anything in it", async () => {
  const efs = await files();
  await efs.writeFile("C:/a.txt", "x");
  await expect(efs.remove("C:/")).rejects.toMatchObject({ code: "BAD_NAME" });
  expect(await efs.readFile("a.txt", "utf8")).toBe("x");
});

test("a path without a drive starts at C:/, wherever the host has gone", async () => {
  const { modem, dte } = await modemOnMemory();
  dte.send('AT+FSCD="D:/Video"\r');
  await modem.efs.writeFile("a.txt", "x");
  expect(await modem.efs.readFile("C:/a.txt", "utf8")).toBe("x");
});

test("files are there while the module is off", async () => {
  const { modem } = await modemOnMemory();
  await modem.efs.writeFile("C:/a.txt", "x");
  await modem.powerOff();
  expect(await modem.efs.readFile("C:/a.txt", "utf8")).toBe("x");
});
