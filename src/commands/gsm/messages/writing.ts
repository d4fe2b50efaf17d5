import { cmsError } from "../../../at/cms-error.ts";
import type { Result } from "../../../at/result-code.ts";
import type { ShortMessage } from "../../../codec/sms/pdu.ts";
import { formatStamp } from "../../../module/rtc.ts";
import type { MessageStatus } from "../../../module/sms/message-store.ts";
import { type Command, defineCommand, type ModemContext } from "../../modem-context.ts";
import { whenStored } from "../../stored.ts";
import {
  enterMessage,
  INVALID_PDU,
  INVALID_TEXT,
  NUMBER_TYPE,
  readNumber,
  readPdu,
  readPduLength,
  submitOf,
} from "./entering.ts";
import { DESTINATION, PART, readPart } from "./sending.ts";
import { readStatus } from "./status.ts";

const NOT_ALLOWED = cmsError(302);
const MEMORY_FULL = cmsError(322);

/** Stores a message and prints its place. */
function store(
  command: string,
  message: ShortMessage,
  status: MessageStatus,
  { line, sms }: ModemContext,
): Result | Promise<Result> {
  // The storage of reports is the network's.
  if (sms.storages[1] === "SR") return NOT_ALLOWED;
  return whenStored(sms.write(message, status), (index) => {
    if (index === undefined) return MEMORY_FULL;
    line.info(`${command}: ${index}`);
    return "OK";
  });
}

/** A message of text mode that is stored as sent or unsent, or as received now from that number. */
function textMessage(
  number: string,
  entered: string,
  status: MessageStatus,
  { settings, rtc }: ModemContext,
  header = "",
): ShortMessage | undefined {
  const message = submitOf(number, entered, settings, header);
  if (message === undefined || status > 1) return message;
  const now = rtc.now();
  const { protocol, coding, text } = message;
  return {
    kind: "deliver",
    from: number,
    protocol,
    coding,
    header: message.header,
    text,
    stamp: formatStamp(now),
    zone: now.zone,
  };
}

function writePdu(
  destination: string | undefined,
  type: number | undefined,
  modem: ModemContext,
): Result | Promise<Result> {
  const length = readPduLength(destination ?? "");
  // In PDU mode the second parameter is the status.
  const status = readStatus(String(type ?? 2), modem.settings);
  if (length === undefined || status === undefined) return INVALID_PDU;
  return enterMessage(modem, (entered) => {
    const message = readPdu(entered, length, status > 1 ? "submit" : "deliver");
    return message === undefined ? INVALID_PDU : store("+CMGW", message, status, modem);
  });
}

const write = defineCommand({
  name: "+CMGW",
  summary: "Stores a message",
  spec: { document: "27.005", section: "3.5.3" },
  kind: "holding",
  needsPin: true,
  parameters: [
    { ...DESTINATION, optional: true },
    NUMBER_TYPE,
    { kind: "string", name: "status", maxLength: 10, bare: true, optional: true },
  ],
  test: () => [],
  write({ destination, type, status: word = "STO UNSENT" }, modem) {
    const { settings } = modem;
    if (settings.get("+CMGF") === 0) return writePdu(destination, type, modem);
    const number = destination === undefined ? "" : readNumber(destination, type, settings);
    const status = readStatus(word, settings);
    if (number === undefined || status === undefined) return INVALID_TEXT;
    return enterMessage(modem, (entered) => {
      const message = textMessage(number, entered, status, modem);
      return message === undefined ? INVALID_TEXT : store("+CMGW", message, status, modem);
    });
  },
});

const writeShort = defineCommand({
  name: "+CMGWO",
  summary: "Stores a message that stands in the command line",
  spec: { document: "27.005", section: "3.5.3" },
  kind: "synchronous",
  needsPin: true,
  parameters: [DESTINATION, { kind: "string", name: "text", maxLength: 640 }],
  write({ destination, text }, modem) {
    const number = readNumber(destination, undefined, modem.settings);
    const message = number === undefined ? undefined : textMessage(number, text, 2, modem);
    return message === undefined ? INVALID_TEXT : store("+CMGWO", message, 2, modem);
  },
});

const writePart = defineCommand({
  name: "+CMGWEX",
  summary: "Stores a part of a long message",
  spec: { document: "27.005", section: "3.5.3" },
  kind: "holding",
  needsPin: true,
  parameters: PART,
  test: () => [],
  write(values, modem) {
    const place = readPart(values, modem);
    if (place === undefined) return INVALID_TEXT;
    return enterMessage(modem, (entered) => {
      const message = textMessage(place.to, entered, 2, modem, place.header);
      return message === undefined ? INVALID_TEXT : store("+CMGWEX", message, 2, modem);
    });
  },
});

/** What the host stores. */
export const messageWritingCommands: readonly Command[] = [write, writeShort, writePart];
