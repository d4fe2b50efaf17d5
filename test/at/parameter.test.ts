import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeRanges, type Parameter, parseArguments } from "../../src/at/parameter.ts";

const port: Parameter = { kind: "int", name: "port", min: 1, max: 65535 };
const name: Parameter = { kind: "string", name: "name", minLength: 1, maxLength: 8 };
const path: Parameter = {
  kind: "string",
  name: "path",
  maxLength: 40,
  bare: true,
  nonAscii: true,
  label: '"FILEPATH"',
};
const type: Parameter = { kind: "word", name: "type", values: ["A", "I"] };
const flag: Parameter = { kind: "int", name: "flag", min: 0, max: 1, values: [0, 1], optional: true };

type Row = readonly [text: string, parameters: readonly Parameter[], values: object | undefined];

const rows: readonly Row[] = [
  ["25", [port], { port: 25 }],
  ['"25"', [port], { port: 25 }],
  [" 25 ", [port], { port: 25 }],
  ["0025", [port], { port: 25 }],
  ["65535", [port], { port: 65535 }],
  ["0", [port], undefined],
  ["65536", [port], undefined],
  ["2 5", [port], undefined],
  ["", [port], undefined],
  ['""', [port], undefined],
  ["25,", [port], undefined],
  [",", [flag, flag], {}],
  ["", [flag], {}],
  ["1", [flag], { flag: 1 }],
  ["2", [flag], undefined],
  ['"abc"', [name], { name: "abc" }],
  ['"abc" , 25', [name, port], { name: "abc", port: 25 }],
  ['"a,b;c d"', [name], { name: "a,b;c d" }],
  ['" a "', [name], { name: " a " }],
  ["abc", [name], undefined],
  ['""', [name], undefined],
  ['"12345678"', [name], { name: "12345678" }],
  ['"123456789"', [name], undefined],
  // What counts is the string, not how it was written.
  ['"\\22234567\\5C"', [name], { name: '"234567\\' }],
  ['"\\5c\\5C\\22"', [name], { name: '\\\\"' }],
  ['"\\5C22"', [name], { name: "\\22" }],
  ['"\\41\\"', [name], { name: "\\41\\" }],
  ['"abc', [name], undefined],
  ['abc"', [name], undefined],
  ['"a"b', [name], undefined],
  ['"a""b"', [name], undefined],
  ['"', [name], undefined],
  ["I", [type], { type: "I" }],
  ['"i"', [type], { type: "I" }],
  [" a", [type], { type: "A" }],
  ["AI", [type], undefined],
  ["C:/a b.txt", [path], { path: "C:/a b.txt" }],
  ['"C:/a.txt"', [path], { path: "C:/a.txt" }],
  ['{non-ascii}"74657374"', [path], { path: "test" }],
  ['{NON-ASCII} "74 65 73 74"', [path], { path: "test" }],
  ['{non-ascii}"/2F74657374646972/B2E2CAD42E747874"', [path], { path: "/testdir/\xb2\xe2\xca\xd4.txt" }],
  ['{non-ascii}"61/62/"', [path], { path: "a/b/" }],
  ['{non-ascii}"747"', [path], undefined],
  ['{non-ascii}"7g"', [path], undefined],
  ['{non-ascii}"610D0A62"', [path], undefined],
  ['{non-ascii}"6100"', [path], undefined],
  ["{non-ascii}74657374", [path], { path: "{non-ascii}74657374" }],
  ['{non-ascii}"61"', [name], undefined],
  ['{non-ascii}"25"', [port], undefined],
  ['{ascii}"25"', [path], undefined],
];

describe("arguments", () => {
  test.each(rows)("%j", (text, parameters, values) => {
    expect(parseArguments(text, parameters)).toEqual(values);
  });

  test("any bytes but quotes, escaped or not, come out as they went in", () => {
    const wide: Parameter = { kind: "string", name: "text", maxLength: 2048 };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0x20, max: 0xff }), { maxLength: 60 }), (bytes) => {
        const text = Buffer.from(bytes).toString("latin1");
        const written = text.replaceAll("\\", "\\5C").replaceAll('"', "\\22");
        expect(parseArguments(` "${written}" `, [wide])).toEqual({ text });
      }),
    );
  });

  test("no text is too much for it", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', ",", " ", "\\", "1", "a", "{non-ascii}"), maxLength: 200 }),
        (text) => {
          parseArguments(text, [path, flag, flag]);
        },
      ),
    );
    const started = performance.now();
    for (const piece of [" ", '"', ",", '" ', ' "', '{non-ascii} "'])
      parseArguments(piece.repeat(2048).slice(0, 2048), Array(3000).fill(flag));
    // Backtracking that runs away takes hours.
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe("ranges", () => {
  test.each([
    [[port], ", ", "(1-65535)"],
    [[flag], ", ", "(0,1)"],
    [[type], ", ", "(A,I)"],
    [[path, port], ", ", '"FILEPATH", (1-65535)'],
    [[path, port], ",", '"FILEPATH",(1-65535)'],
    [[name], ", ", undefined],
    [[], ", ", undefined],
  ] as const)("%#", (parameters, separator, text) => {
    expect(describeRanges(parameters, separator)).toBe(text);
  });
});
