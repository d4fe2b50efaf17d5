import type { CallChange } from "../calls/call.ts";
import type { Listeners } from "../listeners.ts";
import { type KeptValue, keptMap } from "../settings/kept-value.ts";
import { isRecord, type Nvram } from "../settings/nvram.ts";
import type { Sim } from "../sim.ts";

/** The storages of AT+CPBS, how many entries each holds, and whether a host may write them (module.md 8). */
export const PHONE_BOOKS = {
  SM: { size: 200, writable: true },
  DC: { size: 10, writable: false },
  FD: { size: 10, writable: true },
  LD: { size: 10, writable: false },
  MC: { size: 10, writable: false },
  ME: { size: 100, writable: true },
  RC: { size: 10, writable: false },
  EN: { size: 50, writable: false },
  ON: { size: 4, writable: true },
  SN: { size: 10, writable: false },
} as const satisfies Record<string, { readonly size: number; readonly writable: boolean }>;
export type PhoneBookStorage = keyof typeof PHONE_BOOKS;
export const PHONE_BOOK_STORAGES = Object.keys(PHONE_BOOKS) as readonly PhoneBookStorage[];

export interface PhoneBookEntry {
  readonly number: string;
  /** 129 for a number of the network, 145 for one in international form, or as the host has chosen. */
  readonly type: number;
  readonly name: string;
}

/** An entry with its place, from 1. */
export interface PlacedEntry extends PhoneBookEntry {
  readonly index: number;
}

/** Entries by storage and place: `SM1`. A place that is `null` was emptied by the host. */
type Entries = ReadonlyMap<string, PhoneBookEntry | null>;

/** The storages that tell whose a number is. */
const NAMED = ["SM", "ME", "FD"] as const satisfies readonly PhoneBookStorage[];

/** Numbers that every module knows (3GPP TS 22.101 10.1). */
const EMERGENCY = ["112", "911"];

/** The phone book. NVRAM keeps what the host writes; the lists of calls follow the calls since the module was made. */
export class PhoneBook {
  readonly #entries: KeptValue<Entries>;
  readonly #sim: Sim;
  readonly #calls = { DC: [], LD: [], MC: [], RC: [] } as Record<"DC" | "LD" | "MC" | "RC", PhoneBookEntry[]>;
  /** The storage that the commands work on. */
  storage: PhoneBookStorage = "SM";

  constructor(nvram: Nvram, sim: Sim, calls: Listeners<CallChange>) {
    this.#sim = sim;
    this.#entries = keptMap(nvram, "phone book", parseEntries);
    calls.add((change) => this.#note(change));
  }

  powerOn(): void {
    this.storage = "SM";
  }

  /** In the order of their places. */
  list(storage: PhoneBookStorage): readonly PlacedEntry[] {
    return Array.from({ length: PHONE_BOOKS[storage].size }, (_, index) => this.get(storage, index + 1)).filter(
      (entry) => entry !== undefined,
    );
  }

  get(storage: PhoneBookStorage, index: number): PlacedEntry | undefined {
    const kept = this.#entries.value.get(`${storage}${index}`);
    const entry = kept === undefined ? this.#given(storage)[index - 1] : kept;
    return entry ? { ...entry, index } : undefined;
  }

  /** The first entry of that name, in whichever storage and case of letters. */
  findName(name: string): PlacedEntry | undefined {
    const wanted = name.toLowerCase();
    return PHONE_BOOK_STORAGES.flatMap((storage) => this.list(storage)).find(
      (entry) => entry.name !== "" && entry.name.toLowerCase() === wanted,
    );
  }

  /** The first named entry of that number, among those that the host has written for others. */
  findNumber(number: string): PlacedEntry | undefined {
    return NAMED.flatMap((storage) => this.list(storage)).find(
      (entry) => entry.name !== "" && dialled(entry) === number,
    );
  }

  /** The numbers of the module itself. */
  get ownNumbers(): readonly string[] {
    return this.list("ON").map(({ number }) => number);
  }

  /** Writes an entry at a place, or at the first free one; resolves with the place, or `undefined` where there is none. */
  async write(
    storage: PhoneBookStorage,
    index: number | undefined,
    entry: PhoneBookEntry,
  ): Promise<number | undefined> {
    let place = index;
    await this.#entries.update((entries) => {
      const places = Array.from({ length: PHONE_BOOKS[storage].size }, (_, before) => before + 1);
      place ??= places.find((each) => this.get(storage, each) === undefined);
      return place === undefined ? entries : new Map(entries).set(`${storage}${place}`, entry);
    });
    return place;
  }

  /** Empties a place. */
  delete(storage: PhoneBookStorage, index: number): Promise<void> {
    return this.#entries.update((entries) => {
      const left = new Map(entries);
      const place = `${storage}${index}`;
      // What the module would put there must not come back.
      if (this.#given(storage)[index - 1] === undefined) left.delete(place);
      else left.set(place, null);
      return left;
    });
  }

  /** What a storage holds without the host. */
  #given(storage: PhoneBookStorage): readonly PhoneBookEntry[] {
    switch (storage) {
      case "DC":
      case "LD":
      case "MC":
      case "RC":
        return this.#calls[storage];
      case "EN":
        return EMERGENCY.map((number) => entryOf(number));
      case "ON": {
        const { card } = this.#sim;
        return card === undefined ? [] : [entryOf(card.number)];
      }
      default:
        return [];
    }
  }

  /** The newest call is the first of its list. */
  #note({ call: { direction, number, name = "", state, answered }, before }: CallChange): void {
    if (number === "") return;
    const entry = { ...entryOf(number), name };
    const add = (list: "DC" | "LD" | "MC" | "RC") => {
      this.#calls[list] = [entry, ...this.#calls[list]].slice(0, PHONE_BOOKS[list].size);
    };
    if (direction === "outgoing" && before === undefined) {
      add("DC");
      add("LD");
    } else if (direction === "incoming" && state === "active" && (before === "incoming" || before === "waiting")) {
      add("RC");
    } else if (direction === "incoming" && state === "ended" && answered === undefined) {
      add("MC");
    }
  }
}

/** The number of an entry as a network writes it. */
function dialled({ number, type }: PhoneBookEntry): string {
  return type === 145 && !number.startsWith("+") ? `+${number}` : number;
}

function entryOf(number: string): PhoneBookEntry {
  return { number, type: number.startsWith("+") ? 145 : 129, name: "" };
}

function parseEntries(value: unknown): Entries | undefined {
  if (!isRecord(value)) return undefined;
  const entries = new Map<string, PhoneBookEntry | null>();
  for (const [place, entry] of Object.entries(value)) {
    const storage = PHONE_BOOK_STORAGES.find((name) => place.startsWith(name));
    const index = Number(place.slice(2));
    const isPlace =
      storage !== undefined && Number.isInteger(index) && index >= 1 && index <= PHONE_BOOKS[storage].size;
    if (!isPlace || !(entry === null || isEntry(entry))) return undefined;
    entries.set(place, entry);
  }
  return entries;
}

function isEntry(value: unknown): value is PhoneBookEntry {
  if (!isRecord(value)) return false;
  const { number, type, name } = value;
  return typeof number === "string" && typeof type === "number" && typeof name === "string";
}
