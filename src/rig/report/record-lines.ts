import type { RigEvent } from "../events.ts";

type ByteEvent = Extract<RigEvent, { readonly type: "host" | "module" }>;

/** A byte takes at most six characters in JSON (`\u0000`). */
const WIDEST = 6;
/** More than what stands around the bytes of an event. */
const AROUND = 4096;

/** How JSON writes each byte below 0x80 that it cannot write as it is (RFC 8259 section 7); empty for the others. */
const ESCAPES: readonly string[] = Array.from({ length: 0x80 }, (_, byte) => {
  const [character, written] = [String.fromCharCode(byte), JSON.stringify(String.fromCharCode(byte)).slice(1, -1)];
  return written === character ? "" : written;
});

/** An event as a line of a record. */
export function recordLine(event: RigEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** Makes the lines of a record, as UTF-8. Payloads are most of a record: their text is made in place. */
export class RecordLines {
  #scratch = Buffer.allocUnsafeSlow(64 * 1024);
  #length = 0;

  /** The lines of these events, in memory of their own. */
  bytes(events: readonly RigEvent[]): Buffer {
    this.#length = 0;
    for (const event of events) {
      if ((event.type === "host" || event.type === "module") && event.bytes.length > 0) this.#addBytes(event);
      else this.#addText(recordLine(event));
    }
    return Buffer.from(this.#scratch.subarray(0, this.#length));
  }

  /** The line of an event without its bytes is that of the event, but for them: `"bytes":""` stands once in it. */
  #addBytes(event: ByteEvent): void {
    const around = recordLine({ ...event, bytes: "" });
    const place = around.indexOf('"bytes":""') + '"bytes":"'.length;
    this.#addText(around.slice(0, place));
    this.#addEscaped(event.bytes);
    this.#addText(around.slice(place));
  }

  #addText(text: string): void {
    this.#reserve(3 * text.length);
    this.#length += this.#scratch.write(text, this.#length, "utf8");
  }

  #addEscaped(bytes: string): void {
    this.#reserve(WIDEST * bytes.length);
    const scratch = this.#scratch;
    let length = this.#length;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes.charCodeAt(at);
      if (byte >= 0x80) {
        scratch[length++] = 0xc0 | (byte >> 6);
        scratch[length++] = 0x80 | (byte & 0x3f);
        continue;
      }
      const written = ESCAPES[byte] ?? "";
      if (written === "") scratch[length++] = byte;
      else for (let next = 0; next < written.length; next++) scratch[length++] = written.charCodeAt(next);
    }
    this.#length = length;
  }

  #reserve(size: number): void {
    const needed = this.#length + size + AROUND;
    if (needed <= this.#scratch.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * needed);
    larger.set(this.#scratch.subarray(0, this.#length));
    this.#scratch = larger;
  }
}
