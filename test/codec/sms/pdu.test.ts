import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodePdu, encodePdu, type SubmittedMessage } from "../../../src/codec/sms/pdu.ts";

const submitted = (hex: string, length = hex.length / 2 - 1 - Number.parseInt(hex.slice(0, 2), 16)) =>
  decodePdu(Buffer.from(hex, "hex"), length, "submit");

const KNOWN = "0011000B916407281553F80000AA0AE8329BFD4697D9EC37";

describe("SMS-SUBMIT", () => {
  test.each([
    ["a number and hellohello", KNOWN, { to: "+46708251358", text: "hellohello", validity: "AA", first: 0x11 }],
    ["no validity period", "0001000B916407281553F800000AE8329BFD4697D9EC37", { validity: "", first: 0x01 }],
    ["a national number", "00010003812143000005E8329BFD06", { to: "123", text: "hello" }],
    ["UCS2", "000100038121F3000804044F0435", { text: "\u044f\u0435", coding: 8 }],
    ["8 bits", "000100038121F300040241E9", { text: "A\u00e9", coding: 4 }],
    ["* and #", "00010003811AFB000000", { to: "*1#", text: "" }],
    ["a wish for a report", `00310${KNOWN.slice(5)}`, { first: 0x31, validity: "AA" }],
    ["a part", "004100038121F300000C050003BE0201906536FB0D", { header: "0003BE0201", first: 0x01 }],
  ])("%s", (_, hex, part) => {
    expect(submitted(hex)).toMatchObject({ kind: "submit", ...part });
  });

  test.each([
    ["an SMS-DELIVER", "00040B916407281553F8000010203040506070800AE8329BFD4697D9EC37"],
    ["cut off", "0011000B916407281553F80000AA0AE8329BFD4697D9"],
    ["nothing", "00"],
    ["only a type", "0001"],
    ["a number longer than any", "000100FF916407281553F80000AA0AE8329BFD4697D9EC37"],
    ["half a UCS2 character", "000100038121F3000803044F04"],
    ["a header longer than the data", "004100038121F300040305FFFF"],
    ["more than a message holds", `000100038121F300048D${"41".repeat(141)}`],
  ])("none: %s", (_, hex) => {
    expect(submitted(hex)).toBeUndefined();
  });

  test("of another length than announced is none", () => {
    expect(submitted(KNOWN, 22)).toBeUndefined();
  });

  test.each([KNOWN, "0001000B916407281553F800000AE8329BFD4697D9EC37", "000100038121F3000804044F0435"])(
    "%s is encoded as it was",
    (hex) => {
      const message = submitted(hex) as SubmittedMessage;
      const { pdu, length } = encodePdu(message, "");
      expect(pdu.toString("hex").toUpperCase().slice(4)).toBe(hex.slice(2));
      expect(length).toBe(hex.length / 2 - 1);
    },
  );

  test("any bytes are a message or none, and never fail", () => {
    const soup = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(soup, fc.integer({ min: 0, max: 200 }), fc.constantFrom("submit", "deliver"), (pdu, length, kind) => {
        const decode = (octets: number) =>
          kind === "submit" ? decodePdu(pdu, octets, "submit") : decodePdu(pdu, octets, "deliver");
        decode(length);
        decode(pdu.length - 1 - (pdu[0] ?? 0));
      }),
    );
  });
});

describe("SMS-DELIVER", () => {
  const message = {
    kind: "deliver",
    from: "+46708251358",
    protocol: 0,
    coding: 0,
    header: "",
    text: "hellohello",
    stamp: "990329151659",
    zone: 8,
  } as const;

  test("a known one", () => {
    const { pdu, length } = encodePdu(message, "+27381000015");
    expect(pdu.toString("hex")).toBe("07917283010010f5040b916407281553f80000993092516195800ae8329bfd4697d9ec37");
    expect(length).toBe(pdu.length - 8);
  });

  test.each([
    ["itself", message],
    ["a zone behind UTC", { ...message, zone: -20 }],
    ["a name", { ...message, from: "Operator" }],
    ["UCS2", { ...message, coding: 8, text: "я" }],
    ["8 bits", { ...message, coding: 4, text: "\xff\0" }],
    ["a part", { ...message, header: "0003BE0201" }],
    ["a part in UCS2", { ...message, coding: 8, header: "0003BE0201", text: "я" }],
  ] as const)("%s is decoded as it was encoded", (_, delivered) => {
    const { pdu, length } = encodePdu(delivered, "+1");
    expect(decodePdu(pdu, length, "deliver")).toEqual(delivered);
  });
});

test("SMS-STATUS-REPORT: 3GPP TS 23.040 9.2.2.3", () => {
  const time = { stamp: "100205120000", zone: 0 };
  const { pdu } = encodePdu({ kind: "report", to: "123", reference: 7, sent: time, delivered: time, status: 0 }, "");
  expect(pdu.toString("hex")).toBe(`01810607038121f3${"01205021000000".repeat(2)}00`);
});
