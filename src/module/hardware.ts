import { Listeners } from "./listeners.ts";
import { type KeptValue, keptMap, parseNumbered } from "./settings/kept-value.ts";
import { isRecord, type Nvram } from "./settings/nvram.ts";
import type { ValueRule } from "./state/schema.ts";

/** The functions of pins that AT+CGFUNC switches: 1 is the LED, 11 the circuits of flow control (module.md 10, field.md 7). */
export const PIN_FUNCTIONS = [1, 2, 3, 4, 7, 9, 10, 11, 12, 13, 14, 17, 18, 19];
export const FLOW_CONTROL_PINS = 11;

/** The numbers of the pins that have no function of their own. */
export const PINS = { min: 0, max: 63 } as const;

export type Level = 0 | 1;

/** What the board around the module supplies and measures. The user of the emulator sets it. */
export interface Board {
  /** Of the battery, in percent and in millivolts. */
  readonly charge: number;
  readonly voltage: number;
  /** Of the module, in degrees Celsius. */
  readonly temperature: number;
  /** At the converter's input, in millivolts. */
  readonly adc: number;
}

interface Pin {
  readonly direction: "in" | "out";
  /** The level that the module gives it as an output. */
  readonly driven: Level;
  /** The level that the board gives it. */
  readonly outside: Level;
}

const FREE: Pin = { direction: "in", driven: 0, outside: 0 };

/** Shared by all modules whose pins nobody has touched. */
const UNTOUCHED: ReadonlyMap<number, Pin> = new Map();

const BOARD: Board = { charge: 94, voltage: 4145, temperature: 30, adc: 187 };

type Numbers = ReadonlyMap<number, number>;

/** The pins of the module and the board around it. NVRAM keeps the functions of pins, and the directions that are saved. */
export class Hardware {
  readonly #functions: KeptValue<Numbers>;
  readonly #outputs: KeptValue<Numbers>;
  #pins = UNTOUCHED;
  board = BOARD;
  /** Called with a pin that the module has given another level. */
  readonly changed = new Listeners<{ readonly pin: number; readonly level: Level }>();

  constructor(nvram: Nvram) {
    this.#functions = keptMap(nvram, "pin functions", parseNumbers);
    this.#outputs = keptMap(nvram, "pin directions", parseNumbers);
    this.powerOn();
  }

  /** The module starts: its outputs are low, and pins have the directions that were saved. */
  powerOn(): void {
    if (this.#pins !== UNTOUCHED) {
      this.#pins = new Map([...this.#pins].map(([pin, { outside }]) => [pin, { ...FREE, outside }]));
    }
    for (const [pin, output] of this.#outputs.value) this.#set(pin, { direction: output === 1 ? "out" : "in" });
  }

  /** Whether a function is on; all are, until a host switches them off. */
  isOn(pinFunction: number): boolean {
    return this.#functions.value.get(pinFunction) !== 0;
  }

  /** Rejects, and the function stays as it was, where the disk refuses it. */
  switchFunction(pinFunction: number, value: number): Promise<void> {
    return this.#functions.update((values) => new Map(values).set(pinFunction, value));
  }

  /** Makes a pin an input or an output, from the next start on, too, if that is to be saved. */
  async direct(pin: number, direction: Pin["direction"], isSaved: boolean): Promise<void> {
    if (isSaved) await this.#outputs.update((values) => new Map(values).set(pin, direction === "out" ? 1 : 0));
    this.#set(pin, { direction });
  }

  /** Gives a pin its level, which shows while it is an output. */
  drive(pin: number, level: Level): void {
    this.#set(pin, { driven: level });
  }

  /** The level of a pin: the module's on an output, the board's on an input. */
  levelOf(pin: number): Level {
    const { direction, driven, outside } = this.#pins.get(pin) ?? FREE;
    return direction === "out" ? driven : outside;
  }

  /** The levels of the pins that the host or the user has touched, by number. */
  get levels(): Readonly<Record<string, Level>> {
    const pins = [...this.#pins.keys()].toSorted((a, b) => a - b);
    return Object.fromEntries(pins.map((pin) => [pin, this.levelOf(pin)]));
  }

  /** The board gives pins other levels; it shows on inputs. */
  apply(levels: Readonly<Record<string, Level>>): void {
    for (const [pin, outside] of Object.entries(levels)) this.#set(Number(pin), { outside });
  }

  #set(pin: number, change: Partial<Pin>): void {
    const before = this.levelOf(pin);
    this.#pins = new Map(this.#pins).set(pin, { ...(this.#pins.get(pin) ?? FREE), ...change });
    const level = this.levelOf(pin);
    if (level !== before && change.outside === undefined) this.changed.tell({ pin, level });
  }
}

function parseNumbers(value: unknown): Numbers | undefined {
  return parseNumbered(value, PINS, (level) => (level === 0 || level === 1 ? level : undefined));
}

/** What a patch may set of the pins. */
export const PIN_LEVELS: ValueRule = {
  schema: {
    type: "object",
    description: 'The levels that the board gives to pins, by number: {"2":1}',
    additionalProperties: { enum: [0, 1] },
  },
  description: `0 or 1 for each pin, by its number from ${PINS.min} to ${PINS.max}`,
  accepts: (value) =>
    isRecord(value) &&
    Object.keys(value).every((pin) => /^\d{1,2}$/.test(pin) && String(Number(pin)) === pin) &&
    parseNumbers(value) !== undefined,
};
