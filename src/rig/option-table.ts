import { DIALECTS, type DialectName } from "../module/dialect.ts";
import { IDENTITIES, type IdentityName } from "../module/identity.ts";
import { SIM_STATES } from "../module/sim.ts";
import { LOG_LEVELS } from "../platform/log.ts";
import { LINT_LEVELS } from "./lint/rules.ts";
import {
  byteSize,
  choice,
  clockCourse,
  controlAddress,
  duration,
  faultSpecs,
  flag,
  group,
  integer,
  listenAddress,
  number,
  type OptionKind,
  path,
  permissions,
  pin,
  reportFiles,
  resolveRules,
  token,
  volumeSizes,
} from "./option-kinds.ts";

/** The verbs of the command line that take options. */
export type Verb = "start" | "run" | "commands";

/**
 * One option. Its name is the key in the table, `bootTime` in the API; the command line writes it `--boot-time`.
 */
export interface OptionDefinition {
  readonly kind: OptionKind<unknown>;
  /** What it belongs to: one modem, the whole rig, or the program that serves the rig. */
  readonly scope: "modem" | "rig" | "program";
  readonly verbs: readonly Verb[];
  /** What stands for the value in the help. */
  readonly argument?: string;
  /** The value without the option. */
  readonly default?: unknown;
  /** Says what is not given, where no one value does. */
  readonly without?: string;
  readonly help: string;
  /** Options that cannot be given with this one. */
  readonly excludes?: readonly string[];
  /** An option that this one needs. */
  readonly needs?: string;
}

const SERVING = ["start", "run"] as const;
const MEDIA = ["tcp", "rfc2217", "serial", "stdio"] as const;

const dialects = Object.keys(DIALECTS) as DialectName[];
const identities = Object.keys(IDENTITIES) as IdentityName[];

/**
 * All options of the program. The command line, its help, the checks of the API and the bodies of the control interface
 * derive from it.
 */
