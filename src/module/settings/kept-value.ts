import { InTurn } from "../../platform/in-turn.ts";
import { isRecord, type Nvram } from "./nvram.ts";

/** A value that is one section of NVRAM. A change is stored first and holds then; one that cannot be stored never holds. */
export class KeptValue<T> {
  readonly #nvram: Nvram;
  readonly #section: string;
  readonly #encode: (value: T) => unknown;
  #value: T;
  /** Each change builds on the one before. */
  #turns: InTurn | undefined;

  /** Begins with `value`; `encode` makes JSON of it, where it is not JSON itself. */
  constructor(nvram: Nvram, section: string, value: T, encode: (value: T) => unknown = asItIs) {
    this.#nvram = nvram;
    this.#section = section;
    this.#value = value;
    this.#encode = encode;
  }

  get value(): T {
    return this.#value;
  }

  /**
   * Stores what `change` makes of the value, and then lets it hold; `applied` is called in the same moment. In memory all
   * that happens before this returns. Rejects with an `NvramError` where the disk refuses it; the old value stays then.
   */
  update(change: (value: T) => T, applied: () => void = () => undefined): Promise<void> {
    if (!this.#nvram.persistent) {
      this.#value = change(this.#value);
      const stored = this.#nvram.store(this.#section, this.#encode(this.#value));
      applied();
      return stored;
    }
    this.#turns ??= new InTurn();
    return this.#turns.run(async () => {
      const next = change(this.#value);
      await this.#nvram.store(this.#section, this.#encode(next));
      this.#value = next;
      applied();
    });
  }
}

function asItIs(value: unknown): unknown {
  return value;
}

/** What a map is that nothing was put in. It is shared: a thousand modems have many. */
const NOTHING: ReadonlyMap<never, never> = new Map<never, never>();

/** A {@link KeptValue} that is a map, which NVRAM keeps as an object; `initial` where it has none. */
export function keptMap<K extends string | number, V>(
  nvram: Nvram,
  section: string,
  parse: (value: unknown) => ReadonlyMap<K, V> | undefined,
  initial: ReadonlyMap<K, V> = NOTHING,
): KeptValue<ReadonlyMap<K, V>> {
  return new KeptValue(nvram, section, nvram.load(section, parse) ?? initial, encodeMap);
}

function encodeMap(map: ReadonlyMap<string | number, unknown>): unknown {
  return Object.fromEntries(map);
}

/** Reads a map whose keys are numbers of a range; `undefined` where a key or a value is not right. */
export function parseNumbered<V>(
  value: unknown,
  { min, max }: { readonly min: number; readonly max: number },
  parse: (value: unknown) => V | undefined,
): ReadonlyMap<number, V> | undefined {
  if (!isRecord(value)) return undefined;
  const entries = new Map<number, V>();
  for (const [key, stored] of Object.entries(value)) {
    const number = Number(key);
    const parsed = parse(stored);
    if (!Number.isInteger(number) || number < min || number > max || parsed === undefined) return undefined;
    entries.set(number, parsed);
  }
  return entries;
}
