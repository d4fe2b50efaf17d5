import { quoted } from "../../codec/quoted-string.ts";
import { CODINGS, userDataOf } from "../../codec/sms/user-data.ts";
import type { Settings } from "../settings/settings.ts";
import { printText } from "../sms/charset.ts";
import { charsetOf } from "../sms/message-text.ts";
import { USSD_STATUS, type UssdReply } from "./ussd.ts";

/** Data coding schemes of supplementary services: the GSM alphabet without a language, and UCS2 (3GPP TS 23.038 5). */
const GSM = 15;
const UCS2 = 72;

/** What the network says, as AT+CUSD reports it: what the GSM alphabet does not have is UCS2 in hexadecimal. */
export function ussdLine({ status, text }: UssdReply, settings: Settings): string {
  const head = `+CUSD: ${USSD_STATUS[status]}`;
  if (text === undefined) return head;
  const plain = userDataOf(text).coding === CODINGS.gsm;
  return `${head},${quoted(printText(text, plain ? charsetOf(settings) : "UCS2"))},${plain ? GSM : UCS2}`;
}
