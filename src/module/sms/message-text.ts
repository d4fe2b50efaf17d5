import { quoted } from "../../codec/quoted-string.ts";
import type { MessageTime } from "../../codec/sms/address.ts";
import { encodePdu, firstOctet, type ShortMessage, type StatusReport } from "../../codec/sms/pdu.ts";
import { alphabetOf, encodeUserData, type UserData } from "../../codec/sms/user-data.ts";
import { formatStampedTime } from "../rtc.ts";
import type { Settings } from "../settings/settings.ts";
import { CHARSETS, type Charset, printText } from "./charset.ts";

/** 3GPP TS 24.008 10.5.4.7, as AT+CSTA and the type of an address count it: 145 is international, 129 unknown. */
export function typeOfNumber(number: string): 129 | 145 {
  return number.startsWith("+") ? 145 : 129;
}

/** The character set that AT+CSCS has chosen. */
export function charsetOf(settings: Settings): Charset {
  return CHARSETS[settings.get("+CSCS")] ?? "IRA";
}

/** The class of a message, which says where it belongs; none for most (3GPP TS 23.038 4). */
export function messageClass({ coding }: UserData): number | undefined {
  const hasClass = (coding < 0x80 && (coding & 0x10) !== 0) || coding >= 0xf0;
  return hasClass ? coding & 0x03 : undefined;
}

/**
 * The text of a message as text mode prints it: what is not plain text, and the parts of long messages, as the octets of the
 * user data (27.005 3.1).
 */
function messageBody(data: UserData, settings: Settings): string {
  if (data.header === "" && alphabetOf(data.coding) === "gsm") return printText(data.text, charsetOf(settings));
  return encodeUserData(data).octets.toString("hex").toUpperCase();
}

/** A message as text mode prints it behind its status: number and time, with AT+CSDH=1 the details, then the text. */
export function messageText(message: ShortMessage, settings: Settings, serviceCentre: string): string {
  if (message.kind === "report") return reportText(message);
  const number = message.kind === "deliver" ? message.from : message.to;
  const body = messageBody(message, settings);
  const head = [quoted(printText(number, charsetOf(settings))), '""'];
  if (message.kind === "deliver") head.push(timeText(message));
  if (settings.get("+CSDH") === 1) {
    head.push(
      String(typeOfNumber(number)),
      String(firstOctet(message)),
      String(message.protocol),
      String(message.coding),
    );
    if (message.kind === "submit") head.push(validityText(message.validity));
    // Hosts read as many bytes as the last number says (module.md 5.2).
    head.push(quoted(serviceCentre), String(typeOfNumber(serviceCentre)), String(body.length));
  }
  return `${head.join(",")}\r\n${body}`;
}

/** A report as text mode prints it (27.005 3.4.1). */
function reportText(report: StatusReport): string {
  const { to, reference, sent, delivered, status } = report;
  const number = `${quoted(to)},${typeOfNumber(to)}`;
  return `${firstOctet(report)},${reference},${number},${timeText(sent)},${timeText(delivered)},${status}`;
}

function timeText({ stamp, zone }: MessageTime): string {
  return `"${formatStampedTime(stamp, zone)}"`;
}

/** A relative period is a number; of the others hosts make nothing. */
function validityText(validity: string): string {
  return validity.length === 2 ? String(Number.parseInt(validity, 16)) : "";
}

/** A message as PDU mode prints it: its length, and a line of hexadecimal digits. */
export function messagePdu(message: ShortMessage, serviceCentre: string): string {
  const { pdu, length } = encodePdu(message, serviceCentre);
  return `${length}\r\n${pdu.toString("hex").toUpperCase()}`;
}
