import { abortable } from "../abortable.ts";

/**
 * How many names are looked up at a time. Each takes a thread, for seconds where the name server is slow, of the four that
 * also read and write files.
 */
const AT_A_TIME = 3;

type LookUp = (name: string) => Promise<readonly string[]>;

interface Lookup {
  readonly addresses: Promise<readonly string[]>;
  /** How many callers still wait for it. */
  callers: number;
}

/** Looks up the addresses of names, so that files are read and written meanwhile. */
export class NameLookups {
  readonly #lookUp: LookUp;
  readonly #going = new Map<string, Lookup>();
  /** Those that wait for a thread. */
  readonly #waiting: (() => void)[] = [];
  #threads = 0;

  constructor(lookUp: LookUp) {
    this.#lookUp = lookUp;
  }

  /** The addresses of a name; callers that ask for one at the same time share the answer. Rejects when the signal aborts. */
  async addressesOf(name: string, signal: AbortSignal): Promise<readonly string[]> {
    signal.throwIfAborted();
    const lookup = this.#going.get(name) ?? this.#begin(name);
    lookup.callers++;
    try {
      return await abortable(lookup.addresses, signal);
    } finally {
      lookup.callers--;
    }
  }

  #begin(name: string): Lookup {
    const lookup: Lookup = {
      addresses: this.#thread()
        .then(() => (lookup.callers === 0 ? [] : this.#lookUp(name)))
        .finally(() => {
          this.#going.delete(name);
          this.#release();
        }),
      callers: 0,
    };
    this.#going.set(name, lookup);
    return lookup;
  }

  /** Resolves when there is a thread, which is to be released. */
  async #thread(): Promise<void> {
    if (this.#threads === AT_A_TIME) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#threads++;
  }

  /** Passes the thread on to the next one that waits for it. */
  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#threads--;
    else next();
  }
}
