/**
 * The bytes of a volume: a running total of what is in files, corrected by each measurement, and what is in drafts.
 * Taking happens without an await between the look and the taking, so that two writers never take the same bytes.
 */
export class VolumeAccount {
  readonly total: number;
  #stored = 0;
  #entries = 0;
  #drafted = 0;

  constructor(total: number) {
    this.total = total;
  }

  /** Files and directories. */
  get entries(): number {
    return this.#entries;
  }

  /** Never more than the total, although the user may have put more into the directory. */
  get used(): number {
    return Math.min(this.#stored + this.#drafted, this.total);
  }

  fits(bytes: number): boolean {
    return this.#stored + this.#drafted + bytes <= this.total;
  }

  /** Takes bytes for a draft; returns whether there was room. */
  take(bytes: number): boolean {
    if (!this.fits(bytes)) return false;
    this.#drafted += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#drafted -= bytes;
  }

  /** Takes all the room that is left, until the function that it gives is called. */
  fill(): () => void {
    let bytes = this.total - this.used;
    this.#drafted += bytes;
    return () => {
      this.#drafted -= bytes;
      bytes = 0;
    };
  }

  /** A draft of so many bytes has become a file, in place of one of `replaced` bytes or of none. */
  published(bytes: number, replaced: number | undefined): void {
    this.#drafted -= bytes;
    this.added(bytes - (replaced ?? 0), replaced === undefined ? 1 : 0);
  }

  added(bytes: number, entries: number): void {
    // What was removed may never have been counted: another program put it there after the last measurement.
    this.#stored = Math.max(0, this.#stored + bytes);
    this.#entries = Math.max(0, this.#entries + entries);
  }

  measured(bytes: number, entries: number): void {
    this.#stored = bytes;
    this.#entries = entries;
  }
}
