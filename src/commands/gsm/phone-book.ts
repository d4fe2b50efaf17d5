import { cmeError } from "../../at/cme-error.ts";
import type { Result } from "../../at/result-code.ts";
import { quoted } from "../../codec/quoted-string.ts";
import {
  PHONE_BOOK_STORAGES,
  PHONE_BOOKS,
  type PhoneBookStorage,
  type PlacedEntry,
} from "../../module/phone-book/phone-book.ts";
import type { Settings } from "../../module/settings/settings.ts";
import { printText, readText } from "../../module/sms/charset.ts";
import { charsetOf, typeOfNumber } from "../../module/sms/message-text.ts";
import { type Command, defineCommand, type ModemContext } from "../modem-context.ts";
import { whenStored } from "../stored.ts";

const ts27007 = (section: string) => ({ document: "27.007", section }) as const;

/** Most characters of a number and of a name (module.md 8). */
const LONGEST = { number: 40, name: 18 } as const;

/** 27.007 9.2. */
const NOT_ALLOWED = cmeError(3);
const MEMORY_FULL = cmeError(20);
const INVALID_INDEX = cmeError(21);
const LONG_NAME = cmeError(24);
const BAD_NAME = cmeError(25);
const LONG_NUMBER = cmeError(26);
const BAD_NUMBER = cmeError(27);

const storage = defineCommand({
  name: "+CPBS",
  summary: "Storage of the phone book",
  spec: ts27007("8.11"),
  kind: "synchronous",
  needsPin: true,
  parameters: [{ kind: "word", name: "storage", values: PHONE_BOOK_STORAGES }],
  test: () => [`+CPBS: (${PHONE_BOOK_STORAGES.map((name) => `"${name}"`).join(",")})`],
  read({ line, phoneBook }) {
    const { storage: chosen } = phoneBook;
    line.info(`+CPBS: "${chosen}",${phoneBook.list(chosen).length},${PHONE_BOOKS[chosen].size}`);
    return "OK";
  },
  write(values, { phoneBook }) {
    phoneBook.storage = values.storage as PhoneBookStorage;
    return "OK";
  },
  execute({ phoneBook }) {
    phoneBook.storage = "SM";
    return "OK";
  },
});

function describeEntry(command: string, { index, number, type, name }: PlacedEntry, settings: Settings): string {
  return `${command}: ${index},${quoted(number)},${type},${quoted(printText(name, charsetOf(settings)))}`;
}

function print({ line, settings }: ModemContext, command: string, entries: readonly PlacedEntry[]): Result {
  if (entries.length > 0) line.info(entries.map((entry) => describeEntry(command, entry, settings)).join("\r\n"));
  return "OK";
}

/** Places past the end of a storage are its invalid indexes. */
const place = { kind: "int", min: 0, max: 9999 } as const;

const read = defineCommand({
  name: "+CPBR",
  summary: "Reads entries of the phone book",
  spec: ts27007("8.12"),
  kind: "synchronous",
  needsPin: true,
  parameters: [
    { ...place, name: "first" },
    { ...place, name: "last", optional: true },
  ],
  test: ({ phoneBook }) => [`+CPBR: (1-${PHONE_BOOKS[phoneBook.storage].size}),${LONGEST.number},${LONGEST.name}`],
  write({ first, last = first }, modem) {
    const { storage: chosen } = modem.phoneBook;
    if (first < 1 || last < first || last > PHONE_BOOKS[chosen].size) return INVALID_INDEX;
    const entries = modem.phoneBook.list(chosen).filter(({ index }) => index >= first && index <= last);
    return print(modem, "+CPBR", entries);
  },
});

const find = defineCommand({
  name: "+CPBF",
  summary: "Finds entries of the phone book by a part of their name",
  spec: ts27007("8.13"),
  kind: "synchronous",
  needsPin: true,
  parameters: [{ kind: "string", name: "text", maxLength: 4 * LONGEST.name, bare: true }],
  test: () => [`+CPBF: ${LONGEST.number},${LONGEST.name}`],
  write({ text }, modem) {
    const wanted = readText(text, charsetOf(modem.settings))?.toLowerCase();
    if (wanted === undefined) return BAD_NAME;
    const { storage: chosen } = modem.phoneBook;
    const entries = modem.phoneBook.list(chosen).filter(({ name }) => name.toLowerCase().includes(wanted));
    return print(modem, "+CPBF", entries);
  },
});

const write = defineCommand({
  name: "+CPBW",
  summary: "Writes or removes an entry of the phone book",
  spec: ts27007("8.14"),
  kind: "synchronous",
  needsPin: true,
  parameters: [
    { ...place, name: "index", optional: true },
    { kind: "string", name: "number", maxLength: 256, optional: true },
    { kind: "int", name: "type", min: 128, max: 255, optional: true },
    { kind: "string", name: "name", maxLength: 256, optional: true },
  ],
  test: ({ phoneBook }) => [
    `+CPBW: (1-${PHONE_BOOKS[phoneBook.storage].size}),${LONGEST.number},(128,129,145,161,177),${LONGEST.name}`,
  ],
  write({ index, number, type, name = "" }, { phoneBook, settings }) {
    const { storage: chosen } = phoneBook;
    const { size, writable } = PHONE_BOOKS[chosen];
    if (!writable) return NOT_ALLOWED;
    if (index !== undefined && (index < 1 || index > size)) return INVALID_INDEX;
    if (number === undefined) return index === undefined ? "ERROR" : whenStored(phoneBook.delete(chosen, index));
    if (number.length > LONGEST.number) return LONG_NUMBER;
    if (!/^\+?[0-9*#ABCpw,]+$/i.test(number)) return BAD_NUMBER;
    const text = readText(name, charsetOf(settings));
    if (text === undefined) return BAD_NAME;
    if ([...text].length > LONGEST.name) return LONG_NAME;
    const entry = { number, type: type ?? typeOfNumber(number), name: text };
    return whenStored(phoneBook.write(chosen, index, entry), (written) => (written === undefined ? MEMORY_FULL : "OK"));
  },
});

const ownNumbers = defineCommand({
  name: "+CNUM",
  summary: "Own numbers",
  spec: ts27007("7.1"),
  kind: "synchronous",
  needsPin: true,
  parameters: [],
  execute({ line, phoneBook, settings }) {
    const lines = phoneBook.list("ON").map(({ number, type, name }) => {
      const shown = name === "" ? "" : quoted(printText(name, charsetOf(settings)));
      return `+CNUM: ${shown},${quoted(number)},${type}`;
    });
    if (lines.length > 0) line.info(lines.join("\r\n"));
    return "OK";
  },
});

/** The phone book. */
export const phoneBookCommands: readonly Command[] = [storage, read, find, write, ownNumbers];
