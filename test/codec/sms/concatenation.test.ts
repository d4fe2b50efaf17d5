import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { headerOfPart, partOfHeader, splitText } from "../../../src/codec/sms/concatenation.ts";
import { fitsShortMessage, userDataOf } from "../../../src/codec/sms/user-data.ts";

test("160 septets or 70 characters fit into one message, no more", () => {
  const fits = (text: string) => fitsShortMessage(userDataOf(text));
  expect(["a".repeat(160), "€".repeat(80), "я".repeat(70)].map(fits)).toEqual([true, true, true]);
  expect(["a".repeat(161), "€".repeat(81), "я".repeat(71)].map(fits)).toEqual([false, false, false]);
});

describe("a long text", () => {
  test.each([
    ["a".repeat(160), [160]],
    ["a".repeat(161), [153, 8]],
    ["a".repeat(306), [153, 153]],
    ["€".repeat(81), [76, 5]],
    ["я".repeat(71), [67, 4]],
    // 33 pairs of surrogates have 66 units; none is cut.
    ["\u{1f600}".repeat(36), [66, 6]],
    ["", [0]],
  ])("%#: is cut into parts of %j characters", (text, lengths) => {
    const parts = splitText(text, 5);
    expect(parts.map((part) => part.text.length)).toEqual(lengths);
    expect(parts.every(fitsShortMessage)).toBe(true);
  });

  test("its parts make the text, and say so in their headers", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "€", "я", "\u{1f600}"), maxLength: 500 });
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 255 }), (whole, reference) => {
        const parts = splitText(whole, reference);
        expect(parts.map((part) => part.text).join("")).toBe(whole);
        if (parts.length === 1) return;
        for (const [index, { header }] of parts.entries()) {
          expect(partOfHeader(header)).toEqual({ reference, part: index + 1, parts: parts.length });
        }
      }),
    );
  });
});

test.each([
  [headerOfPart({ reference: 190, part: 1, parts: 2 }), { reference: 190, part: 1, parts: 2 }],
  ["0804013C0302", { reference: 0x3c, part: 2, parts: 3 }],
  ["0504138800000003010201", { reference: 1, part: 1, parts: 2 }],
  ["", undefined],
  ["05", undefined],
  ["0003BE02", undefined],
  ["0003BE", undefined],
])("the header %s", (header, part) => {
  expect(partOfHeader(header)).toEqual(part);
});
