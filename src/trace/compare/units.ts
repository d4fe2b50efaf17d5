/** Most bytes of a unit; longer lines, as in binary payload, are cut. */
const UNIT = 4096;

/** Cuts a stream into what is compared as one: lines. */
export class Units {
  #whole: string[] = [];
  #next = 0;
  #rest = "";
  /** Bytes that were pushed and not taken. */
  #size = 0;

  push(bytes: string): void {
    this.#size += bytes.length;
    let text = this.#rest + bytes;
    for (let end = unitEnd(text); end > 0; end = unitEnd(text)) {
      this.#whole.push(text.slice(0, end));
      text = text.slice(end);
    }
    this.#rest = text;
  }

  /** The first unit that is complete. */
  get first(): string | undefined {
    return this.#whole[this.#next];
  }

  /** What has begun behind the complete ones. */
  get rest(): string {
    return this.#rest;
  }

  get size(): number {
    return this.#size;
  }

  /** Takes the first complete unit. */
  shift(): void {
    this.#size -= this.#whole[this.#next]?.length ?? 0;
    this.#next++;
    if (this.#next < 1024 && this.#next < this.#whole.length) return;
    this.#whole = this.#whole.slice(this.#next);
    this.#next = 0;
  }

  /** Takes everything, and gives it. */
  drain(): readonly string[] {
    const all = [...this.#whole.slice(this.#next), this.#rest].filter((unit) => unit !== "");
    this.#whole = [];
    this.#next = 0;
    this.#rest = "";
    this.#size = 0;
    return all;
  }
}

function unitEnd(text: string): number {
  const end = text.indexOf("\n") + 1;
  if (end > 0 && end <= UNIT) return end;
  return text.length >= UNIT ? UNIT : 0;
}
