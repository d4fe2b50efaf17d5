/**
 * The faults of one server, by verb in upper case: a command of the protocol, a method of HTTP, or the name that the
 * protocol's faults have for the greeting (`CONNECT`, `GREETING`) or another moment (`END`).
 */
export class ServerFaults<Fault> {
  readonly #faults = new Map<string, readonly Fault[]>();
  readonly #check: (fault: Fault) => void;

  /** `check` throws a `RangeError` on a fault that cannot be carried out. */
  constructor(check: (fault: Fault) => void = () => undefined) {
    this.#check = check;
  }

  /**
   * Sets the faults of a verb until they are cleared, instead of those that it had. A fault with an `argument` happens only
   * to commands whose argument contains it, in any case of letters; the first that applies counts.
   */
  set(verb: string, ...faults: readonly Fault[]): this {
    for (const fault of faults) this.#check(fault);
    this.#faults.set(verb.toUpperCase(), faults);
    return this;
  }

  /** Clears the faults of one verb, or all. */
  clear(verb?: string): void {
    if (verb === undefined) this.#faults.clear();
    else this.#faults.delete(verb.toUpperCase());
  }

  /** The fault of a command; the argument is that of the protocol: a path, an address, the target of a request. */
  at(verb: string, argument = ""): Fault | undefined {
    return this.#faults.get(verb)?.find((fault) => argument.toLowerCase().includes(scopeOf(fault).toLowerCase()));
  }
}

function scopeOf(fault: unknown): string {
  const isScoped = typeof fault === "object" && fault !== null && "argument" in fault;
  return isScoped ? String(fault.argument ?? "") : "";
}
