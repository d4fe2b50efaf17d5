import { packageVersion } from "../platform/disk/files.ts";
import { UsageError } from "../platform/usage-error.ts";
import { describeCommands } from "./commands.ts";
import { helpText } from "./help.ts";
import { run } from "./run.ts";
import { start } from "./start.ts";

/** Runs the command line's verb. Gives the exit code; what the person got wrong is one line on stderr and code 2. */
export async function main(argv: readonly string[]): Promise<number> {
  outliveReaders();
  try {
    return await dispatch(argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(error.message);
    return 2;
  }
}

/**
 * Keeps the program alive when nobody reads what it prints for a person: its work is elsewhere. A disk that takes no more
 * is told, and shows in the exit code.
 */
function outliveReaders(): void {
  process.stderr.on("error", () => undefined);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    complain(error.message);
    process.on("exit", () => {
      process.exitCode = 1;
    });
  });
}

/** Says what is wrong, in one line whatever it quotes. */
function complain(message: string): void {
  process.stderr.write(`vmodem: ${message.replace(/\s*[\r\n]\s*/g, " ")}\n`);
}

async function dispatch(argv: readonly string[]): Promise<number> {
  const ours = argv.slice(0, argv.includes("--") ? argv.indexOf("--") : undefined);
  if (ours.includes("--help") || ours.includes("-h")) return print(helpText());
  if (ours.includes("--version")) return print(`${packageVersion()}\n`);
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
