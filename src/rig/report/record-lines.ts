import { jsonKernel } from "../../codec/json/kernel.ts";
import { PLACE } from "../../codec/json/written.ts";
import { type Long, readLong } from "../../platform/long-bytes.ts";
import type { RigEvent } from "../events.ts";

/** Payloads are written in pieces of so many bytes. */
const PIECE = 8 * 1024;
/** What a UTF-16 code unit and a byte of a payload take at most. */
const [UNIT, ESCAPED] = [3, 6];

/** Takes text that is made in its memory, as UTF-8. */
export interface TextMemory {
  /** Whether so many bytes will be taken. */
  takes(length: number): boolean;
  /** Memory for so many bytes or more. */
  reserve(length: number): Buffer;
  /** Takes so many bytes, which stand in the memory that was reserved last. */
  commit(length: number): void;
}

/** An event as a line of a record. */
export function recordLine(event: RigEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** Writes an event as a line of a record; gives whether it is taken. Payloads are most of a record: their text is made in place. */
export function writeRecordLine(event: RigEvent, memory: TextMemory): boolean {
  const long = readLong(event);
  return long === undefined ? writeText(recordLine(event), memory) : writeLong(long, memory);
}

function writeText(text: string, memory: TextMemory): boolean {
  const longest = UNIT * text.length;
  if (!memory.takes(longest)) return false;
  memory.commit(memory.reserve(longest).write(text, "utf8"));
  return true;
}

function writeLong({ fields, bytes }: Long, memory: TextMemory): boolean {
  const begin = `${JSON.stringify(fields).slice(0, -1)},"bytes":"`;
  const end = '"}\n';
  if (!memory.takes(UNIT * begin.length + ESCAPED * bytes.length + end.length)) return false;
  writeText(begin, memory);
  for (let at = 0; at < bytes.length; at += PIECE) {
    const target = memory.reserve(PLACE * PIECE);
    memory.commit(jsonKernel.escape(bytes.subarray(at, at + PIECE), target, 0));
  }
  return writeText(end, memory);
}
