import type { OptionDefinition, Verb } from "../rig/option-tables/definition.ts";
import { optionsOf } from "./parse-options.ts";

interface VerbHelp {
  readonly usage: string;
  readonly summary: string;
  /** Its options, where they are not in the table. */
  readonly options?: readonly (readonly [left: string, right: string])[];
}

/** The verbs that `help` explains. `ctl` explains itself: its commands are those of the routes. */
const VERBS: Readonly<Record<Verb | "ctl" | "console" | "wait" | "scenario", VerbHelp>> = {
  start: { usage: "vmodem [start] [OPTIONS]", summary: "start a modem and serve it until SIGINT or SIGTERM" },
  run: {
    usage: "vmodem run [OPTIONS] -- COMMAND...",
    summary: "start a modem, run COMMAND with VMODEM_PORT set to its port, exit with its code",
  },
  ctl: {
    usage: "vmodem ctl COMMAND...",
    summary: "see and steer a running rig; vmodem help ctl lists the commands",
  },
  console: {
    usage: "vmodem console [PORT|ADDRESS] [OPTIONS]",
    summary: "type at a modem: completion, history, help; :COMMAND is vmodem ctl COMMAND",
    options: [
      ["PORT", "a serial port or pseudo-terminal like /dev/ttyUSB2, tcp:HOST:PORT or rfc2217://HOST:PORT"],
      [
        "ADDRESS",
        "of a rig that runs: http://HOST:PORT, HOST:PORT or unix:PATH (VMODEM_CONTROL, else the one rig here)",
      ],
      ["--modem ID", "the modem of the rig (m1)"],
      ["--baud N", "rate of a serial port in bit/s (115200)"],
      ["--control-token TOKEN", "the token of a rig that asks for one (VMODEM_CONTROL_TOKEN)"],
    ],
  },
  wait: {
    usage: "vmodem wait [ADDRESS] [--timeout TIME]",
    summary: "wait until a rig is ready, also when nobody listens there yet; code 1 when it is not",
    options: [
      ["ADDRESS", "http://HOST:PORT, HOST:PORT or unix:PATH (VMODEM_CONTROL, else the one rig that runs here)"],
      ["--timeout TIME", "how long to wait, like 30s or 500ms (30s)"],
    ],
  },
  scenario: {
    usage: "vmodem scenario FILE | --schema",
    summary: "check a scenario without starting anything, or print the JSON Schema of scenarios",
    options: [
      ["FILE", "JSON, or a module whose default export is the scenario: .mjs, and .ts where Node loads it"],
      ["--schema", "print the JSON Schema; an editor checks a file by it that names it as $schema"],
    ],
  },
  commands: {
    usage: "vmodem commands [--json] [NAME...]",
    summary: "list the AT commands, or explain some of them, like +CSQ, with an example that has just run",
  },
  show: {
    usage: "vmodem show FILE|- [OPTIONS]",
    summary: "print a record, or a golden transcript, for a person; or turn one into the other",
  },
  replay: {
    usage: "vmodem replay FILE --port PORT [OPTIONS]",
    summary: "play the host's side of a record to a module, and say where it answers differently: code 1",
  },
  diff: {
    usage: "vmodem diff A B [OPTIONS]",
    summary: "say where two records differ in what was said on the serial line: code 1",
  },
  record: {
    usage: "vmodem record --from DEVICE -o FILE [OPTIONS]",
    summary: "stand between a host and a real module, pass on what they say, and record it",
  },
  compare: {
    usage: "vmodem compare FILE [OPTIONS]",
    summary: "play the host's side of a record to a modem of vmodem, and say where it differs: code 1",
  },
  learn: {
    usage: "vmodem learn FILE [-o SCENARIO] [OPTIONS]",
    summary: "write a scenario that makes a modem of vmodem answer as the module of the record did",
  },
};

/** What `vmodem --help` prints, or with a verb `vmodem VERB --help`; `undefined` for a verb that does not exist. */
export function helpText(verb: string | undefined): string | undefined {
  if (verb !== undefined) {
    if (verb === "help" || verb === "version") return helpText(undefined);
    if (!isVerb(verb)) return undefined;
    const { usage, summary, options } = VERBS[verb];
    const rows = options === undefined ? optionRows(verb as Verb) : alignRows(options);
    return `${usage}\n\n  ${summary}\n\nOptions:\n${rows}`;
  }
  const usages = alignRows([
    ...Object.values(VERBS).map(({ usage, summary }) => [usage, summary] as const),
    ["vmodem help [VERB]", "explain a verb and its options; also vmodem VERB --help"],
    ["vmodem version", "print the version"],
  ]);
  return `vmodem: a SIMCom WCDMA module in software\n\n${usages}\nOptions of start; vmodem help run lists those of run:\n${optionRows("start")}`;
}

function isVerb(word: string): word is keyof typeof VERBS {
  return Object.hasOwn(VERBS, word);
}

function optionRows(verb: Verb): string {
  return alignRows(
    [...optionsOf(verb)].map(([name, { definition }]) => [
      `${definition.short === undefined ? "" : `-${definition.short}, `}--${name}${definition.argument === undefined ? "" : ` ${definition.argument}`}`,
      describe(definition),
    ]),
  );
}

function describe({ help, kind, without, default: value }: OptionDefinition): string {
  const names = kind.values === undefined ? "" : `: ${kind.values.join(", ")}`;
  const plain = typeof value === "string" || typeof value === "number" ? String(value) : without;
  return `${help}${names}${plain === undefined ? "" : ` (${plain})`}`;
}

function alignRows(rows: readonly (readonly [left: string, right: string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join("");
}
