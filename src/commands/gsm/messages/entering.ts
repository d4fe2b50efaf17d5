import { cmsError } from "../../../at/cms-error.ts";
import { MessageEntry } from "../../../at/entry/message-entry.ts";
import type { Result } from "../../../at/result-code.ts";
import { decodePdu, SUBMIT, type SubmittedMessage, validityLength } from "../../../codec/sms/pdu.ts";
import {
  alphabetOf,
  CODINGS,
  decodeUserData,
  fitsShortMessage,
  type UserData,
  userDataOf,
} from "../../../codec/sms/user-data.ts";
import type { Settings } from "../../../module/settings/settings.ts";
import { readText } from "../../../module/sms/charset.ts";
import { charsetOf } from "../../../module/sms/message-text.ts";
import type { ModemContext } from "../../modem-context.ts";

/** 27.005 3.2.5. */
export const INVALID_PDU = cmsError(304);
export const INVALID_TEXT = cmsError(305);
const TIMEOUT = cmsError(332);

/** A PDU of 164 octets behind a service centre of 12, in hexadecimal; a text of 160 characters of UCS2 in the same. */
const ENTRY_LIMIT = 1024;

/** 3GPP TS 23.040 9.2.3.23 and 9.2.3.24: the bit of the first octet that announces a header. */
const HEADER = 0x40;

/** The type of an address, behind a number. */
export const NUMBER_TYPE = { kind: "int", name: "type", min: 0, max: 255, optional: true } as const;

/**
 * Prompts for the message, and returns the answer of the command. A message that the host takes back is neither sent nor
 * stored (27.005 3.5.1), nor is one that it does not end: that fails as a time-out (decisions 7).
 */
export async function enterMessage(
  { line, settings, dialect }: ModemContext,
  complete: (entered: string) => Result | Promise<Result>,
): Promise<Result> {
  const isText = settings.get("+CMGF") === 1;
  const entry = new MessageEntry({
    limit: ENTRY_LIMIT,
    reprompt: dialect.textPromptRepeated && isText ? "\r\n> " : undefined,
    lettersBelowSpace: isText && charsetOf(settings) === "GSM",
  });
  const outcome = await line.prompt("> ", entry, "inline");
  if (outcome === "ended") return complete(entry.text);
  return outcome === "escaped" ? "OK" : TIMEOUT;
}

/** The length of a TPDU as PDU mode announces it: a header of at least 7 octets, and at most 140 of data. */
export function readPduLength(text: string): number | undefined {
  const length = Number(text);
  return /^\d{1,3}$/.test(text) && length >= 7 && length <= 164 ? length : undefined;
}

/** The message of a PDU as entered, spaces and line ends aside. */
export function readPdu<K extends "submit" | "deliver">(entered: string, length: number, kind: K) {
  const hex = entered.replace(/\s/g, "");
  if (!/^([0-9a-f]{2})+$/i.test(hex)) return undefined;
  const pdu = Buffer.from(hex, "hex");
  return kind === "submit" ? decodePdu(pdu, length, "submit") : decodePdu(pdu, length, "deliver");
}

/**
 * The number that a host wrote, in the character set that it has chosen or, as many do, without regard to it. What can be
 * both, as 0035003500350031, is the number in the character set: it is how the module prints a number.
 */
export function readNumber(written: string, type: number | undefined, settings: Settings): string | undefined {
  const number = [readText(written, charsetOf(settings)) ?? "", written].find((text) =>
    /^\+?[0-9*#]{1,20}$/.test(text),
  );
  return type === 145 && number !== undefined && !number.startsWith("+") ? `+${number}` : number;
}

/** A message of text mode, with the parameters of AT+CSMP; `undefined` where the text is not of the character set, or too long. */
export function submitOf(to: string, entered: string, settings: Settings, header = ""): SubmittedMessage | undefined {
  const first = settings.get("+CSMP");
  const data = readData(entered, settings, header);
  if (data === undefined || !fitsShortMessage(data)) return undefined;
  const length = validityLength(first);
  return {
    kind: "submit",
    to,
    first: (first & ~(HEADER | 0x03)) | SUBMIT,
    protocol: settings.get("+CSMP:2"),
    // AT+CSMP sets one octet: a period of seven is none.
    validity: Buffer.alloc(length, length === 1 ? settings.get("+CSMP:1") : 0)
      .toString("hex")
      .toUpperCase(),
    ...data,
  };
}

/** 27.005 3.1: what is not plain text is entered as octets in hexadecimal. */
function readData(entered: string, settings: Settings, header: string): UserData | undefined {
  const coding = settings.get("+CSMP:3");
  const alphabet = alphabetOf(coding);
  const hasHeader = header === "" && (settings.get("+CSMP") & HEADER) !== 0;
  if (alphabet !== "gsm" || hasHeader) {
    if (!/^([0-9a-f]{2})*$/i.test(entered)) return undefined;
    const octets = Buffer.from(entered, "hex");
    const length = alphabet === "gsm" ? Math.floor((octets.length * 8) / 7) : octets.length;
    const data = decodeUserData(octets, length, coding, hasHeader);
    return data && (hasHeader ? data : { ...data, header });
  }
  const text = readText(entered, charsetOf(settings));
  if (text === undefined) return undefined;
  const data = userDataOf(text, header);
  // What the GSM alphabet does not have goes as UCS2, and keeps the class.
  return { ...data, coding: data.coding === CODINGS.gsm ? coding : CODINGS.ucs2 | (coding & 0x13) };
}
