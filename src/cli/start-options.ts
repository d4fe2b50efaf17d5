import { parseArgs } from "node:util";
import type { VolumeName } from "../efs/path.ts";
import { DIALECTS, type DialectName } from "../module/dialect.ts";
import { IDENTITIES, type IdentityName } from "../module/identity.ts";
import { type ClockCourse, parseIsoTime } from "../module/rtc.ts";
import { cardInState, isPin, SIM_STATES, type SimCard } from "../module/sim.ts";
import { LOG_LEVELS, type LogLevel } from "../platform/log.ts";
import type { Endpoint } from "../platform/network/network.ts";
import type { ResolveRule } from "../platform/network/resolving-network.ts";
import { parseListenAddress } from "../transport/tcp.ts";
import { UsageError } from "./usage-error.ts";

interface OptionDescription {
  readonly type: "string" | "boolean";
  readonly multiple?: true;
  /** What stands for the value in the help. */
  readonly argument?: string;
  readonly help: string;
}

/** The options of `start` and `run`; the help is made from them. */
export const START_OPTIONS = {
  link: { type: "string", argument: "PATH", help: "keep a symlink to the port at PATH" },
  tcp: { type: "string", argument: "[HOST:]PORT", help: "listen on TCP instead of opening a pseudo-terminal" },
  serial: { type: "string", argument: "PATH", help: "use a real serial port, as the far end of its cable" },
  baud: { type: "string", argument: "N", help: "rate of --serial in bit/s (115200)" },
  stdio: { type: "boolean", help: "talk on stdin and stdout" },
  sandbox: { type: "boolean", help: "start the embedded servers and lead every name to them" },
  dialect: {
    type: "string",
    argument: "NAME",
    help: `print as the manual or as modules in the field: ${Object.keys(DIALECTS).join(", ")}`,
  },
  identity: {
    type: "string",
    argument: "NAME",
    help: `be one of ${Object.keys(IDENTITIES).join(", ")}; wcdma has every command`,
  },
  sim: { type: "string", argument: "STATE", help: `put a SIM in: ${SIM_STATES.join(", ")}` },
  pin: { type: "string", argument: "NNNN", help: "PIN of that SIM (1234), which --sim pin asks for" },
  state: { type: "string", argument: "DIR", help: "keep in DIR what the module remembers without power" },
  "boot-time": {
    type: "string",
    argument: "MS",
    help: "time from power-on until the module is ready, with its URCs (0)",
  },
  clock: {
    type: "string",
    argument: "TIME[,SCALE]",
    help: "start the module's clock at an ISO 8601 time with a zone; SCALE times as fast, 0 is frozen",
  },
  resolve: {
    type: "string",
    multiple: true,
    argument: "NAME[:PORT]=HOST[:PORT]",
    help: "lead a name elsewhere; * is every name; repeatable",
  },
  efs: { type: "string", argument: "DIR", help: "keep the file system in DIR/C and DIR/D; in memory without it" },
  "efs-size": { type: "string", argument: "C=8M,D=64M", help: "bytes of the volumes; suffixes K, M, G" },
  "no-card": { type: "boolean", help: "leave the slot of the storage card empty" },
  "packet-gap": { type: "string", argument: "MS", help: "pause before each DATA packet and the final code" },
  "timeout-scale": { type: "string", argument: "X", help: "multiply every network and data-entry time-out by X" },
  "log-level": { type: "string", argument: "LEVEL", help: `log to stderr: ${LOG_LEVELS.join(", ")} (warn)` },
  json: { type: "boolean", help: "print one JSON line when ready, nothing else" },
} as const satisfies Record<string, OptionDescription>;

/** The medium of the serial line. */
export type Medium =
  | { readonly kind: "pty"; readonly link: string | undefined }
  | { readonly kind: "tcp"; readonly local: Endpoint }
  | { readonly kind: "serial"; readonly path: string; readonly baud: number }
  | { readonly kind: "stdio" };

/** The file system as it was asked for. */
export interface EfsChoice {
  /** The host directory that holds the volumes; in memory without it. */
  readonly directory: string | undefined;
  readonly sizes: Partial<Readonly<Record<VolumeName, number>>>;
  readonly card: boolean;
}

/** What `start` and `run` were asked for, checked. */
export interface StartOptions {
  readonly medium: Medium;
  readonly sandbox: boolean;
  readonly dialect: DialectName;
  readonly identity: IdentityName;
  /** What `--sim` and `--pin` put into the slot; without them the card that `--state` remembers stays there. */
  readonly sim: { readonly inserted: SimCard | undefined } | undefined;
  /** The directory of `--state`. */
  readonly state: string | undefined;
  readonly bootTime: number;
  readonly clock: ClockCourse | undefined;
  readonly resolve: readonly ResolveRule[];
  readonly efs: EfsChoice;
  readonly packetGap: number | undefined;
  readonly timeoutScale: number;
  readonly logLevel: LogLevel;
  readonly json: boolean;
}

