import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeGsm, encodeGsm, packSeptets, unpackSeptets } from "../../src/codec/gsm-alphabet.ts";

const gsmText = fc
  .array(fc.constantFrom(..."@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./09:;<=>?¡AZÄÖÑÜ§¿azäöñüà\f^{}\\[~]|€"), {
    maxLength: 80,
  })
  .map((characters) => characters.join(""));

test("every text of the alphabet survives", () => {
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

test.each(["я", "ç", "\u{1f600}", "\x1b"])("the alphabet has no %j", (text) => {
  expect(encodeGsm(text)).toBeUndefined();
});
