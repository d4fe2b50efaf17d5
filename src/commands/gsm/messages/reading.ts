import { cmsError } from "../../../at/cms-error.ts";
import { partOfHeader } from "../../../codec/sms/concatenation.ts";
import { type StoredMessage, smsCapacity } from "../../../module/sms/message-store.ts";
import { messagePdu, messageText } from "../../../module/sms/message-text.ts";
import { type Command, defineCommand, type ModemContext } from "../../modem-context.ts";
import { whenStored } from "../../stored.ts";
import { readStatus, STATUS_WORDS } from "./status.ts";

const ts27005 = (section: string) => ({ document: "27.005", section }) as const;

const INVALID_INDEX = cmsError(321);

/** A place; those past the end of the storage are its invalid indexes. */
const index = { kind: "int", name: "index", min: 0, max: 9999 } as const;

/** One message behind a head. */
function describeMessage(head: string, { status, message }: StoredMessage, { settings, sms }: ModemContext): string {
  return settings.get("+CMGF") === 1
    ? `${head}"${STATUS_WORDS[status]}",${messageText(message, settings, sms.serviceCentre)}`
    : `${head}${status},"",${messagePdu(message, sms.serviceCentre)}`;
}

const list = defineCommand({
  name: "+CMGL",
  summary: "Lists messages",
  spec: ts27005("3.4.2"),
  kind: "synchronous",
  needsPin: true,
  parameters: [{ kind: "string", name: "state", maxLength: 10, bare: true, optional: true }],
  test: ({ settings }) => [
    settings.get("+CMGF") === 1
      ? `+CMGL: (${[...STATUS_WORDS, "ALL"].map((word) => `"${word}"`).join(",")})`
      : "+CMGL: (0-4)",
  ],
  write({ state }, modem) {
    const { line, settings, sms } = modem;
    const isText = settings.get("+CMGF") === 1;
    const isAll = state?.toUpperCase() === (isText ? "ALL" : "4");
    const wanted = state === undefined ? 0 : readStatus(state, settings);
    if (!isAll && wanted === undefined) return cmsError(isText ? 305 : 304);
    const [storage] = sms.storages;
    const found = sms.store.list(storage).filter(({ status }) => isAll || status === wanted);
    if (found.length === 0) return "OK";
    const text = found.map((message) => describeMessage(`+CMGL: ${message.index},`, message, modem)).join("\r\n");
    const unread = found.flatMap(({ index: place, status }) => (status === 0 ? [place] : []));
    return whenStored(sms.store.mark(storage, unread, 1), () => {
      line.info(text);
      return "OK";
    });
  },
});

/** What reading does to the message. */
type Effect = "marks" | "leaves" | "removes";

/** Prints a message: a place without one answers `OK` alone (module.md 5.2). */
function readingCommand(
  name: string,
  summary: string,
  section: string,
  effect: Effect,
  describe: (message: StoredMessage, modem: ModemContext) => string = (message, modem) =>
    describeMessage(`${name}: `, message, modem),
): Command {
  return defineCommand({
    name,
    summary,
    spec: ts27005(section),
    kind: "synchronous",
    needsPin: true,
    parameters: [index],
    test: () => [],
    write(values, modem) {
      const { line, sms } = modem;
      const [storage] = sms.storages;
      if (values.index >= smsCapacity(storage)) return INVALID_INDEX;
      const message = sms.store.get(storage, values.index);
      if (message === undefined) return "OK";
      const text = describe(message, modem);
      const unread = effect === "marks" && message.status === 0 ? [values.index] : [];
      const change =
        effect === "removes" ? sms.store.remove(storage, [values.index]) : sms.store.mark(storage, unread, 1);
      return whenStored(change, () => {
        line.info(text);
        return "OK";
      });
    },
  });
}

/** A part of a long message with its place in it, and its text without the header. */
function describePart(stored: StoredMessage, modem: ModemContext): string {
  const { message } = stored;
  const part = message.kind === "report" ? undefined : partOfHeader(message.header);
  if (message.kind === "report" || part === undefined || modem.settings.get("+CMGF") === 0) {
    return describeMessage("+CMGREX: ", stored, modem);
  }
  const plain = { ...stored, message: { ...message, header: "" } };
  const [head, ...body] = describeMessage("+CMGREX: ", plain, modem).split("\r\n");
  return [`${head},${part.reference},${part.part},${part.parts}`, ...body].join("\r\n");
}

const markRead = defineCommand({
  name: "+CMGMT",
  summary: "Marks a message as read",
  spec: ts27005("3.4.3"),
  kind: "synchronous",
  needsPin: true,
  parameters: [index],
  test: () => [],
  write(values, { sms }) {
    const [storage] = sms.storages;
    const message = sms.store.get(storage, values.index);
    if (message === undefined) return INVALID_INDEX;
    return whenStored(sms.store.mark(storage, message.status === 0 ? [values.index] : [], 1));
  },
});

/** Which states each flag of AT+CMGD deletes; only the last one takes what is unread (27.005 3.5.4). */
const DELETED: readonly (readonly number[])[] = [[], [1], [1, 3], [1, 3, 2], [0, 1, 2, 3]];

const remove = defineCommand({
  name: "+CMGD",
  summary: "Deletes a message, or all of some state",
  spec: ts27005("3.5.4"),
  kind: "synchronous",
  needsPin: true,
  parameters: [
    { ...index, optional: true },
    { kind: "int", name: "which", min: 0, max: 4, optional: true },
  ],
  test({ sms }) {
    const indexes = sms.store.list(sms.storages[0]).map((message) => message.index);
    return [`+CMGD: (${indexes.join(",")}),(0-4)`];
  },
  write({ index: one, which = 0 }, { sms }) {
    const [storage] = sms.storages;
    if (which === 0) {
      if (one === undefined) return "ERROR";
      return one >= smsCapacity(storage) ? INVALID_INDEX : whenStored(sms.store.remove(storage, [one]));
    }
    const found = sms.store.list(storage).filter(({ status }) => DELETED[which]?.includes(status));
    return whenStored(
      sms.store.remove(
        storage,
        found.map((message) => message.index),
      ),
    );
  },
});

/** What is stored. */
export const messageReadingCommands: readonly Command[] = [
  list,
  readingCommand("+CMGR", "Reads a message", "3.4.3", "marks"),
  readingCommand("+CMGRO", "Reads a message and leaves it unread", "3.4.3", "leaves"),
  readingCommand("+CMGRD", "Reads a message and deletes it", "3.4.3", "removes"),
  readingCommand("+CMGREX", "Reads a part of a long message", "3.4.3", "marks", describePart),
  markRead,
  remove,
];
