import { quoted } from "../../codec/quoted-string.ts";
import type { DeliveredMessage } from "../../codec/sms-pdu.ts";
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

/** Sender and time of a received message, as text mode prints them (27.005 3.4.2); with CSDH the details, too. */
export function messageHead({ from, text, stamp, zone }: DeliveredMessage, settings: Settings): string {
  const number = printText(from, charsetOf(settings));
  const details = settings.get("+CSDH") === 1 ? `,${typeOfNumber(from)},${[...text].length}` : "";
  return `${quoted(number)},,"${formatStampedTime(stamp, zone)}"${details}`;
}

/** The text of a message, as text mode prints it. */
export function messageBody({ text }: DeliveredMessage, settings: Settings): string {
  return printText(text, charsetOf(settings));
}
