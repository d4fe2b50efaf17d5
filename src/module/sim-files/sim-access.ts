import type { NetworkPreferences } from "../radio/network-preferences.ts";
import type { Sim, SimCard } from "../sim.ts";
import { DIRECTORIES, filesOf, type SimFile } from "./files.ts";

/** What the card answers: two status bytes, and data. */
export interface SimResponse {
  readonly status: number;
  readonly data?: Buffer;
}

/** Status words. @spec 3GPP TS 102.221 10.2.1 */
const STATUS = {
  done: 0x9000,
  /** The low digit is how many tries are left. */
  triesLeft: 0x63c0,
  wrongLength: 0x6700,
  wrongStructure: 0x6981,
  notAllowed: 0x6982,
  noFile: 0x6a82,
  noRecord: 0x6a83,
  wrongPlace: 0x6b00,
  noInstruction: 0x6d00,
  noClass: 0x6e00,
} as const;

/** The instructions of a card, by the numbers that AT+CRSM has for them, too (27.007 8.18). */
export const INSTRUCTIONS = {
  verify: 0x20,
  unblock: 0x2c,
  select: 0xa4,
  readBinary: 0xb0,
  readRecord: 0xb2,
  getResponse: 0xc0,
  updateBinary: 0xd6,
  updateRecord: 0xdc,
  status: 0xf2,
} as const;

/** What every instruction carries. */
interface Parameters {
  readonly p1: number;
  readonly p2: number;
  /** The length of what is asked for, or of the data. */
  readonly p3: number;
}

/** Tries of PIN2 and of its PUK; nothing asks for them. */
const SECOND_PIN = { pin: 3, puk: 10 } as const;

const fail = (status: number): SimResponse => ({ status });

/** The files of the card in the slot, as AT+CRSM and AT+CSIM reach them. They can be read only. */
export class SimAccess {
  readonly #sim: Sim;
  readonly #preferences: NetworkPreferences;
  /** The file or directory that AT+CSIM has selected. */
  #selected: number = DIRECTORIES.master;

  constructor(sim: Sim, preferences: NetworkPreferences) {
    this.#sim = sim;
    this.#preferences = preferences;
    // Another card, and the same one after a start, begin at the master file.
    sim.changed.follow((state) => {
      if (state === "busy" || state === "absent") this.powerOn();
    });
  }

  powerOn(): void {
    this.#selected = DIRECTORIES.master;
  }

  /** One instruction on one file. @spec 27.007 8.18 */
  access(instruction: number, id: number, parameters: Parameters): SimResponse {
    const { card } = this.#sim;
    if (card === undefined) return fail(STATUS.noFile);
    if (instruction === INSTRUCTIONS.status) return { status: STATUS.done, data: directoryHeader(id, card) };
    const file = this.#find(id, card);
    if (file === undefined) return fail(STATUS.noFile);
    if (instruction === INSTRUCTIONS.getResponse) return { status: STATUS.done, data: fileHeader(file) };
    const isAllowed = file.isOpen || this.#sim.state === "ready";
    switch (instruction) {
      case INSTRUCTIONS.readBinary:
        return isAllowed ? readBinary(file, parameters) : fail(STATUS.notAllowed);
      case INSTRUCTIONS.readRecord:
        return isAllowed ? readRecord(file, parameters) : fail(STATUS.notAllowed);
      case INSTRUCTIONS.updateBinary:
      case INSTRUCTIONS.updateRecord:
        return fail(STATUS.notAllowed);
      default:
        return fail(STATUS.noInstruction);
    }
  }

