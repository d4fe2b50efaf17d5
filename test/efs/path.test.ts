import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  childPath,
  decodeName,
  isEfsName,
  isEfsPath,
  parentPath,
  parsePath,
  printDirectory,
  printPath,
} from "../../src/efs/path.ts";

const here = { volume: "C", segments: ["Email", "100205"] } as const;

describe("a path as a command gives it", () => {
  test.each([
    ["a.txt", "C:/Email/100205/a.txt"],
    [".", "C:/Email/100205"],
    ["..", "C:/Email"],
    ["../..", "C:/"],
    ["../../../../x", "C:/x"],
    ["/", "C:/"],
    ["\\Video\\a b.3gp", "C:/Video/a b.3gp"],
    ["/Video/", "C:/Video"],
    ["//Video//a", "C:/Video/a"],
    ["C:", "C:/"],
    ["c:/", "C:/"],
    ["c:\\Video", "C:/Video"],
    ["D:", "D:/"],
    ["d:/Picture/../Audio", "D:/Audio"],
    ["D:/../../C/x", "D:/C/x"],
    [".hidden", "C:/Email/100205/.hidden"],
    ["测试.txt", "C:/Email/100205/测试.txt"],
    [`C:/${"n".repeat(251)}`, `C:/${"n".repeat(251)}`],
    [`C:/${"é".repeat(125)}`, `C:/${"é".repeat(125)}`],
  ])("%j leads to %s", (text, printed) => {
    const path = parsePath(text, here);
    expect(path && printPath(path)).toBe(printed);
  });

  test.each([
    "",
    "E:/x",
    "C:x",
    "x/C:/y",
    "C:/D:/x",
    "a:b",
    "*.*",
    "a?",
    'a"b',
    "a<b",
    "a>b",
    "a|b",
    "a,b",
    "a;b",
    "a\nb",
    "a\0b",
    "a\x7fb",
    "a\x85b",
    "a.",
    "a ",
    "...",
    ".. ",
    "a./b",
    "a /b",
    " ",
    "\uD800",
    "\uFFFD",
    `C:/${"n".repeat(252)}`,
    `C:/${"é".repeat(126)}`,
    `C:/${"a/".repeat(1000)}b`,
  ])("%j is none", (text) => {
    expect(parsePath(text, here)).toBeUndefined();
  });

  test("whatever is given, what comes back is on a volume and obeys the rules", () => {
    const soup = fc.string({
      unit: fc.constantFrom("/", "\\", ".", "..", " ", "C:", "d:", ":", "a", "é", "\0", "\uD800"),
    });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), soup), (text) => {
        const path = parsePath(text, here);
        if (path === undefined) return;
        expect(isEfsPath(path)).toBe(true);
        expect(path.segments.filter((name) => name === "" || name === "." || name === "..")).toEqual([]);
      }),
    );
  });

  test("reading what was printed gives the same path", () => {
    const name = fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }).filter(isEfsName);
    const paths = fc
      .record({ volume: fc.constantFrom("C" as const, "D" as const), segments: fc.array(name, { maxLength: 4 }) })
      .filter(isEfsPath);
    fc.assert(
      fc.property(paths, (path) => {
        expect(parsePath(printPath(path), here)).toEqual(path);
        expect(parsePath(printDirectory(path), here)).toEqual(path);
      }),
    );
  });
});

test.each([
  ["C:/", "C:/"],
  ["D:/Video", "D:/Video/"],
])("the directory %s is printed %s", (text, printed) => {
  const path = parsePath(text, here);
  expect(path && printDirectory(path)).toBe(printed);
});

test("a name given to a directory is one name", () => {
  expect(childPath(here, "a.txt")?.segments).toEqual(["Email", "100205", "a.txt"]);
  for (const name of ["", ".", "..", "a/b", "a\\b", "C:", "x".repeat(250)])
    expect(childPath(here, name)).toBeUndefined();
});

test("the root is its own parent", () => {
  expect(parentPath(here).segments).toEqual(["Email"]);
  expect(parentPath({ volume: "D", segments: [] })).toEqual({ volume: "D", segments: [] });
});

test.each([
  ["UTF-8", "e6b58be8af952e747874", "测试.txt"],
  ["GBK", "b2e2cad42e747874", "测试.txt"],
  ["ISO-8859-1 where it is neither", "6162ff2ee9", "abÿ.é"],
  ["ASCII", "612e747874", "a.txt"],
  ["UTF-8 with a byte order mark, which is kept", "efbbbf61", "\uFEFFa"],
])("the bytes of a name are read as %s", (_, hex, name) => {
  expect(decodeName(Buffer.from(hex, "hex"))).toBe(name);
});

test("any bytes are some name", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => typeof decodeName(bytes) === "string"));
});
