import { LOG_LEVELS } from "../../platform/log.ts";
import { controlAddress } from "../address-kinds.ts";
import { LINT_LEVELS } from "../lint/rules.ts";
import { byteSize, choice, duration, flag, path, reportFiles, token } from "../option-kinds.ts";
import { type OptionDefinition, SERVING } from "./definition.ts";

/** The options of the program that serves a rig. */
export const PROGRAM_OPTIONS = {
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
  console: {
    kind: flag,
    scope: "program",
    verbs: ["start"],
    default: false,
    help: "type at the modem in this terminal, as vmodem console does; its end ends the program",
    excludes: ["stdio"],
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
    verbs: [...SERVING, "record"],
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
    verbs: [...SERVING, "record", "compare", "learn"],
    argument: "LEVEL",
    default: "warn",
    help: "what to log to stderr",
  },
  json: {
    kind: flag,
    scope: "program",
    verbs: ["start", "commands", "show"],
    default: false,
    help: "print JSON for programs: start one line when it is ready, show events",
  },
} as const satisfies Record<string, OptionDefinition>;
