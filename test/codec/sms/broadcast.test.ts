import { describe, expect, test } from "vitest";
import { broadcastPages, encodeBroadcast } from "../../../src/codec/sms/broadcast.ts";

const page = (text: string, id = 50, serial = 0x1234) => broadcastPages(id, serial, text)?.[0];

describe("pages", () => {
  test.each([
    ["", 1, 0x0f],
    ["x".repeat(93), 1, 0x0f],
    ["x".repeat(94), 2, 0x0f],
    ["{".repeat(46), 1, 0x0f],
    ["{".repeat(47), 2, 0x0f],
    ["я".repeat(41), 1, 0x48],
    ["я".repeat(42), 2, 0x48],
    ["😀".repeat(21), 2, 0x48],
    ["x".repeat(15 * 93), 15, 0x0f],
  ])("%.3s...: %i of coding %i", (text, count, coding) => {
    const pages = broadcastPages(1, 2, text) ?? [];
    expect(pages.map((each) => each.text).join("")).toBe(text);
    expect(pages).toHaveLength(count);
    expect(pages.map((each) => [each.page, each.pages, each.coding])).toEqual(
      Array.from({ length: count }, (_, index) => [index + 1, count, coding]),
    );
    for (const each of pages) expect(encodeBroadcast(each)).toHaveLength(88);
  });

  test("more than fifteen are none", () => {
    expect(broadcastPages(1, 2, "x".repeat(15 * 93 + 1))).toBeUndefined();
  });
});

test("a page of the GSM alphabet, filled up with CR", () => {
  const pdu = page("ab");
  // Septets 61, 62 and six of 0D are seven octets; eight of 0D are the seven that are repeated.
  expect(pdu && encodeBroadcast(pdu).toString("hex")).toBe(
    `123400320f116171a3d168341a${"8d46a3d168341a".repeat(10)}8d46a3d100`,
  );
});

test("a page of UCS2, filled up with CR", () => {
  const pdu = page("я");
  expect(pdu && encodeBroadcast(pdu).toString("hex")).toBe(`123400324811044f${"000d".repeat(40)}`);
});
