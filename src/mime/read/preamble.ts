/** Holds what comes before the first boundary line of a multipart until it is known whether there is one. */
export class Preamble {
  #buffer: Buffer = Buffer.alloc(0);
  #length = 0;

  push(bytes: Buffer): void {
    const length = this.#length + bytes.length;
    if (length > this.#buffer.length) {
      const grown = Buffer.alloc(2 * length);
      this.bytes.copy(grown);
      this.#buffer = grown;
    }
    bytes.copy(this.#buffer, this.#length);
    this.#length = length;
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Whether nothing but blanks and line ends has come. */
  get isBlank(): boolean {
    return /^[ \t\r\n]*$/.test(this.bytes.toString("latin1"));
  }
}
