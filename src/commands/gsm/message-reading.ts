import { cmsError } from "../../at/cms-error.ts";
import { encodeDeliver } from "../../codec/sms-pdu.ts";
import type { Settings } from "../../module/settings/settings.ts";
import { messageBody, messageHead } from "../../module/sms/message-text.ts";
import { SMS_CAPACITY, type Sms, type StoredMessage } from "../../module/sms/sms.ts";
import { type Command, defineCommand } from "../modem-context.ts";

const ts27005 = (section: string) => ({ document: "27.005", section }) as const;

/** The states of a message, as text mode writes them, in the order in which PDU mode counts them (27.005 3.1). */
const STATES = ["REC UNREAD", "REC READ", "STO UNSENT", "STO SENT", "ALL"] as const;
const ALL = 4;

/** 0 unread, 1 read: all that is stored was received. */
function stateOf({ unread }: StoredMessage): 0 | 1 {
  return unread ? 0 : 1;
}

/** One message behind the name of its command; a list says its index, too. */
function describeMessage(
  message: StoredMessage,
  { settings, sms }: { readonly settings: Settings; readonly sms: Sms },
  listed: boolean,
): string {
  const state = stateOf(message);
  if (settings.get("+CMGF") === 1) {
    const head = `"${STATES[state]}",${messageHead(message, settings)}`;
    return `${listed ? `+CMGL: ${message.index},` : "+CMGR: "}${head}\r\n${messageBody(message, settings)}`;
  }
  const { pdu, length } = encodeDeliver(message, sms.serviceCentre);
  const head = listed ? `+CMGL: ${message.index},` : "+CMGR: ";
  return `${head}${state},,${length}\r\n${pdu.toString("hex").toUpperCase()}`;
}

/** The state that a host asks for, in the words of the mode that is on; `undefined` when it is not valid. */
function readState(text: string, settings: Settings): number | undefined {
  if (settings.get("+CMGF") === 0) return /^[0-4]$/.test(text) ? Number(text) : undefined;
  const state = (STATES as readonly string[]).indexOf(text.toUpperCase());
  return state < 0 ? undefined : state;
}

const list = defineCommand({
  name: "+CMGL",
  summary: "Lists messages",
  spec: ts27005("3.4.2"),
  kind: "synchronous",
  needsPin: true,
  parameters: [{ kind: "string", name: "state", maxLength: 10, bare: true, optional: true }],
  test: ({ settings }) => [
    settings.get("+CMGF") === 1 ? `+CMGL: (${STATES.map((word) => `"${word}"`).join(",")})` : "+CMGL: (0-4)",
  ],
  write({ state }, modem) {
    const { line, settings, sms } = modem;
    const wanted = state === undefined ? 0 : readState(state, settings);
    if (wanted === undefined) return cmsError(settings.get("+CMGF") === 1 ? 305 : 304);
    const [storage] = sms.storages;
    const found = sms.list(storage).filter((message) => wanted === ALL || stateOf(message) === wanted);
    if (found.length === 0) return "OK";
    line.info(found.map((message) => describeMessage(message, modem, true)).join("\r\n"));
    for (const { index } of found) sms.markRead(storage, index);
    return "OK";
  },
});

const index = { kind: "int", name: "index", min: 0, max: 255 } as const;

const read = defineCommand({
  name: "+CMGR",
  summary: "Reads a message",
  spec: ts27005("3.4.3"),
  kind: "synchronous",
  needsPin: true,
  parameters: [index],
  test: () => [],
  write(values, modem) {
    const { line, sms } = modem;
    const [storage] = sms.storages;
    const message = sms.get(storage, values.index);
    if (message === undefined) return cmsError(321);
    line.info(describeMessage(message, modem, false));
    sms.markRead(storage, values.index);
    return "OK";
  },
});

const remove = defineCommand({
  name: "+CMGD",
  summary: "Deletes a message, or all of some state",
  spec: ts27005("3.5.4"),
  kind: "synchronous",
  needsPin: true,
  parameters: [index, { kind: "int", name: "which", min: 0, max: 4, optional: true }],
  test({ sms }) {
    const indexes = sms.list(sms.storages[0]).map((message) => message.index);
    return [`+CMGD: (${indexes.join(",")}),(0-4)`];
  },
  write(values, { sms }) {
    const [storage] = sms.storages;
    const { index: one, which = 0 } = values;
    if (which === 0) {
      if (one < 1 || one > SMS_CAPACITY[storage]) return cmsError(321);
      sms.delete(storage, one);
      return "OK";
    }
    // 27.005 3.5.4: 1 to 3 spare what is unread; only 4 takes everything.
    for (const message of sms.list(storage)) if (which === 4 || !message.unread) sms.delete(storage, message.index);
    return "OK";
  },
});

/** What has come. */
export const messageReadingCommands: readonly Command[] = [list, read, remove];
