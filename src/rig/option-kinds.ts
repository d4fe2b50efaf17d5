import type { VolumeName } from "../efs/path.ts";
import type { FaultSpec } from "../faults/fault.ts";
import { FAULT_SCHEMA } from "../faults/kinds.ts";
import { type ClockCourse, parseIsoTime } from "../module/rtc.ts";
import { isPin } from "../module/sim.ts";
import type { ResolveRule } from "../platform/network/resolving-network.ts";
import { check } from "../platform/schema/check.ts";

/**
 * What values an option takes. `read` checks a value as it was given, the text of the command line or a value of the API,
 * and gives it in the form that the program uses.
 */
export interface OptionKind<Value> {
  readonly kind: string;
  /** Whether the command line takes it without a value. */
  readonly flag?: true;
  /** Whether the option may be given more than once. */
  readonly repeatable?: true;
  /** The bounds of a number, both included. */
  readonly min?: number;
  readonly max?: number;
  /** The names to choose from. */
  readonly values?: readonly string[];
  /** Throws a {@link WrongValue} for anything that is no such value. */
  read(given: unknown): Value;
}

/** Why a value is refused; the message completes `--option value: `. */
export class WrongValue extends Error {
  override readonly name = "WrongValue";
  /** The part of a list that is wrong. */
  readonly part: unknown;

  constructor(message: string, part?: unknown) {
    super(message);
    this.part = part;
  }
}

/** On or off; off unless given. */
export const flag: OptionKind<boolean> = {
  kind: "flag",
  flag: true,
  read(given) {
    if (typeof given !== "boolean") throw new WrongValue("not true or false");
    return given;
  },
};

/** A file or a directory of the machine. */
export const path: OptionKind<string> = {
  kind: "path",
  read(given) {
    if (typeof given !== "string" || given === "" || given.includes("\0")) throw new WrongValue("not a path");
    return given;
  },
};

/** A scenario: its file, or the object that it holds, which is checked where it is loaded. */
export const scenarioFile: OptionKind<string | object> = {
  kind: "scenario",
  read(given) {
    if (typeof given === "object" && given !== null) return given;
    return path.read(given);
  },
};

/** The forms of a report, by the end of its file's name. */
const REPORT_FORMS = ["xml", "json", "jsonl", "html"] as const;

/** A report of a session that is to be written. */
export interface ReportFile {
  readonly path: string;
  readonly form: (typeof REPORT_FORMS)[number];
}

/** Files for reports, once or in a list; the end of the name says in which form. */
export const reportFiles: OptionKind<readonly ReportFile[]> = {
  kind: "reports",
  repeatable: true,
  read(given) {
    const files = (Array.isArray(given) ? given : [given]).map(readReportFile);
    const again = files.find(({ path: name }, index) => files.findIndex((file) => file.path === name) < index);
    if (again !== undefined) throw new WrongValue("given twice", again.path);
    return files;
  },
};

function readReportFile(given: unknown): ReportFile {
  const name = path.read(given);
  const form = REPORT_FORMS.find((end) => name.toLowerCase().endsWith(`.${end}`));
  if (form === undefined)
    throw new WrongValue(`not a name that ends in ${REPORT_FORMS.map((end) => `.${end}`).join(", ")}`, given);
  return { path: name, form };
}

/** One name of a list. */
export function choice<const Name extends string>(values: readonly Name[]): OptionKind<Name> {
  return {
    kind: "choice",
    values,
    read(given) {
      const found = values.find((value) => value === given);
      if (found === undefined) throw new WrongValue(`not one of ${values.join(", ")}`);
      return found;
    },
  };
}

/** A number, or its decimal text. */
export function number(min: number, max: number): OptionKind<number> {
  return { kind: "number", min, max, read: (given) => bounded(readDecimal(given), min, max, "a number") };
}

/** A whole number, or its decimal text. */
export function integer(min: number, max: number): OptionKind<number> {
  return {
    kind: "integer",
    min,
    max,
    read(given) {
      const value = readDecimal(given);
      return bounded(Number.isInteger(value) ? value : undefined, min, max, "a whole number");
    },
  };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A time in milliseconds, or its text with or without a unit: `500`, `500ms`, `1.5s`, `2m`, `1h`. */
export function duration(min: number, max: number): OptionKind<number> {
  return {
    kind: "duration",
    min,
    max,
    read(given) {
      const [, digits = given, unit = "ms"] = (typeof given === "string" && /^(.+?)(ms|[smh])$/.exec(given)) || [];
      const value = readDecimal(digits);
      const ms = value === undefined ? undefined : value * (UNITS[unit] ?? 1);
      return bounded(ms, min, max, "a time in milliseconds, or with a unit as in 2s,");
    },
  };
}

/** A secret that must come in a header: no blanks, no control characters. */
export const token: OptionKind<string> = {
  kind: "token",
  read(given) {
    if (typeof given !== "string" || !/^[!-~]{1,256}$/.test(given))
      throw new WrongValue("not 1 to 256 printable characters without blanks");
    return given;
  },
};

/** The permission bits of a file: three octal digits as text, or the bits as a number. */
export const permissions: OptionKind<number> = {
  kind: "permissions",
  read(given) {
    const bits = typeof given === "string" && /^0?[0-7]{3}$/.test(given) ? Number.parseInt(given, 8) : given;
    if (typeof bits !== "number" || !Number.isInteger(bits) || bits < 0 || bits > 0o777) {
      throw new WrongValue("not three octal digits like 660");
    }
    return bits;
  },
};

/** A group of the machine: its name or its number. */
export const group: OptionKind<string | number> = {
  kind: "group",
  read(given) {
    if (typeof given === "string" && /^[^\s:,\d-][^\s:,]*$/.test(given)) return given;
    const id = readDecimal(given);
    if (id === undefined || !Number.isInteger(id) || id < 0 || id > 0xffff_fffe) {
      throw new WrongValue("not the name or the number of a group");
    }
    return id;
  },
};

/** The PIN of a SIM; text, because a PIN may begin with 0. */
export const pin: OptionKind<string> = {
  kind: "pin",
  read(given) {
    if (typeof given !== "string" || !isPin(given)) throw new WrongValue("not 4 to 8 digits");
    return given;
  },
};

/** How the module's clock starts and how fast it runs: `TIME[,SCALE]`. */
export const clockCourse: OptionKind<ClockCourse> = {
  kind: "clock",
  read(given) {
    const [, time = "", scale = "1"] = /^([^,]*)(?:,(\d+(?:\.\d+)?))?$/.exec(String(given)) ?? [];
    const start = parseIsoTime(time);
    if (start === undefined || Number(scale) > 1_000_000) {
      throw new WrongValue("not like 2010-02-05T12:00:00+08:00 or 2010-02-05T12:00:00Z,0");
    }
    return { ...start, scale: Number(scale) };
  },
};

const RULE = /^(\[[^\]]+\]|[^:=]+)(?::(\d{1,5}))?=(\[[^\]]+\]|[^:=[\]]+)(?::(\d{1,5}))?$/;