export const OPTIONS = {
  link: {
    kind: path,
    scope: "modem",
    verbs: SERVING,
    argument: "PATH",
    help: "keep a symbolic link to the port at PATH",
    excludes: MEDIA,
  },
  mode: {
    kind: permissions,
    scope: "modem",
    verbs: SERVING,
    argument: "OCTAL",
    help: "permissions of the pseudo-terminal, like 660",
    excludes: MEDIA,
  },
  group: {
    kind: group,
    scope: "modem",
    verbs: SERVING,
    argument: "NAME",
    help: "group of the pseudo-terminal, by name or number",
    excludes: MEDIA,
  },
  tcp: {
    kind: listenAddress,
    scope: "modem",
    verbs: SERVING,
    argument: "[ADDRESS:]PORT",
    help: "listen on TCP instead of opening a pseudo-terminal; port 0 picks a free one",
    excludes: ["rfc2217", "serial", "stdio"],
  },
  rfc2217: {
    kind: listenAddress,
    scope: "modem",
    verbs: SERVING,
    argument: "[ADDRESS:]PORT",
    help: "listen as a serial port server, with modem lines, rate and break; port 0 picks a free one",
    excludes: ["serial", "stdio"],
  },
  serial: {
    kind: path,
    scope: "modem",
    verbs: SERVING,
    argument: "PATH",
    help: "use a real serial port, as the far end of its cable",
    excludes: ["stdio"],
  },
  baud: {
    kind: integer(50, 4_000_000),
    scope: "modem",
    verbs: SERVING,
    argument: "N",
    default: 115_200,
    help: "rate of --serial in bit/s",
    needs: "serial",
  },
  stdio: { kind: flag, scope: "modem", verbs: ["start"], default: false, help: "talk on stdin and stdout" },
  sandbox: {
    kind: flag,
    scope: "rig",
    verbs: SERVING,
    default: false,
    help: "start the embedded servers and lead every name to them",
  },
  resolve: {
    kind: resolveRules,
    scope: "modem",
    verbs: SERVING,
    argument: "NAME[:PORT]=HOST[:PORT]",
    default: [],
    help: "lead a name elsewhere; * is every name; repeatable",
  },
  dialect: {
    kind: choice(dialects),
    scope: "modem",
    verbs: SERVING,
    argument: "NAME",
    default: "manual",
    help: "print as the manual does, or as modules in the field do",
  },
  identity: {
    kind: choice(identities),
    scope: "modem",
    verbs: SERVING,
    argument: "NAME",
    default: "wcdma",
    help: "the module to be; wcdma has every command",
  },
  sim: {
    kind: choice(SIM_STATES),
    scope: "modem",
    verbs: SERVING,
    argument: "STATE",
    without: "the SIM that --state kept, or a ready one",
    help: "insert a SIM in this state",
  },
  pin: {
    kind: pin,
    scope: "modem",
    verbs: SERVING,
    argument: "NNNN",
    without: "1234",
    help: "PIN of that SIM, which --sim pin asks for",
  },
  state: {
    kind: path,
    scope: "modem",
    verbs: SERVING,
    argument: "DIR",
    without: "in memory",
    help: "keep in DIR what the module remembers without power",
  },
  efs: {
    kind: path,
    scope: "modem",
    verbs: SERVING,
    argument: "DIR",
    without: "in memory",
    help: "keep the file system in DIR/C and DIR/D",
  },
  efsSize: {
    kind: volumeSizes,
    scope: "modem",
    verbs: SERVING,
    argument: "C=SIZE,D=SIZE",
    default: {},
    help: "bytes of the volumes, like C=8M,D=64M; suffixes K, M, G",
  },
  noCard: { kind: flag, scope: "modem", verbs: SERVING, default: false, help: "leave the slot of the card empty" },
  clock: {
    kind: clockCourse,
    scope: "modem",
    verbs: SERVING,
    argument: "TIME[,SCALE]",
    help: "start the module's clock at an ISO 8601 time with a zone; SCALE times as fast, 0 is frozen",
  },
  bootTime: {
    kind: duration(0, 3_600_000),
    scope: "modem",
    verbs: SERVING,
    argument: "MS",
    default: 0,
    help: "time from power-on until the module is ready, with its URCs",
  },
  packetGap: {
    kind: duration(0, 60_000),
    scope: "modem",
    verbs: SERVING,
    argument: "MS",
    without: "as the dialect has it",
    help: "pause before each DATA packet and the final code",
  },
  timeoutScale: {
    kind: number(0.0001, 10_000),
    scope: "modem",
    verbs: SERVING,
    argument: "X",
    default: 1,
    help: "multiply every network and data-entry time-out by X",
  },
  seed: {
    kind: integer(0, 0xffff_ffff),
    scope: "rig",
    verbs: SERVING,
    argument: "N",
    without: "a random one",
    help: "seed of all random choices: the same seed gives the same bytes",
  },
  time: {
    kind: choice(["real", "manual"]),
    scope: "rig",
    verbs: SERVING,
    argument: "MODE",
    default: "real",
    help: "manual: the module's clock stands still until the control interface advances it",
  },
  fault: {
    kind: faultSpecs,
    scope: "rig",
    verbs: SERVING,
    argument: "JSON",
    default: [],
    help: 'make something go wrong, like {"kind":"latency","latency":500}; repeatable',
  },
  control: {
    kind: controlAddress,
    scope: "program",
    verbs: SERVING,
    argument: "[HOST:]PORT",
    without: "none; run: a free port of loopback",
    help: "serve the control interface there; port 0 picks a free one, unix:PATH is a socket",
  },
  controlToken: {
    kind: token,
    scope: "program",
    verbs: SERVING,
    argument: "TOKEN",
    without: "none on loopback, elsewhere a random one",
    help: "what requests must carry as Authorization: Bearer",
  },
  journal: {
    kind: byteSize(0, 4 * 1024 ** 3),
    scope: "program",
    verbs: SERVING,
    argument: "SIZE",
    default: 16 * 1024 ** 2,
    help: "bytes of events that the journal keeps, like 16M",
  },
  journalNetwork: {
    kind: flag,
    scope: "program",
    verbs: SERVING,
    default: false,
    help: "take down the bytes on the network, too",
  },
  redact: {
    kind: flag,
    scope: "program",
    verbs: SERVING,
    default: false,
    help: "mask passwords and PINs in what the host sends, too",
  },
  record: {
    kind: path,
    scope: "program",
    verbs: SERVING,
    argument: "FILE",
    help: "write every event to FILE as it comes, as JSON Lines",
  },
  lint: {
    kind: choice(LINT_LEVELS),
    scope: "program",
    verbs: SERVING,
    argument: "LEVEL",
    default: "warn",
    help: "what a host does and hardware punishes: say nothing, say it, or fail with code 1",
  },
  expect: {
    kind: path,
    scope: "program",
    verbs: ["run"],
    argument: "FILE",
    help: 'fail with code 1 unless the events are as FILE expects: {"some":[...],"never":[...],"sequence":[...]}',
  },
  report: {
    kind: reportFiles,
    scope: "program",
    verbs: ["run"],
    argument: "FILE",
    default: [],
    help: "when the command has ended, write what happened to FILE.xml (JUnit), .json, .jsonl or .html; repeatable",
  },
  grace: {
    kind: duration(0, 3_600_000),
    scope: "program",
    verbs: ["run"],
    argument: "MS",
    default: 5000,
    help: "time between SIGTERM and SIGKILL for what the command started",
  },
  untilParentExits: {
    kind: flag,
    scope: "program",
    verbs: SERVING,
    default: false,
    help: "end when the parent process ends; always on under npx",
  },
  logLevel: {
    kind: choice(LOG_LEVELS),
    scope: "program",
    verbs: SERVING,
    argument: "LEVEL",
    default: "warn",
    help: "what to log to stderr",
  },
  json: {
    kind: flag,
    scope: "program",
    verbs: ["start", "commands"],
    default: false,
    help: "print JSON for programs: start prints one line when it is ready",
  },
} as const satisfies Record<string, OptionDefinition>;

export type OptionName = keyof typeof OPTIONS;
