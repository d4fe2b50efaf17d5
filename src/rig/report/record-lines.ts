import { jsonKernel } from "../../codec/json/kernel.ts";
import { PLACE } from "../../codec/json/written.ts";
import { type Long, readLong } from "../../platform/long-bytes.ts";
import type { RigEvent } from "../events.ts";

/** Payloads are written in pieces of so many bytes. */
const PIECE = 8 * 1024;
/** How many bytes a byte of a payload takes at most: `\u0000`. */
const ESCAPED = 6;

/** Takes text, also such as is made in its memory, as UTF-8. */
export interface TextMemory {
  /** Gives whether the text is taken. */
  write(text: string): boolean;
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
  return long === undefined ? memory.write(recordLine(event)) : writeLong(long, memory);
}

function writeLong({ fields, bytes }: Long, memory: TextMemory): boolean {
  const begin = `${JSON.stringify(fields).slice(0, -1)},"bytes":"`;
  const end = '"}\n';
  if (!memory.takes(Buffer.byteLength(begin) + ESCAPED * bytes.length + end.length)) return false;
  memory.write(begin);
  for (let at = 0; at < bytes.length; at += PIECE) {
    const target = memory.reserve(PLACE * PIECE);
    memory.commit(jsonKernel.escape(bytes.subarray(at, at + PIECE), target, 0));
  }
  return memory.write(end);
}
