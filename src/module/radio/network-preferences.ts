import { KeptValue, keptMap, parseNumbered } from "../settings/kept-value.ts";
import { isRecord, type Nvram } from "../settings/nvram.ts";

/** An operator that the module is to prefer, and with which technologies. */
export interface PreferredOperator {
  /** Codes of country and network, 5 or 6 digits. */
  readonly numeric: string;
  /** GSM, GSM Compact and UTRAN, as AT+CPOL counts them (27.007 7.19). */
  readonly technologies: readonly [number, number, number];
}

/** How many the card holds. */
export const PREFERRED_OPERATORS = 8;

/** By their places, from 1. */
type Places = ReadonlyMap<number, PreferredOperator>;

/** What a card has at first: the test network. */
const HOME_FIRST: Places = new Map([[1, { numeric: "00101", technologies: [0, 0, 1] }]]);

/** Every band that there is. */
const ALL_BANDS = "0xFFFFFFFFFFFFFFFF";

/** Which networks the module is to look for; NVRAM keeps it. The network that is there is used in any case. */
export class NetworkPreferences {
  readonly #operators: KeptValue<Places>;
  readonly #bands: KeptValue<string>;

  constructor(nvram: Nvram) {
    this.#operators = keptMap(nvram, "preferred operators", parsePlaces, HOME_FIRST);
    const bands = nvram.load("bands", (value) => (isBands(value) ? value : undefined)) ?? ALL_BANDS;
    this.#bands = new KeptValue(nvram, "bands", bands);
  }

  /** In the order of their places. */
  get operators(): readonly (readonly [place: number, operator: PreferredOperator])[] {
    return [...this.#operators.value].toSorted(([a], [b]) => a - b);
  }

  /** Writes an operator at a place, or at the first free one; resolves with whether there was a place for it. */
  async prefer(place: number | undefined, operator: PreferredOperator): Promise<boolean> {
    let found = false;
    await this.#operators.update((places) => {
      const free = Array.from({ length: PREFERRED_OPERATORS }, (_, index) => index + 1).find(
        (each) => !places.has(each),
      );
      const at = place ?? free;
      found = at !== undefined;
      return at === undefined ? places : new Map(places).set(at, operator);
    });
    return found;
  }

  forget(place: number): Promise<void> {
    return this.#operators.update((places) => new Map([...places].filter(([each]) => each !== place)));
  }

  /** The bands that may be used, a bit for each, as AT+CNBP writes them. */
  get bands(): string {
    return this.#bands.value;
  }

  setBands(bands: string): Promise<void> {
    return this.#bands.update(() => bands);
  }
}

/** Whether a text is 64 bits in hexadecimal. */
export function isBands(value: unknown): value is string {
  return typeof value === "string" && /^0x[0-9A-F]{1,16}$/i.test(value);
}

function parsePlaces(value: unknown): Places | undefined {
  const range = { min: 1, max: PREFERRED_OPERATORS };
  return parseNumbered(value, range, (operator) => (isOperator(operator) ? operator : undefined));
}

function isOperator(value: unknown): value is PreferredOperator {
  if (!isRecord(value) || !Array.isArray(value.technologies) || value.technologies.length !== 3) return false;
  const areFlags = value.technologies.every((technology) => technology === 0 || technology === 1);
  return typeof value.numeric === "string" && /^\d{5,6}$/.test(value.numeric) && areFlags;
}
