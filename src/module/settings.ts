/** One setting of the AT interface: what it is set to by the factory, what it may be, and whether AT&W stores it. */
interface Setting {
  readonly factory: number;
  readonly min: number;
  readonly max: number;
  /** AT&W keeps it and ATZ brings it back; the others return to the factory value at power-on. */
  readonly stored: boolean;
}

/**
 * Every numeric setting, by the name under which AT&V prints it; the second parameter of a command has a name of its own
 * (`+IFC:1`). Factory values as SIM5320 prints them (field.md 7, AT&V), CMEE as decisions 1.10.
 */
const SETTINGS = {
  "&C": { factory: 0, min: 0, max: 2, stored: true },
  "&D": { factory: 2, min: 0, max: 2, stored: true },
  E: { factory: 1, min: 0, max: 1, stored: true },
  L: { factory: 0, min: 0, max: 3, stored: false },
  M: { factory: 0, min: 0, max: 2, stored: false },
  Q: { factory: 0, min: 0, max: 1, stored: true },
  V: { factory: 1, min: 0, max: 1, stored: true },
  X: { factory: 0, min: 0, max: 4, stored: true },
  S0: { factory: 0, min: 0, max: 255, stored: true },
  S3: { factory: 13, min: 0, max: 127, stored: false },
  S4: { factory: 10, min: 0, max: 127, stored: false },
  S5: { factory: 8, min: 0, max: 127, stored: false },
  S6: { factory: 2, min: 0, max: 255, stored: false },
  S7: { factory: 50, min: 0, max: 255, stored: false },
  S8: { factory: 2, min: 0, max: 255, stored: false },
  S9: { factory: 6, min: 0, max: 255, stored: false },
  S10: { factory: 14, min: 0, max: 255, stored: false },
  S11: { factory: 95, min: 0, max: 255, stored: false },
  "+CMEE": { factory: 2, min: 0, max: 2, stored: false },
  "+ICF": { factory: 3, min: 1, max: 6, stored: false },
  "+ICF:1": { factory: 3, min: 0, max: 3, stored: false },
  "+IFC": { factory: 0, min: 0, max: 2, stored: true },
  "+IFC:1": { factory: 0, min: 0, max: 2, stored: true },
  "+IPR": { factory: 115200, min: 0, max: 4000000, stored: false },
  "+CREG": { factory: 0, min: 0, max: 2, stored: false },
  "+CGREG": { factory: 0, min: 0, max: 2, stored: false },
  "+CTZU": { factory: 0, min: 0, max: 1, stored: true },
  "+CTZR": { factory: 0, min: 0, max: 1, stored: false },
  "+CIPMODE": { factory: 0, min: 0, max: 1, stored: false },
  "+FSLOCA": { factory: 0, min: 0, max: 1, stored: false },
  "+FSMEM": { factory: 0, min: 0, max: 243, stored: false },
  "+FSMEM:1": { factory: 0, min: 0, max: 255, stored: false },
  "+CMWAIT": { factory: 10, min: 0, max: 60, stored: false },
  "+CATR": { factory: 0, min: 0, max: 7, stored: false },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

const NAMES = Object.keys(SETTINGS) as SettingName[];

/** The current settings of one module, and the profile that AT&W stores (V.250 6.1.1, 6.1.2; field.md 7). */
export class Settings {
  readonly #values = new Map<SettingName, number>();
  readonly #profile: Map<SettingName, number>;

  /** Starts as a module does at power-on: with the stored profile, which is the caller's to keep. */
  constructor(profile: Map<SettingName, number>) {
    this.#profile = profile;
    this.recall();
  }

  get(name: SettingName): number {
    return this.#values.get(name) ?? SETTINGS[name].factory;
  }

  set(name: SettingName, value: number): void {
    this.#values.set(name, value);
  }

  /** AT&W: keeps what a module keeps. */
  store(): void {
    for (const name of NAMES) if (SETTINGS[name].stored) this.#profile.set(name, this.get(name));
  }

  /** ATZ and power-on: the stored profile, the factory value where nothing is stored. */
  recall(): void {
    this.#values.clear();
    for (const [name, value] of this.#profile) this.#values.set(name, value);
  }

  /** AT&F: the factory values. The stored profile stays. */
  restoreFactory(): void {
    this.#values.clear();
  }

  /** What a setting may be. */
  static range(name: SettingName): { readonly min: number; readonly max: number; readonly factory: number } {
    return SETTINGS[name];
  }
}
