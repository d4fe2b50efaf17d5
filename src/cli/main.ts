import { readFileSync } from "node:fs";
import { describeCommands } from "./commands.ts";
import { helpText } from "./help.ts";
import { run } from "./run.ts";
import { start } from "./start.ts";
import { UsageError } from "./usage-error.ts";

/** Runs the command line's verb. Gives the exit code; what the person got wrong is one line on stderr and code 2. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    return await dispatch(argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`vmodem: ${error.message}\n`);
    return 2;
  }
}

async function dispatch(argv: readonly string[]): Promise<number> {
  const ours = argv.slice(0, argv.includes("--") ? argv.indexOf("--") : undefined);
  if (ours.includes("--help") || ours.includes("-h")) return print(helpText());
  if (ours.includes("--version")) return print(`${version()}\n`);
  const [verb, ...rest] = argv;
  switch (verb) {
    case "start":
      return start(rest);
    case "run":
      return run(rest);
    case "commands":
      return print(describeCommands(rest));
    default:
      if (verb !== undefined && !verb.startsWith("-")) throw new UsageError(`unknown verb ${verb}; see vmodem --help`);
      return start(argv);
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function version(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