/** Reads the options of `start` and `run`; anything wrong is a {@link UsageError}. */
export function parseStartOptions(argv: readonly string[]): StartOptions {
  const values = readOptions(argv);
  return {
    medium: readMedium(values),
    sandbox: values.sandbox ?? false,
    dialect: oneOf("dialect", Object.keys(DIALECTS) as DialectName[], values.dialect) ?? "manual",
    identity: oneOf("identity", Object.keys(IDENTITIES) as IdentityName[], values.identity) ?? "wcdma",
    sim: readSim(values.sim, values.pin),
    state: readDirectory(values.state),
    bootTime: readNumber("boot-time", values["boot-time"], 0, 3_600_000) ?? 0,
    clock: readClock(values.clock),
    resolve: (values.resolve ?? []).map(readRule),
    efs: readEfs(values),
    packetGap: readNumber("packet-gap", values["packet-gap"], 0, 60_000),
    timeoutScale: readNumber("timeout-scale", values["timeout-scale"], 0.0001, 10_000) ?? 1,
    logLevel: oneOf("log-level", LOG_LEVELS, values["log-level"]) ?? "warn",
    json: values.json ?? false,
  };
}

type OptionValues = ReturnType<typeof readOptions>;

function readOptions(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: START_OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(firstSentence(error instanceof Error ? error.message : String(error)));
  }
}

/** parseArgs explains itself at length; the first sentence says what is wrong. */
function firstSentence(message: string): string {
  return message.split(/\. /, 1)[0] ?? message;
}

function readMedium(values: OptionValues): Medium {
  const chosen = (["tcp", "serial", "stdio"] as const).filter((name) => values[name] !== undefined);
  if (chosen.length > 1) throw new UsageError(`--${chosen.join(" and --")} exclude each other`);
  if (values.baud !== undefined && values.serial === undefined) throw new UsageError("--baud goes with --serial");
  if (values.link !== undefined && chosen.length > 0)
    throw new UsageError(`--link and --${chosen[0]} exclude each other`);
  if (values.link === "") throw new UsageError("--link needs a path");
  if (values.tcp !== undefined) return { kind: "tcp", local: readListenAddress(values.tcp) };
  if (values.serial !== undefined) {
    return { kind: "serial", path: values.serial, baud: readNumber("baud", values.baud, 50, 4_000_000) ?? 115200 };
  }
  return values.stdio ? { kind: "stdio" } : { kind: "pty", link: values.link };
}

function readListenAddress(text: string): Endpoint {
  try {
    return parseListenAddress(text);
  } catch (error) {
    throw new UsageError(`--tcp ${error instanceof Error ? error.message : text}`);
  }
}

const RULE = /^(\[[^\]]+\]|[^:=]+)(?::(\d{1,5}))?=(\[[^\]]+\]|[^:=[\]]+)(?::(\d{1,5}))?$/;

function readRule(text: string): ResolveRule {
  const [, name, port, host, hostPort] = RULE.exec(text) ?? [];
  if (name === undefined || host === undefined || Number(port ?? 0) > 65535 || Number(hostPort ?? 0) > 65535) {
    throw new UsageError(`--resolve ${text}: not NAME[:PORT]=HOST[:PORT]`);
  }
  return {
    name: withoutBrackets(name),
    port: port === undefined ? undefined : Number(port),
    target: { host: withoutBrackets(host), port: hostPort === undefined ? undefined : Number(hostPort) },
  };
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}

function readSim(state: string | undefined, pin: string | undefined): StartOptions["sim"] {
  const asked = oneOf("sim", SIM_STATES, state);
  if (pin !== undefined && !isPin(pin)) throw new UsageError(`--pin ${pin}: not 4 to 8 digits`);
  if (asked === undefined && pin === undefined) return undefined;
  return { inserted: cardInState(asked ?? "ready", pin) };
}

function readDirectory(text: string | undefined): string | undefined {
  if (text === "") throw new UsageError("--state needs a directory");
  return text;
}

function readClock(text: string | undefined): ClockCourse | undefined {
  if (text === undefined) return undefined;
  const [, time = "", scale = "1"] = /^([^,]*)(?:,(\d+(?:\.\d+)?))?$/.exec(text) ?? [];
  const start = parseIsoTime(time);
  if (start === undefined || Number(scale) > 1_000_000) {
    throw new UsageError(`--clock ${text}: not like 2010-02-05T12:00:00+08:00 or 2010-02-05T12:00:00Z,0`);
  }
  return { ...start, scale: Number(scale) };
}

const MULTIPLES: Readonly<Record<string, number>> = { "": 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

function readEfs(values: OptionValues): EfsChoice {
  if (values.efs === "") throw new UsageError("--efs needs a directory");
  const sizes: Partial<Record<VolumeName, number>> = {};
  for (const part of values["efs-size"]?.split(",") ?? []) {
    const [, volume, digits, suffix = ""] = /^([CD])=(\d{1,12})([KMG]?)$/i.exec(part) ?? [];
    const name = volume?.toUpperCase() === "C" ? "C" : "D";
    if (volume === undefined || sizes[name] !== undefined) {
      throw new UsageError(`--efs-size ${values["efs-size"]}: not like C=8M,D=64M`);
    }
    sizes[name] = Number(digits) * (MULTIPLES[suffix.toUpperCase()] ?? 1);
  }
  return { directory: values.efs, sizes, card: values["no-card"] !== true };
}

function readNumber(option: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || !(value >= min && value <= max)) {
    throw new UsageError(`--${option} ${text}: not a number from ${min} to ${max}`);
  }
  return value;
}

function oneOf<T extends string>(option: string, values: readonly T[], text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  const found = values.find((value) => value === text);
  if (found === undefined) throw new UsageError(`--${option} ${text}: one of ${values.join(", ")}`);
  return found;
}