/** Where names lead instead: `NAME[:PORT]=HOST[:PORT]`, once or in a list. */
export const resolveRules: OptionKind<readonly ResolveRule[]> = {
  kind: "rules",
  repeatable: true,
  read: (given) => (Array.isArray(given) ? given : [given]).map(readRule),
};

function readRule(given: unknown): ResolveRule {
  const [, name, port, host, hostPort] = RULE.exec(String(given)) ?? [];
  if (name === undefined || host === undefined || Number(port ?? 0) > 65535 || Number(hostPort ?? 0) > 65535) {
    throw new WrongValue("not NAME[:PORT]=HOST[:PORT]", given);
  }
  return {
    name: withoutBrackets(name),
    port: port === undefined ? undefined : Number(port),
    target: { host: withoutBrackets(host), port: hostPort === undefined ? undefined : Number(hostPort) },
  };
}

/** Faults: objects, or their JSON, once or in a list. */
export const faultSpecs: OptionKind<readonly FaultSpec[]> = {
  kind: "faults",
  repeatable: true,
  read: (given) => (Array.isArray(given) ? given : [given]).map(readFault),
};

function readFault(given: unknown): FaultSpec {
  const fault = typeof given === "string" ? readJson(given) : given;
  const problem = check(FAULT_SCHEMA, fault);
  if (problem !== undefined) throw new WrongValue(`${problem.at} ${problem.message}`.trim(), given);
  return fault as FaultSpec;
}

function readJson(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    throw new WrongValue('not JSON like {"kind":"latency","latency":500}', given);
  }
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}

/** The sizes of the EFS volumes in bytes. */
export type VolumeSizes = Partial<Readonly<Record<VolumeName, number>>>;

const MULTIPLES: Readonly<Record<string, number>> = { "": 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };
/** The largest volume: well below where a number of bytes stops being exact. */
const VOLUME_SIZE = 1024 ** 4;

/** `C=8M,D=64M`, either of the two; or `{ C: bytes, D: bytes }`. */
export const volumeSizes: OptionKind<VolumeSizes> = {
  kind: "sizes",
  read(given) {
    const sizes: Partial<Record<VolumeName, number>> = {};
    for (const [volume, size] of volumeEntries(given)) {
      const name = volume.toUpperCase();
      const fits = size !== undefined && Number.isInteger(size) && size >= 0 && size <= VOLUME_SIZE;
      if ((name !== "C" && name !== "D") || sizes[name] !== undefined || !fits) {
        throw new WrongValue("not like C=8M,D=64M");
      }
      sizes[name] = size;
    }
    return sizes;
  },
};

function volumeEntries(given: unknown): ReadonlyArray<readonly [volume: string, size: number | undefined]> {
  if (typeof given === "object" && given !== null) {
    return Object.entries(given).map(([volume, size]) => [volume, typeof size === "number" ? size : undefined]);
  }
  return String(given)
    .split(",")
    .map((part) => {
      const [, volume = "", digits, suffix = ""] = /^([CD])=(\d{1,13})([KMG]?)$/i.exec(part) ?? [];
      return [volume, digits === undefined ? undefined : Number(digits) * (MULTIPLES[suffix.toUpperCase()] ?? 1)];
    });
}

/** A number of bytes, or its text with K, M or G: `16M`. */
export function byteSize(min: number, max: number): OptionKind<number> {
  return {
    kind: "size",
    min,
    max,
    read(given) {
      const [, digits, suffix = ""] = /^(\d{1,13})([KMG]?)$/i.exec(String(given)) ?? [];
      const size = digits === undefined ? undefined : Number(digits) * (MULTIPLES[suffix.toUpperCase()] ?? 1);
      return bounded(size, min, max, "a number of bytes like 16M");
    },
  };
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function readDecimal(given: unknown): number | undefined {
  if (typeof given === "number") return given;
  return typeof given === "string" && DECIMAL.test(given) ? Number(given) : undefined;
}

/** Gives the value if it lies in the bounds; NaN lies in none. */
function bounded(value: number | undefined, min: number, max: number, what: string): number {
  if (value === undefined || !(value >= min && value <= max)) {
    throw new WrongValue(`not ${what} from ${min} to ${max}`);
  }
  return value;
}