  /** A command as it goes to the card; it has four bytes at least. @spec 27.007 8.17, 3GPP TS 51.011 9 */
  transmit(command: Buffer): SimResponse {
    const [cla = 0, instruction = 0, p1 = 0, p2 = 0, p3 = 0] = command;
    const { card } = this.#sim;
    if (card === undefined) return fail(STATUS.noFile);
    const isOld = cla === 0xa0;
    if (!isOld && (cla & 0xf0) !== 0 && (cla & 0xf0) !== 0x80) return fail(STATUS.noClass);
    const isEmpty = command.length <= 5;
    switch (instruction) {
      case INSTRUCTIONS.select:
        return this.#select(command.subarray(5, 5 + p3), card, isOld);
      case INSTRUCTIONS.verify:
        return isEmpty ? triesLeft(isSecond(p2) ? SECOND_PIN.pin : card.pinTries) : fail(STATUS.noInstruction);
      case INSTRUCTIONS.unblock:
        return isEmpty ? triesLeft(isSecond(p2) ? SECOND_PIN.puk : card.pukTries) : fail(STATUS.noInstruction);
      case INSTRUCTIONS.getResponse:
        return { status: STATUS.done, data: this.#header(card).subarray(0, p3 || undefined) };
      default:
        return this.access(instruction, this.#selected, { p1, p2, p3 });
    }
  }

  /** Selects by the last identifier of a path; an application is selected by its name. */
  #select(path: Buffer, card: SimCard, isOld: boolean): SimResponse {
    if (path.length < 2) return fail(STATUS.wrongLength);
    const isApplication = path.length > 4 && path[0] === 0xa0;
    const id = isApplication ? DIRECTORIES.usim : path.readUInt16BE(path.length - 2);
    if (!isDirectory(id) && this.#find(id, card) === undefined) return fail(STATUS.noFile);
    this.#selected = id;
    // 9F or 61 and how many bytes GET RESPONSE has to fetch.
    return { status: (isOld ? 0x9f00 : 0x6100) + this.#header(card).length };
  }

  #header(card: SimCard): Buffer {
    const file = this.#find(this.#selected, card);
    return file === undefined ? directoryHeader(this.#selected, card) : fileHeader(file);
  }

  #find(id: number, card: SimCard): SimFile | undefined {
    return filesOf(card, this.#preferences.operators).find((file) => file.id === id);
  }
}

function isDirectory(id: number): boolean {
  return Object.values<number>(DIRECTORIES).includes(id);
}

/** 3GPP TS 102.221 9.5.1: the high bit tells the local references from the global ones. */
function isSecond(reference: number): boolean {
  return (reference & 0x80) !== 0 || reference === 2;
}

function triesLeft(tries: number): SimResponse {
  return { status: STATUS.triesLeft + tries };
}

function readBinary({ structure, records }: SimFile, { p1, p2, p3 }: Parameters): SimResponse {
  if (structure !== "transparent") return fail(STATUS.wrongStructure);
  const [content = Buffer.alloc(0)] = records;
  const offset = p1 * 256 + p2;
  if (offset >= content.length) return fail(STATUS.wrongPlace);
  if (offset + p3 > content.length) return fail(STATUS.wrongLength);
  return { status: STATUS.done, data: content.subarray(offset, p3 === 0 ? undefined : offset + p3) };
}

/** In mode 4 the first parameter is the number of the record. */
function readRecord({ structure, records }: SimFile, { p1, p2, p3 }: Parameters): SimResponse {
  if (structure === "transparent") return fail(STATUS.wrongStructure);
  if (p2 !== 4) return fail(STATUS.wrongPlace);
  const record = records[p1 - 1];
  if (record === undefined) return fail(STATUS.noRecord);
  return p3 === 0 || p3 === record.length ? { status: STATUS.done, data: record } : fail(STATUS.wrongLength);
}

/** @spec 3GPP TS 51.011 9.2.1, the response for an elementary file */
function fileHeader({ id, structure, isOpen, records }: SimFile): Buffer {
  const length = records[0]?.length ?? 0;
  const header = Buffer.alloc(structure === "transparent" ? 14 : 15);
  header.writeUInt16BE(length * records.length, 2);
  header.writeUInt16BE(id, 4);
  header[6] = 0x04;
  // Reading needs nothing or the PIN; writing is the issuer's.
  header[8] = isOpen ? 0x0f : 0x1f;
  header[9] = 0xff;
  header[11] = 0x01;
  header[12] = header.length - 13;
  if (structure !== "transparent") {
    header[13] = 0x01;
    header[14] = length;
  }
  return header;
}

/** @spec 3GPP TS 51.011 9.2.1, the response for a directory */
function directoryHeader(id: number, { pinTries, pukTries, locked }: SimCard): Buffer {
  const header = Buffer.alloc(22);
  header.writeUInt16BE(isDirectory(id) ? id : DIRECTORIES.master, 4);
  header[6] = id === DIRECTORIES.master ? 0x01 : 0x02;
  header[12] = 9;
  // The high bit says that the PIN is not asked for.
  header[13] = locked ? 0x13 : 0x93;
  header[16] = 4;
  header[18] = 0x80 + pinTries;
  header[19] = 0x80 + pukTries;
  header[20] = 0x80 + SECOND_PIN.pin;
  header[21] = 0x80 + SECOND_PIN.puk;
  return header;
}
