import { encodeGsm } from "../../codec/gsm-alphabet.ts";
import { encodeServiceCentre, swappedDigits } from "../../codec/sms/address.ts";
import { PREFERRED_OPERATORS, type PreferredOperator } from "../radio/network-preferences.ts";
import type { SimCard } from "../sim.ts";

/** An elementary file of the card. A transparent one has a single record. */
export interface SimFile {
  readonly id: number;
  readonly structure: "transparent" | "linear fixed";
  /** Whether it can be read before the PIN was given. */
  readonly isOpen: boolean;
  readonly records: readonly Buffer[];
}

/** The identifiers of the files, by their names in 3GPP TS 51.011 10. */
const FILE_IDS = {
  ICCID: 0x2fe2,
  IMSI: 0x6f07,
  PLMN_SELECTOR: 0x6f30,
  MSISDN: 0x6f40,
  SPN: 0x6f46,
  ADMINISTRATIVE: 0x6fad,
} as const;

/** The identifiers of the directories: the master file, those of GSM and of telecommunication, and the application of USIM. */
export const DIRECTORIES = { master: 0x3f00, gsm: 0x7f20, telecom: 0x7f10, usim: 0x7fff } as const;

/** Country codes whose network codes have three digits: those of North America. */
const LONG_NETWORK_CODES = /^3[0-5]/;

/** Bytes of a name, where it is filled up. */
const NAME = { provider: 16, number: 14 } as const;

/** What is written on a card, file by file. */
export function filesOf(
  card: SimCard,
  preferred: readonly (readonly [place: number, operator: PreferredOperator])[],
): readonly SimFile[] {
  const transparent = (id: number, ...parts: readonly Uint8Array[]): SimFile => ({
    id,
    structure: "transparent",
    isOpen: id === FILE_IDS.ICCID,
    records: [Buffer.concat(parts)],
  });
  const networkDigits = LONG_NETWORK_CODES.test(card.imsi) ? 3 : 2;
  return [
    transparent(FILE_IDS.ICCID, swappedDigits(card.iccid.padEnd(20, "F"))),
    transparent(FILE_IDS.IMSI, imsiBytes(card.imsi)),
    transparent(FILE_IDS.SPN, Buffer.of(0x01), nameBytes(card.provider, NAME.provider)),
    transparent(FILE_IDS.ADMINISTRATIVE, Buffer.of(0, 0, 0, networkDigits)),
    transparent(FILE_IDS.PLMN_SELECTOR, selectorBytes(preferred)),
    { id: FILE_IDS.MSISDN, structure: "linear fixed", isOpen: false, records: [numberRecord(card.number)] },
  ];
}

/** Length, and parity and digits in swapped pairs. @spec 3GPP TS 51.011 10.3.2 */
function imsiBytes(imsi: string): Buffer {
  const digits = swappedDigits(`${imsi.length % 2 === 1 ? "9" : "1"}${imsi}`);
  return filled(9, Buffer.of(digits.length), digits);
}

/** A name in the GSM alphabet, filled up. */
function nameBytes(name: string, length: number): Buffer {
  return filled(length, Buffer.from([...name].flatMap((character) => encodeGsm(character) ?? [])));
}

/** The parts one behind the other, filled up with FF or cut to that length. */
function filled(length: number, ...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([...parts, Buffer.alloc(length, 0xff)]).subarray(0, length);
}

/** An entry of the own numbers. @spec 3GPP TS 51.011 10.5.1 */
function numberRecord(number: string): Buffer {
  // The number has the form of a service centre's, and fills twelve bytes; two identifiers follow, which are not used.
  return filled(NAME.number + 14, nameBytes("", NAME.number), encodeServiceCentre(number).subarray(0, 12));
}

/** Three bytes for each place; a free one is filled up. @spec 3GPP TS 51.011 10.3.4 */
function selectorBytes(preferred: readonly (readonly [number, PreferredOperator])[]): Buffer {
  const bytes = Buffer.alloc(3 * PREFERRED_OPERATORS, 0xff);
  for (const [place, { numeric }] of preferred) {
    const [c1, c2, c3, n1, n2, n3 = "F"] = numeric;
    swappedDigits(`${c1}${c2}${c3}${n3}${n1}${n2}`).copy(bytes, 3 * (place - 1));
  }
  return bytes;
}
