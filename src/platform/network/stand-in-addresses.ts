/** Names that have an address at a time: more than a host asks for. */
const NAMES = 1024;

/**
 * Addresses for names that lead elsewhere, out of the range that RFC 2544 keeps for tests (198.18.0.0/15): a name has the
 * same one as long as it is remembered.
 */
export class StandInAddresses {
  readonly #names: string[] = [];
  #next = 0;

  /** The address of a name. */
  of(name: string): string {
    const lower = name.toLowerCase();
    let index = this.#names.indexOf(lower);
    if (index < 0) {
      index = this.#next;
      this.#names[index] = lower;
      this.#next = (index + 1) % NAMES;
    }
    return `198.18.${index >> 8}.${(index & 0xff) + 1}`.replace(/\.256$/, ".0");
  }

  /** The name that has been given an address. */
  nameOf(address: string): string | undefined {
    const [, high, low] = /^198\.18\.(\d)\.(\d{1,3})$/.exec(address) ?? [];
    return high === undefined ? undefined : this.#names[Number(high) * 256 + ((Number(low) + 255) & 0xff)];
  }
}
