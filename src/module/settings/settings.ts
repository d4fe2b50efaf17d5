import { Listeners } from "../listeners.ts";
import { type KeptValue, keptMap } from "./kept-value.ts";
import { isRecord, type Nvram } from "./nvram.ts";

/** One setting of the AT interface: its factory value, its range, and where it is kept. */
interface Setting {
  readonly factory: number;
  readonly min: number;
  readonly max: number;
  /**
   * `profile`: AT&W stores it and ATZ restores it. `nvram`: it is stored as soon as it is set, and neither ATZ nor, as a
   * rule, AT&F changes it. `power`: neither changes it either, but it is lost with the power. ATZ and AT&F both set the
   * others to the factory value.
   */
  readonly kept?: "profile" | "nvram" | "power";
  /** AT&F sets it to the factory value in spite of how it is kept (module.md 10). */
  readonly factoryReset?: true;
}

/**
 * Every numeric setting, by the name under which AT&V prints it; the second parameter of a command has a name of its own
 * (`+IFC:1`). Factory values as SIM5320 prints them (field.md 7, AT&V), CMEE as decisions 1.10.
 */
const SETTINGS = {
  "&C": { factory: 0, min: 0, max: 2, kept: "profile" },
  "&D": { factory: 2, min: 0, max: 2, kept: "profile" },
  "&S": { factory: 0, min: 0, max: 1, kept: "profile" },
  "\\V": { factory: 0, min: 0, max: 1, kept: "profile" },
  E: { factory: 1, min: 0, max: 1, kept: "profile" },
  L: { factory: 0, min: 0, max: 3 },
  M: { factory: 0, min: 0, max: 2 },
  Q: { factory: 0, min: 0, max: 1, kept: "profile" },
  V: { factory: 1, min: 0, max: 1, kept: "profile" },
  X: { factory: 0, min: 0, max: 4, kept: "profile" },
  S0: { factory: 0, min: 0, max: 255, kept: "profile" },
  S2: { factory: 43, min: 0, max: 255 },
  S3: { factory: 13, min: 0, max: 127 },
  S4: { factory: 10, min: 0, max: 127 },
  S5: { factory: 8, min: 0, max: 127 },
  S6: { factory: 2, min: 0, max: 255 },
  S7: { factory: 50, min: 0, max: 255 },
  S8: { factory: 2, min: 0, max: 255 },
  S9: { factory: 6, min: 0, max: 255 },
  S10: { factory: 14, min: 0, max: 255 },
  S11: { factory: 95, min: 0, max: 255 },
  S12: { factory: 50, min: 0, max: 255 },
  "+CMEE": { factory: 2, min: 0, max: 2 },
  "+ICF": { factory: 3, min: 1, max: 6 },
  "+ICF:1": { factory: 3, min: 0, max: 3 },
  "+IFC": { factory: 0, min: 0, max: 2, kept: "profile" },
  "+IFC:1": { factory: 0, min: 0, max: 2, kept: "profile" },
  "+IPR": { factory: 115200, min: 0, max: 4000000, kept: "power" },
  "+IPR2": { factory: 115200, min: 0, max: 4000000, kept: "power" },
  "+IPREX": { factory: 115200, min: 0, max: 4000000, kept: "nvram" },
  "+CREG": { factory: 0, min: 0, max: 2 },
  "+CGREG": { factory: 0, min: 0, max: 2 },
  "+CTZU": { factory: 0, min: 0, max: 1, kept: "nvram", factoryReset: true },
  "+CTZR": { factory: 0, min: 0, max: 1 },
  "+CIPMODE": { factory: 0, min: 0, max: 1, kept: "power" },
  "+CIPCCFG": { factory: 10, min: 0, max: 10, kept: "power" },
  "+CIPCCFG:1": { factory: 0, min: 0, max: 1000, kept: "power" },
  "+CIPCCFG:2": { factory: 0, min: 0, max: 1, kept: "power" },
  "+CIPCCFG:3": { factory: 1, min: 0, max: 1, kept: "power" },
  "+CIPCCFG:4": { factory: 0, min: 0, max: 1, kept: "power" },
  "+CIPCCFG:5": { factory: 0, min: 0, max: 1, kept: "power" },
  "+CIPCCFG:6": { factory: 500, min: 500, max: 120_000, kept: "power" },
  "+CIPTIMEOUT": { factory: 120_000, min: 3000, max: 120_000, kept: "power" },
  "+CIPTIMEOUT:1": { factory: 120_000, min: 3000, max: 120_000, kept: "power" },
  "+CIPTIMEOUT:2": { factory: 120_000, min: 3000, max: 120_000, kept: "power" },
  "+CIPSENDMODE": { factory: 0, min: 0, max: 1, kept: "power" },
  "+CIPHEAD": { factory: 1, min: 0, max: 1, kept: "power" },
  "+CIPSRIP": { factory: 1, min: 0, max: 1, kept: "power" },
  "+CIPENPSH": { factory: 1, min: 0, max: 1, kept: "power" },
  "+CIPDNSSET": { factory: 3, min: 0, max: 3, kept: "power" },
  "+CIPDNSSET:1": { factory: 30_000, min: 3000, max: 120_000, kept: "power" },
  "+CIPDNSSET:2": { factory: 7, min: 0, max: 7, kept: "power" },
  "+CIPRXGET": { factory: 0, min: 0, max: 1, kept: "power" },
  "+CTCPKA": { factory: 0, min: 0, max: 1, kept: "power" },
  "+CTCPKA:1": { factory: 1, min: 1, max: 120, kept: "power" },
  "+CTCPKA:2": { factory: 1, min: 1, max: 10, kept: "power" },
  "+CTCPFIN": { factory: 0, min: 0, max: 1, kept: "power" },
  "+CTCPFIN:1": { factory: 0, min: 0, max: 10, kept: "power" },
  "+NETDORM": { factory: 0, min: 0, max: 1, kept: "power" },
  "+FSLOCA": { factory: 0, min: 0, max: 1 },
  "+FSMEM": { factory: 0, min: 0, max: 243 },
  "+FSMEM:1": { factory: 0, min: 0, max: 255 },
  "+CMWAIT": { factory: 10, min: 0, max: 60 },
  "+CATR": { factory: 0, min: 0, max: 7, kept: "power", factoryReset: true },
  "+CATR:1": { factory: 0, min: 0, max: 7, kept: "nvram" },
  "+CNSMOD": { factory: 0, min: 0, max: 1 },
  "+CNMP": { factory: 2, min: 2, max: 14, kept: "nvram" },
  "+CNAOP": { factory: 2, min: 0, max: 2, kept: "nvram" },
  "+CNSDP": { factory: 2, min: 0, max: 2, kept: "nvram" },
  "+CVAUXV": { factory: 52, min: 30, max: 61, kept: "power" },
  "+CVAUXS": { factory: 1, min: 0, max: 1, kept: "power" },
  "+CVALARM": { factory: 0, min: 0, max: 1 },
  "+CVALARM:1": { factory: 3400, min: 0, max: 4500 },
  "+CMTE": { factory: 0, min: 0, max: 1 },
  "+CSCLK": { factory: 0, min: 0, max: 1, kept: "power" },
  "+CSUART": { factory: 0, min: 0, max: 1, kept: "power", factoryReset: true },
  "+STK": { factory: 0, min: 0, max: 1, kept: "power" },
  "+CRUS": { factory: 0, min: 0, max: 1 },
  "+CSCHN": { factory: 0, min: 0, max: 1 },
  "+CSRP": { factory: 0, min: 0, max: 1 },
  "+CSCS": { factory: 0, min: 0, max: 2 },
  "+COPS": { factory: 0, min: 0, max: 2 },
  "+FCLASS": { factory: 0, min: 0, max: 0 },
  "+WS46": { factory: 12, min: 12, max: 25 },
  "+CBST": { factory: 0, min: 0, max: 134 },
  "+CBST:1": { factory: 0, min: 0, max: 0 },
  "+CBST:2": { factory: 1, min: 0, max: 3 },
  "+CRLP": { factory: 61, min: 0, max: 61 },
  "+CRLP:1": { factory: 61, min: 0, max: 61 },
  "+CRLP:2": { factory: 48, min: 39, max: 255 },
  "+CRLP:3": { factory: 6, min: 1, max: 255 },
  "+CSTA": { factory: 129, min: 129, max: 145 },
  "+CRC": { factory: 0, min: 0, max: 1 },
  "+CLIP": { factory: 0, min: 0, max: 1 },
  "+CLIR": { factory: 0, min: 0, max: 2 },
  "+CUSD": { factory: 0, min: 0, max: 1 },
  "+CCWA": { factory: 0, min: 0, max: 1 },
  "+CLCC": { factory: 0, min: 0, max: 1 },
  "+CVHU": { factory: 0, min: 0, max: 1 },
  "+CLVL": { factory: 2, min: 0, max: 8, kept: "nvram" },
  "+CRSL": { factory: 2, min: 0, max: 8, kept: "nvram" },
  "+CALM": { factory: 0, min: 0, max: 1 },
  "+CSDVC": { factory: 1, min: 1, max: 4, kept: "power" },
  "+CSDVC:1": { factory: 1, min: 1, max: 4, kept: "nvram" },
  "+VTD": { factory: 0, min: 0, max: 255 },
  "+VMUTE": { factory: 0, min: 0, max: 1 },
  "+DDET": { factory: 0, min: 0, max: 1 },
  "+MORING": { factory: 0, min: 0, max: 1 },
  "+CMUT": { factory: 0, min: 0, max: 1 },
  "+CSMS": { factory: 0, min: 0, max: 1 },
  "+CMGF": { factory: 0, min: 0, max: 1 },
  "+CSDH": { factory: 0, min: 0, max: 1 },
  "+CSALPHA": { factory: 0, min: 0, max: 255 },
  "+CMMS": { factory: 0, min: 0, max: 2 },
  "+CNMI": { factory: 2, min: 0, max: 2 },
  "+CNMI:1": { factory: 1, min: 0, max: 3 },
  "+CNMI:2": { factory: 0, min: 0, max: 2 },
  "+CNMI:3": { factory: 0, min: 0, max: 2 },
  "+CNMI:4": { factory: 0, min: 0, max: 1 },
  "+CSMP": { factory: 17, min: 0, max: 255 },
  "+CSMP:1": { factory: 167, min: 0, max: 255 },
  "+CSMP:2": { factory: 0, min: 0, max: 255 },
  "+CSMP:3": { factory: 0, min: 0, max: 255 },
  "+CGPSINFO": { factory: 0, min: 0, max: 255, kept: "power" },
  "+CGPSINFOCFG": { factory: 0, min: 0, max: 255, kept: "power" },
  "+CGPSINFOCFG:1": { factory: 31, min: 0, max: 31, kept: "power" },
  "+CGPSFTM": { factory: 0, min: 0, max: 1, kept: "power" },
  "+CASSISTLOC": { factory: 0, min: 0, max: 2, kept: "power" },
  "+CGPSNMEA": { factory: 31, min: 0, max: 31, kept: "nvram" },
  "+CGPSSWITCH": { factory: 1, min: 1, max: 2, kept: "nvram" },
  "+CGPSSSL": { factory: 0, min: 0, max: 1, kept: "nvram" },
  "+CGPSAUTO": { factory: 0, min: 0, max: 1, kept: "nvram" },
  "+CGPSMSB": { factory: 1, min: 0, max: 1, kept: "nvram" },
  "+CGPSMD": { factory: 1, min: 0, max: 1, kept: "nvram" },
  "+CGPSHOR": { factory: 50, min: 0, max: 1_800_000, kept: "nvram" },
  "+CGPSPMD": { factory: 127, min: 0, max: 65_407, kept: "nvram" },
  "+CGPSXE": { factory: 0, min: 0, max: 1, kept: "nvram" },
  "+CGPSXDAUTO": { factory: 0, min: 0, max: 1, kept: "nvram" },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

/** The settings that NVRAM keeps as soon as they are set. */
export type KeptSettingName = {
  [N in SettingName]: (typeof SETTINGS)[N] extends { readonly kept: "nvram" } ? N : never;
}[SettingName];

const NAMES = Object.keys(SETTINGS) as SettingName[];

type Values = ReadonlyMap<SettingName, number>;

/** The current settings of one module, and those that it keeps without power (V.250 6.1.1, 6.1.2; field.md 7). */
export class Settings {
  readonly #values = new Map<SettingName, number>();
  /** What only the end of the power resets. */
  readonly #powered = new Map<SettingName, number>();
  readonly #profile: KeptValue<Values>;
  readonly #kept: KeptValue<Values>;

  /** Called after every change, of one setting or of many. */
  readonly changed = new Listeners<void>();

  /** Starts as a module does at power-on. */
  constructor(nvram: Nvram) {
    const section = (name: string, kept: Setting["kept"]): KeptValue<Values> =>
      keptMap(nvram, name, (value) => parseSettings(value, kept));
    this.#profile = section("profile", "profile");
    this.#kept = section("settings", "nvram");
    this.recall();
    this.set("+IPR", this.get("+IPREX"));
    this.set("+CATR", this.get("+CATR:1"));
    this.set("+CSDVC", this.get("+CSDVC:1"));
  }

  get(name: SettingName): number {
    const { value } = this.#kept;
    return value.get(name) ?? this.#powered.get(name) ?? this.#values.get(name) ?? SETTINGS[name].factory;
  }

  /** Whether the host has chosen the value: since the start, or in the profile that it has stored. */
  isSet(name: Exclude<SettingName, KeptSettingName>): boolean {
    return this.#values.has(name) || this.#powered.has(name);
  }

  set(name: Exclude<SettingName, KeptSettingName>, value: number): void {
    (keeping(name) === "power" ? this.#powered : this.#values).set(name, value);
    this.changed.tell();
  }

  /** Sets what NVRAM keeps; rejects, and the old value stays, where the disk refuses it. */
  keep(name: KeptSettingName, value: number): Promise<void> {
    return this.#kept.update(
      (values) => new Map(values).set(name, value),
      () => this.changed.tell(),
    );
  }

  /** AT&W: stores the profile; rejects, and the old one stays, where the disk refuses it. */
  store(): Promise<void> {
    const profile = NAMES.filter((name) => keeping(name) === "profile").map((name) => [name, this.get(name)] as const);
    // What the host has not chosen stays at its factory value, and unchosen.
    const chosen = profile.filter(([name]) => this.#values.has(name));
    return this.#profile.update(() => new Map(chosen));
  }

  /** ATZ and power-on: the stored profile, and the factory value of what is not in it. */
  recall(): void {
    this.#values.clear();
    for (const [name, value] of this.#profile.value) this.#values.set(name, value);
    this.changed.tell();
  }

  /** AT&F: the factory values. The stored profile stays. Rejects, and nothing is changed, where the disk refuses it. */
  async restoreFactory(): Promise<void> {
    const reset = NAMES.filter((name) => definition(name).factoryReset === true);
    if (reset.some((name) => this.#kept.value.has(name)))
      await this.#kept.update((values) => new Map([...values].filter(([name]) => !reset.includes(name))));
    for (const name of reset) this.#powered.delete(name);
    this.#values.clear();
    this.changed.tell();
  }

  /** The name of every setting, in the order of their definition. */
  static get names(): readonly SettingName[] {
    return NAMES;
  }

  /** The values that a setting takes. */
  static range(name: SettingName): { readonly min: number; readonly max: number; readonly factory: number } {
    return SETTINGS[name];
  }

  /** Whether a setting is for {@link keep}, and not for {@link set}. */
  static isKept(name: SettingName): name is KeptSettingName {
    return keeping(name) === "nvram";
  }
}

function definition(name: SettingName): Setting {
  return SETTINGS[name];
}

function keeping(name: SettingName): Setting["kept"] {
  return definition(name).kept;
}

function parseSettings(value: unknown, kept: Setting["kept"]): Map<SettingName, number> | undefined {
  if (!isRecord(value)) return undefined;
  const settings = new Map<SettingName, number>();
  for (const name of NAMES) {
    const stored = value[name];
    if (stored === undefined || keeping(name) !== kept) continue;
    const { min, max } = SETTINGS[name];
    if (typeof stored !== "number" || !Number.isInteger(stored) || stored < min || stored > max) return undefined;
    settings.set(name, stored);
  }
  return settings;
}
