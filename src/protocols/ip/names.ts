import { IP_LIMITS } from "./limits.ts";

/**
 * The names that the host has resolved, by address: a connection to the address is made to the name, so that faults and the
 * journal know it as they know the connections of the module's own sockets.
 */
export class Names {
  readonly #byAddress = new Map<string, string>();

  remember(address: string, name: string): void {
    this.#byAddress.delete(address);
    this.#byAddress.set(address, name);
    if (this.#byAddress.size <= IP_LIMITS.names) return;
    for (const oldest of this.#byAddress.keys()) {
      this.#byAddress.delete(oldest);
      return;
    }
  }

  /** The name that the host has last resolved to the address, or the address. */
  of(address: string): string {
    return this.#byAddress.get(address) ?? address;
  }
}
