import { cmsError } from "../../at/cms-error.ts";
import { MessageEntry } from "../../at/entry/message-entry.ts";
import type { Result } from "../../at/result-code.ts";
import { decodeSubmit, fitsShortMessage, type SubmittedMessage } from "../../codec/sms-pdu.ts";
import type { Settings } from "../../module/settings/settings.ts";
import { readText } from "../../module/sms/charset.ts";
import { charsetOf } from "../../module/sms/message-text.ts";
import { type Command, defineCommand, type ModemContext } from "../modem-context.ts";

/** 27.005 3.2.5. */
const INVALID_PDU = cmsError(304);
const INVALID_TEXT = cmsError(305);
const NO_NETWORK = cmsError(331);

/** A PDU of 164 octets behind a service centre of 12, in hexadecimal; a text of 160 characters of UCS2 in the same. */
const ENTRY_LIMIT = 1024;

/**
 * Prompts for the message, and returns the answer of the command. A message that has not ended is taken back: nothing is
 * sent (27.005 3.5.1).
 */
async function enter({ line }: ModemContext, complete: (entered: string) => Result): Promise<Result> {
  const entry = new MessageEntry(ENTRY_LIMIT);
  const outcome = await line.prompt("> ", entry, "inline");
  return outcome === "ended" ? complete(entry.text) : "OK";
}

/** The message of a PDU as entered, spaces and line ends aside. */
function readPdu(entered: string, length: number): SubmittedMessage | undefined {
  const hex = entered.replace(/\s/g, "");
  return /^([0-9a-f]{2})+$/i.test(hex) ? decodeSubmit(Buffer.from(hex, "hex"), length) : undefined;
}

/** The number that a host wrote, in the character set that it has chosen or, as many do, without regard to it. */
function readNumber(written: string, type: number | undefined, settings: Settings): string | undefined {
  const number = [written, readText(written, charsetOf(settings)) ?? ""].find((text) =>
    /^\+?[0-9*#]{1,20}$/.test(text),
  );
  return type === 145 && number !== undefined && !number.startsWith("+") ? `+${number}` : number;
}

function sendMessage(message: SubmittedMessage, { line, sms }: ModemContext): Result {
  const sent = sms.send(message);
  if (sent === undefined) return NO_NETWORK;
  line.info(`+CMGS: ${sent.reference}`);
  return "OK";
}

const send = defineCommand({
  name: "+CMGS",
  summary: "Sends a message",
  spec: { document: "27.005", section: "3.5.1" },
  kind: "holding",
  needsPin: true,
  parameters: [
    { kind: "string", name: "destination", minLength: 1, maxLength: 84, bare: true },
    { kind: "int", name: "type", min: 0, max: 255, optional: true },
  ],
  async write({ destination, type }, modem) {
    const { settings } = modem;
    if (settings.get("+CMGF") === 0) {
      // In PDU mode it is the length of the TPDU: a header of at least 7 octets, and at most 140 of data.
      const length = Number(destination);
      if (!/^\d{1,3}$/.test(destination) || length < 7 || length > 164) return INVALID_PDU;
      return enter(modem, (entered) => {
        const message = readPdu(entered, length);
        return message === undefined ? INVALID_PDU : sendMessage(message, modem);
      });
    }
    const to = readNumber(destination, type, settings);
    if (to === undefined) return INVALID_TEXT;
    return enter(modem, (entered) => {
      const text = readText(entered, charsetOf(settings));
      return text === undefined || !fitsShortMessage(text) ? INVALID_TEXT : sendMessage({ to, text }, modem);
    });
  },
});

/** What goes out. */
export const messageSendingCommands: readonly Command[] = [send];
