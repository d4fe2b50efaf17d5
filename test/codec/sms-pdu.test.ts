import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeGsm, encodeGsm, packSeptets, unpackSeptets } from "../../src/codec/gsm-alphabet.ts";
import { decodeSubmit, encodeDeliver, fitsShortMessage } from "../../src/codec/sms-pdu.ts";

const gsmText = fc
  .array(fc.constantFrom(..."@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./09:;<=>?¡AZÄÖÑÜ§¿azäöñüà\f^{}\\[~]|€"), {
    maxLength: 80,
  })
  .map((characters) => characters.join(""));

describe("the default alphabet of GSM", () => {
  test("every text of it survives", () => {
    fc.assert(fc.property(gsmText, (text) => decodeGsm(encodeGsm(text) ?? []) === text));
  });

  test("septets survive being packed", () => {
    const septets = fc.array(fc.integer({ min: 0, max: 127 }), { maxLength: 160 });
    fc.assert(
      fc.property(septets, (all) => {
        expect(unpackSeptets(packSeptets(all), all.length)).toEqual(all);
      }),
    );
  });

  test("3GPP TS 23.038: hellohello", () => {
    expect(packSeptets(encodeGsm("hellohello") ?? []).toString("hex")).toBe("e8329bfd4697d9ec37");
  });

  test.each(["я", "ç", "\u{1f600}", "\x1b"])("has no %j", (text) => {
    expect(encodeGsm(text)).toBeUndefined();
  });
});

const submitted = (hex: string, length = hex.length / 2 - 1 - Number.parseInt(hex.slice(0, 2), 16)) =>
  decodeSubmit(Buffer.from(hex, "hex"), length);

describe("SMS-SUBMIT", () => {
  test.each([
    ["a number and hellohello", "0011000B916407281553F80000AA0AE8329BFD4697D9EC37", "+46708251358", "hellohello"],
    ["no validity period", "0001000B916407281553F800000AE8329BFD4697D9EC37", "+46708251358", "hellohello"],
    [
      "a service centre",
      "07917283010010F511000B916407281553F80000AA0AE8329BFD4697D9EC37",
      "+46708251358",
      "hellohello",
    ],
    ["a national number", "00010003812143000005E8329BFD06", "123", "hello"],
    ["UCS2", "000100038121F3000804044F0435", "123", "\u044f\u0435"],
    ["8 bits", "000100038121F300040241E9", "123", "A\u00e9"],
    ["* and #", "00010003811AFB000000", "*1#", ""],
  ])("%s", (_, hex, to, text) => {
    expect(submitted(hex)).toEqual({ to, text });
  });

  test.each([
    ["an SMS-DELIVER", "00040B916407281553F8000010203040506070800AE8329BFD4697D9EC37"],
    ["cut off", "0011000B916407281553F80000AA0AE8329BFD4697D9"],
    ["nothing", "00"],
    ["only a type", "0001"],
    ["a number longer than any", "000100FF916407281553F80000AA0AE8329BFD4697D9EC37"],
    ["half a UCS2 character", "000100038121F3000803044F04"],
  ])("none: %s", (_, hex) => {
    expect(submitted(hex)).toBeUndefined();
  });

  test("of another length than announced is none", () => {
    expect(submitted("0011000B916407281553F80000AA0AE8329BFD4697D9EC37", 22)).toBeUndefined();
  });

  test("any bytes are a message or none, and never fail", () => {
    const soup = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(soup, fc.integer({ min: 0, max: 200 }), (pdu, length) => {
        decodeSubmit(pdu, length);
        decodeSubmit(pdu, pdu.length - 1 - (pdu[0] ?? 0));
      }),
    );
  });
});

describe("SMS-DELIVER", () => {
  const message = { from: "+46708251358", text: "hellohello", stamp: "990329151659", zone: 8 };

  test("a known one", () => {
    const { pdu, length } = encodeDeliver(message, "+27381000015");
    expect(pdu.toString("hex")).toBe("07917283010010f5040b916407281553f80000993092516195800ae8329bfd4697d9ec37");
    expect(length).toBe(pdu.length - 8);
  });

  test.each([
    ["a zone behind UTC", { ...message, zone: -20 }, "0a"],
    ["a name", { ...message, from: "Operator" }, "d0"],
    ["UCS2", { ...message, text: "я" }, "044f"],
  ])("%s", (_, delivered, part) => {
    expect(encodeDeliver(delivered, "").pdu.toString("hex")).toContain(part);
  });

  test("160 septets or 70 characters fit, no more", () => {
    expect(fitsShortMessage("a".repeat(160))).toBe(true);
    expect(fitsShortMessage("a".repeat(161))).toBe(false);
    expect(fitsShortMessage("€".repeat(80))).toBe(true);
    expect(fitsShortMessage("€".repeat(81))).toBe(false);
    expect(fitsShortMessage("я".repeat(70))).toBe(true);
    expect(fitsShortMessage("я".repeat(71))).toBe(false);
  });
});
