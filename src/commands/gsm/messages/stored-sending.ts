import { cmsError } from "../../../at/cms-error.ts";
import type { Result } from "../../../at/result-code.ts";
import type { SubmittedMessage } from "../../../codec/sms/pdu.ts";
import type { StoredMessage } from "../../../module/sms/message-store.ts";
import { type Command, defineCommand, type ModemContext } from "../../modem-context.ts";
import { whenStored } from "../../stored.ts";
import { NUMBER_TYPE, readNumber } from "./entering.ts";
import { sendMessages } from "./sending.ts";

const NOT_ALLOWED = cmsError(302);
const INVALID_TEXT = cmsError(305);
const INVALID_INDEX = cmsError(321);

/** Most messages of AT+CMSSEX. */
const MOST = 13;

/** A stored message as it is sent: to another number where one is given, and with a receiver in any case. */
function submitOfStored({ message }: StoredMessage, to: string | undefined): SubmittedMessage | undefined {
  if (message.kind === "report") return undefined;
  if (message.kind === "submit") {
    const receiver = to ?? message.to;
    return receiver === "" ? undefined : { ...message, to: receiver };
  }
  const { protocol, coding, header, text } = message;
  return to === undefined ? undefined : { kind: "submit", to, first: 1, protocol, validity: "", coding, header, text };
}

/** Sends stored messages; those that were not sent yet count as sent then. */
async function sendStored(
  command: string,
  indexes: readonly number[],
  to: string | undefined,
  modem: ModemContext,
): Promise<Result> {
  const { sms } = modem;
  const [, storage] = sms.storages;
  const stored = indexes.map((index) => sms.store.get(storage, index));
  const messages: SubmittedMessage[] = [];
  for (const each of stored) {
    if (each === undefined) return INVALID_INDEX;
    const message = submitOfStored(each, to);
    if (message === undefined) return NOT_ALLOWED;
    messages.push(message);
  }
  const result = await sendMessages(command, messages, modem);
  if (result !== "OK") return result;
  const unsent = stored.flatMap((each) => (each?.status === 2 ? [each.index] : []));
  return whenStored(sms.store.mark(storage, unsent, 3));
}

const send = defineCommand({
  name: "+CMSS",
  summary: "Sends a stored message",
  spec: { document: "27.005", section: "3.5.2" },
  kind: "holding",
  needsPin: true,
  parameters: [
    { kind: "int", name: "index", min: 0, max: 9999 },
    { kind: "string", name: "destination", minLength: 1, maxLength: 84, bare: true, optional: true },
    NUMBER_TYPE,
  ],
  test: () => [],
  write({ index, destination, type }, modem) {
    const to = destination === undefined ? undefined : readNumber(destination, type, modem.settings);
    if (destination !== undefined && to === undefined) return INVALID_TEXT;
    return sendStored("+CMSS", [index], to, modem);
  },
});

const sendSeveral = defineCommand({
  name: "+CMSSEX",
  summary: "Sends several stored messages",
  spec: { document: "27.005", section: "3.5.2" },
  kind: "holding",
  needsPin: true,
  parameters: Array.from({ length: MOST }, (_, index) => {
    const parameter = { kind: "int", name: `index${index}`, min: 0, max: 9999 } as const;
    return index === 0 ? parameter : ({ ...parameter, optional: true } as const);
  }),
  test: () => [],
  write(values: Readonly<Record<string, string | number | undefined>>, modem) {
    const indexes = Object.values(values).filter((index) => typeof index === "number");
    return sendStored("+CMSSEX", indexes, undefined, modem);
  },
});

/** What goes out of the storage. */
export const storedSendingCommands: readonly Command[] = [send, sendSeveral];
