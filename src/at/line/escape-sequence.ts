/** How many escape characters make the sequence. */
const LENGTH = 3;

const NOTHING = Buffer.alloc(0);

/**
 * Finds the escape sequence in what the host sends in online data mode: three escape characters, with the guard time of
 * silence before the first and after the last of them. The characters are held back until it is clear what they are.
 */
export class EscapeSequence {
  /** Escape characters that are held back. */
  #held = 0;
  #lastByte: number;

  /** `now` is when online data mode begins: a time of silence begins, too. */
  constructor(now: number) {
    this.#lastByte = now;
  }

  /** Whether characters are held back: {@link silence} is to be called after the guard time. */
  get pending(): boolean {
    return this.#held > 0;
  }

  /** Takes bytes that came at `now`. Gives what must be sent before them, and whether they are held back themselves. */
  push(
    chunk: Buffer,
    character: number,
    now: number,
    guard: number,
  ): { readonly before: Buffer; readonly held: boolean } {
    const quiet = now - this.#lastByte >= guard;
    this.#lastByte = now;
    const escapes =
      character < 0x80 && chunk.length <= LENGTH - this.#held && chunk.every((byte) => byte === character);
    if (escapes && (this.#held > 0 || quiet)) {
      this.#held += chunk.length;
      return { before: NOTHING, held: true };
    }
    return { before: this.#release(character), held: false };
  }

  /** To be called when the host has been silent for the guard time: `true`, or what must be sent after all. */
  silence(character: number): true | Buffer {
    if (this.#held < LENGTH) return this.#release(character);
    this.#held = 0;
    return true;
  }

  #release(character: number): Buffer {
    const released = this.#held === 0 ? NOTHING : Buffer.alloc(this.#held, character);
    this.#held = 0;
    return released;
  }
}
