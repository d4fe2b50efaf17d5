import { jsonKernel } from "../../codec/json/kernel.ts";
import { PLACE } from "../../codec/json/written.ts";
import { type Long, readLong } from "../../platform/long-bytes.ts";
import type { RigEvent } from "../events.ts";

/** Payloads are written in pieces of so many bytes. */
const PIECE = 16 * 1024;

/** An event as a line of a record. */
export function recordLine(event: RigEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** Makes the lines of a record, as UTF-8. Payloads are most of a record: their text is made in place. */
export class RecordLines {
  #scratch = Buffer.allocUnsafeSlow(2 * PLACE * PIECE);
  #length = 0;

  /** Adds the line of an event. */
  add(event: RigEvent): void {
    const long = readLong(event);
    if (long === undefined) this.#addText(recordLine(event));
    else this.#addLong(long);
  }

  /** The lines that were added since the last call; borrowed until the next {@link add}. */
  take(): Buffer {
    const lines = this.#scratch.subarray(0, this.#length);
    this.#length = 0;
    return lines;
  }

  #addLong({ fields, bytes }: Long): void {
    this.#addText(`${JSON.stringify(fields).slice(0, -1)},"bytes":"`);
    for (let at = 0; at < bytes.length; at += PIECE) {
      this.#reserve(PLACE * PIECE);
      this.#length = jsonKernel.escape(bytes.subarray(at, at + PIECE), this.#scratch, this.#length);
    }
    this.#addText('"}\n');
  }

  #addText(text: string): void {
    this.#reserve(3 * text.length);
    this.#length += this.#scratch.write(text, this.#length, "utf8");
  }

  /** Makes room for so many bytes more. */
  #reserve(size: number): void {
    const needed = this.#length + size;
    if (needed <= this.#scratch.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * needed);
    larger.set(this.#scratch.subarray(0, this.#length));
    this.#scratch = larger;
  }
}
