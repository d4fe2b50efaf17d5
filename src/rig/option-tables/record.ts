import { EVENT_TYPES, isEventType, type RigEventType } from "../events.ts";
import { duration, flag, type OptionKind, path, WrongValue } from "../option-kinds.ts";
import type { OptionDefinition } from "./definition.ts";

/** The types of events, with commas between them. */
const eventTypes: OptionKind<readonly RigEventType[]> = {
  kind: "types",
  read(given) {
    const types = Array.isArray(given) ? given : String(given).split(",");
    return types.map((type: unknown) => {
      if (isEventType(type)) return type;
      throw new WrongValue(`not a type of event; there are ${EVENT_TYPES.join(", ")}`, type);
    });
  },
};

/** The id of a modem of a rig. */
const modemId: OptionKind<string> = {
  kind: "modem",
  read(given) {
    if (typeof given !== "string" || !/^m[1-9]\d{0,8}$/.test(given))
      throw new WrongValue("not the id of a modem, like m1");
    return given;
  },
};

/** Regular expressions, once or in a list. */
const masks: OptionKind<readonly RegExp[]> = {
  kind: "masks",
  repeatable: true,
  read(given) {
    return (Array.isArray(given) ? given : [given]).map((source: unknown) => {
      try {
        return new RegExp(String(source), "g");
      } catch {
        throw new WrongValue("not a regular expression", source);
      }
    });
  },
};

const COMPARING = ["replay", "diff", "compare", "learn"] as const;

/** The options of the verbs that make and read records, besides those that other verbs have, too. */
export const RECORD_OPTIONS = {
  from: {
    kind: path,
    scope: "program",
    verbs: ["record"],
    argument: "PORT",
    help: "the port of the real module: a serial port, a pseudo-terminal, tcp:HOST:PORT or rfc2217://HOST:PORT",
  },
  output: {
    kind: path,
    scope: "program",
    verbs: ["record", "learn"],
    short: "o",
    argument: "FILE",
    without: "record needs it; learn: the standard output",
    help: "the file to write",
  },
  port: {
    kind: path,
    scope: "program",
    verbs: ["replay"],
    argument: "PORT",
    help: "the port of the module to play to, as of --from of record",
  },
  timeout: {
    kind: duration(1, 3_600_000),
    scope: "program",
    verbs: ["replay", "compare", "learn"],
    argument: "TIME",
    default: 10_000,
    help: "how much longer than in the record an answer may take, like 30s",
  },
  mask: {
    kind: masks,
    scope: "program",
    verbs: COMPARING,
    argument: "PATTERN",
    default: [],
    help: "a regular expression for what may differ, besides dates, numbers of devices and the like; repeatable",
  },
  noMask: {
    kind: flag,
    scope: "program",
    verbs: COMPARING,
    default: false,
    help: "let nothing differ but what --mask names",
  },
  modem: {
    kind: modemId,
    scope: "program",
    verbs: ["show", ...COMPARING],
    argument: "ID",
    without: "show: all; the others: the first that speaks",
    help: "only what concerns this modem, like m1",
  },
  type: {
    kind: eventTypes,
    scope: "program",
    verbs: ["show"],
    argument: "TYPE,...",
    without: "all of them",
    help: "only events of these types, like host,module",
  },
  follow: {
    kind: flag,
    scope: "program",
    verbs: ["show"],
    default: false,
    help: "wait for more at the end of the file, until SIGINT",
  },
  hex: {
    kind: flag,
    scope: "program",
    verbs: ["show"],
    default: false,
    help: "print payloads in whole, in hexadecimal",
    excludes: ["transcript", "json"],
  },
  transcript: {
    kind: flag,
    scope: "program",
    verbs: ["show"],
    default: false,
    help: "print a golden transcript",
    excludes: ["json"],
  },
  html: {
    kind: flag,
    scope: "program",
    verbs: ["show"],
    default: false,
    help: "print a page with the record inside: one file, which a browser opens from the disk",
    excludes: ["hex", "transcript", "json"],
  },
} as const satisfies Record<string, OptionDefinition>;
