import { longBytes, withoutBytes } from "../../platform/long-bytes.ts";
import type { RigEvent } from "../events.ts";

type ByteEvent = Extract<RigEvent, { readonly type: "host" | "module" }>;

/** Payloads are written in pieces of so many bytes. */
const PIECE = 16 * 1024;
/** A byte takes at most six bytes in a record (`\u0000`), and each is written with the rest of its eight. */
const WIDEST = 8;

/** The bytes of an event as they stand in a record, each in JSON and UTF-8: eight bytes for each, and how many of them count. */
const WRITTEN = Buffer.alloc(256 * WIDEST);
const WIDTHS = Uint8Array.from({ length: 256 }, (_, byte) =>
  WRITTEN.write(JSON.stringify(String.fromCharCode(byte)).slice(1, -1), byte * WIDEST),
);
const FIRST_HALVES = Uint32Array.from({ length: 256 }, (_, byte) => WRITTEN.readUInt32LE(byte * WIDEST));
const SECOND_HALVES = Uint32Array.from({ length: 256 }, (_, byte) => WRITTEN.readUInt32LE(byte * WIDEST + 4));

/** An event as a line of a record. */
export function recordLine(event: RigEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** Makes the lines of a record, as UTF-8. Payloads are most of a record: their text is made in place. */
export class RecordLines {
  #scratch = Buffer.allocUnsafeSlow(2 * WIDEST * PIECE);
  #view = viewOf(this.#scratch);
  #length = 0;

  /** The lines of these events; borrowed until the next call. */
  bytes(events: readonly RigEvent[]): Buffer {
    this.#length = 0;
    for (const event of events) {
      if (event.type === "host" || event.type === "module") this.#addBytes(event);
      else this.#addText(recordLine(event));
    }
    return this.#scratch.subarray(0, this.#length);
  }

  /** `"bytes":""` stands once in the line of an event without its bytes: within a text its quotes would be escaped. */
  #addBytes(event: ByteEvent): void {
    const around = recordLine(withoutBytes(event));
    const place = around.indexOf('"bytes":""') + '"bytes":"'.length;
    this.#addText(around.slice(0, place));
    const bytes = longBytes(event) ?? Buffer.from(event.bytes, "latin1");
    for (let at = 0; at < bytes.length; at += PIECE) this.#addPiece(bytes.subarray(at, at + PIECE));
    this.#addText(around.slice(place));
  }

  #addText(text: string): void {
    this.#reserve(3 * text.length);
    this.#length += this.#scratch.write(text, this.#length, "utf8");
  }

  /** Without a branch for each byte, which on binary data takes twenty times as long. */
  #addPiece(piece: Uint8Array): void {
    this.#reserve(WIDEST * piece.length);
    const view = this.#view;
    let length = this.#length;
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at] ?? 0;
      view.setUint32(length, FIRST_HALVES[byte] ?? 0, true);
      view.setUint32(length + 4, SECOND_HALVES[byte] ?? 0, true);
      length += WIDTHS[byte] ?? 0;
    }
    this.#length = length;
  }

  /** Makes room for so many bytes more. */
  #reserve(size: number): void {
    const needed = this.#length + size;
    if (needed <= this.#scratch.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * needed);
    larger.set(this.#scratch.subarray(0, this.#length));
    this.#scratch = larger;
    this.#view = viewOf(larger);
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
