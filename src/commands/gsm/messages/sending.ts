import { cmsError } from "../../../at/cms-error.ts";
import type { Result } from "../../../at/result-code.ts";
import { headerOfPart } from "../../../codec/sms/concatenation.ts";
import type { SubmittedMessage } from "../../../codec/sms/pdu.ts";
import { sleep } from "../../../platform/time/clock.ts";
import { type Command, defineCommand, type ModemContext } from "../../modem-context.ts";
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

const NO_NETWORK = cmsError(331);

/** The number of a recipient, or in PDU mode a length. */
export const DESTINATION = { kind: "string", name: "destination", minLength: 1, maxLength: 84, bare: true } as const;

/** Sends messages, one after the other, and prints their references; the network takes a moment for it. */
export async function sendMessages(
  command: string,
  messages: readonly SubmittedMessage[],
  { line, sms, clock, dialect }: ModemContext,
): Promise<Result> {
  if (dialect.sendingTime > 0) await sleep(clock, dialect.sendingTime, line.signal);
  const references: number[] = [];
  for (const message of messages) {
    const sent = sms.send(message);
    if (sent === undefined) return NO_NETWORK;
    references.push(sent.reference);
  }
  line.info(`${command}: ${references.join(",")}`);
  return "OK";
}

const send = defineCommand({
  name: "+CMGS",
  summary: "Sends a message",
  spec: { document: "27.005", section: "3.5.1" },
  kind: "holding",
  needsPin: true,
  parameters: [DESTINATION, NUMBER_TYPE],
  test: () => [],
  write({ destination, type }, modem) {
    const { settings } = modem;
    if (settings.get("+CMGF") === 0) {
      const length = readPduLength(destination);
      if (length === undefined) return INVALID_PDU;
      return enterMessage(modem, (entered) => {
        const message = readPdu(entered, length, "submit");
        return message?.kind === "submit" ? sendMessages("+CMGS", [message], modem) : INVALID_PDU;
      });
    }
    const to = readNumber(destination, type, settings);
    if (to === undefined) return INVALID_TEXT;
    return enterMessage(modem, (entered) => {
      const message = submitOf(to, entered, settings);
      return message === undefined ? INVALID_TEXT : sendMessages("+CMGS", [message], modem);
    });
  },
});

const sendShort = defineCommand({
  name: "+CMGSO",
  summary: "Sends a message that stands in the command line",
  spec: { document: "27.005", section: "3.5.1" },
  kind: "holding",
  needsPin: true,
  parameters: [DESTINATION, { kind: "string", name: "text", maxLength: 640 }],
  write({ destination, text }, modem) {
    const { settings } = modem;
    const to = readNumber(destination, undefined, settings);
    const message = to === undefined ? undefined : submitOf(to, text, settings);
    return message === undefined ? INVALID_TEXT : sendMessages("+CMGSO", [message], modem);
  },
});

/** Counted from 1; a part is one of at most 255. */
const COUNT = { kind: "int", min: 0, max: 255, optional: true } as const;

/** The parameters of a part of a long message: the type of the number may be left out without its comma. */
export const PART = [
  DESTINATION,
  { ...COUNT, name: "a" },
  { ...COUNT, name: "b" },
  { ...COUNT, name: "c" },
  { ...COUNT, name: "d" },
] as const;

interface PartArguments {
  readonly destination: string;
  readonly a?: number;
  readonly b?: number;
  readonly c?: number;
  readonly d?: number;
}

/** Where a part of a long message goes, and its header; `undefined` where the parameters do not fit together. */
export function readPart(
  { destination, a, b, c, d }: PartArguments,
  { settings }: ModemContext,
): { readonly to: string; readonly header: string } | undefined {
  const [type, reference, part, parts] = d === undefined ? [undefined, a, b, c] : [a, b, c, d];
  const to = readNumber(destination, type, settings);
  if (to === undefined) return undefined;
  if (reference === undefined && part === undefined && parts === undefined) return { to, header: "" };
  if (reference === undefined || part === undefined || parts === undefined) return undefined;
  return part >= 1 && part <= parts ? { to, header: headerOfPart({ reference, part, parts }) } : undefined;
}

const sendPart = defineCommand({
  name: "+CMGSEX",
  summary: "Sends a part of a long message",
  spec: { document: "27.005", section: "3.5.1" },
  kind: "holding",
  needsPin: true,
  parameters: PART,
  test: () => [],
  write(values, modem) {
    const place = readPart(values, modem);
    if (place === undefined) return INVALID_TEXT;
    return enterMessage(modem, (entered) => {
      const message = submitOf(place.to, entered, modem.settings, place.header);
      return message === undefined ? INVALID_TEXT : sendMessages("+CMGSEX", [message], modem);
    });
  },
});

const reference = defineCommand({
  name: "+CMGENREF",
  summary: "A reference for the parts of a long message",
  spec: { document: "27.005", section: "3.5.1" },
  kind: "synchronous",
  needsPin: true,
  parameters: [],
  execute({ line, sms }) {
    line.info(`+CMGENREF:${sms.nextLongReference()}`);
    return "OK";
  },
});

/** What goes out. */
export const messageSendingCommands: readonly Command[] = [send, sendShort, sendPart, reference];
