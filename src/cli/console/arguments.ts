import { UsageError } from "../../platform/usage-error.ts";
import { integer } from "../../rig/option-kinds.ts";

/** What a console is to attach to. */
export interface ConsoleOptions {
  /** A port, or the control interface of a rig; the one rig that runs here without it. */
  readonly place?: string | undefined;
  readonly modem: string;
  readonly baud: number;
  readonly token?: string | undefined;
}

export const CONSOLE_DEFAULTS: ConsoleOptions = { modem: "m1", baud: 115_200 };

const BAUD = integer(50, 4_000_000);

/** What each option sets. */
const OPTIONS: Readonly<Record<string, { readonly value: string; set(value: string): Partial<ConsoleOptions> }>> = {
  "--modem": { value: "ID", set: (modem) => ({ modem }) },
  "--baud": { value: "N", set: (value) => ({ baud: BAUD.read(value) as number }) },
  "--control-token": { value: "TOKEN", set: (token) => ({ token }) },
};

/** Reads `[PORT|URL] [--modem ID] [--baud N] [--control-token TOKEN]`. @throws UsageError */
export function readConsoleArguments(argv: readonly string[]): ConsoleOptions {
  let options: ConsoleOptions = CONSOLE_DEFAULTS;
  for (let index = 0; index < argv.length; index++) {
    const given = argv[index] ?? "";
    const [name = "", inline] = given.split(/=(.*)/s, 2);
    const option = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
    if (option !== undefined) options = { ...options, ...setOption(name, option, inline ?? argv[++index]) };
    else if (given.startsWith("-")) throw new UsageError(`console: unknown option ${given}; see vmodem console --help`);
    else if (options.place !== undefined)
      throw new UsageError(`console takes one port or address; ${given} is one too many`);
    else options = { ...options, place: given };
  }
  return options;
}

function setOption(name: string, option: (typeof OPTIONS)[string], value: string | undefined): Partial<ConsoleOptions> {
  if (value === undefined || value === "")
    throw new UsageError(`console: ${name} needs a value: ${name} ${option.value}`);
  try {
    return option.set(value);
  } catch (error) {
    throw new UsageError(`console: ${name} ${value}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
