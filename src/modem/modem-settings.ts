import type { Nvram } from "../module/settings/nvram.ts";
import { type SettingName, Settings } from "../module/settings/settings.ts";

/**
 * The numeric settings of the AT interface, under the names that AT&V prints: S-registers, the values of the profile, and
 * those of commands (`+CMEE`; the second parameter of a command is `+IFC:1`).
 *
 * @example
 * modem.settings.get("S3"); // 13
 * await modem.settings.set("+CMEE", 1);
 * modem.settings.values(); // { "&C": 0, "&D": 2, ..., S0: 0, ... }
 */
export class ModemSettings {
  readonly #current: () => Settings | undefined;
  readonly #nvram: () => Nvram;

  /** `current` gives the settings while the module has power. */
  constructor(current: () => Settings | undefined, nvram: () => Nvram) {
    this.#current = current;
    this.#nvram = nvram;
  }

  /** The name of every setting. */
  get names(): readonly SettingName[] {
    return Settings.names;
  }

  /** One setting. An unknown name is a `RangeError`. */
  get(name: SettingName): number {
    checkName(name);
    return this.#settings.get(name);
  }

  /** Every setting by name. */
  values(): Readonly<Record<SettingName, number>> {
    const settings = this.#settings;
    const entries = Settings.names.map((name) => [name, settings.get(name)] as const);
    return Object.fromEntries(entries) as Record<SettingName, number>;
  }

  /**
   * Changes a setting of a module that is on, as its command does. A value out of range is a `RangeError`. Resolves when a
   * setting that NVRAM keeps is on the disk; the others hold at once.
   */
  set(name: SettingName, value: number): Promise<void> {
    checkName(name);
    const { min, max } = Settings.range(name);
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new RangeError(`${name} must be a whole number from ${min} to ${max}, not ${String(value)}`);
    }
    const settings = this.#current();
    if (settings === undefined) throw new Error(`${name} cannot be set while the module is off`);
    if (Settings.isKept(name)) return settings.keep(name, value);
    settings.set(name, value);
    return Promise.resolve();
  }

  /** While the module is off: what it will start with. */
  get #settings(): Settings {
    return this.#current() ?? new Settings(this.#nvram());
  }
}

function checkName(name: string): void {
  if (!Settings.names.some((known) => known === name)) throw new RangeError(`there is no setting ${name}`);
}
