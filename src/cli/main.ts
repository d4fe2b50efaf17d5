import { packageVersion } from "../platform/disk/files.ts";
import { UsageError } from "../platform/usage-error.ts";
import { explainExhaustion, openFileLimit } from "./explain.ts";

/** What a verb does with its arguments; gives the exit code. Each is loaded only when it is asked for. */
const VERBS: Readonly<Record<string, (argv: readonly string[]) => Promise<number>>> = {
  async start(argv) {
    const { start } = await import("./start.ts");
    return start(argv);
  },
  async run(argv) {
    const { run } = await import("./run.ts");
    return run(argv);
  },
  async commands(argv) {
    const { describeCommands } = await import("./commands/commands.ts");
    return print(await describeCommands(argv));
  },
  async scenario(argv) {
    const { describeScenario } = await import("./scenario.ts");
    return print(await describeScenario(argv));
  },
  async ctl(argv) {
    const { ctl } = await import("./ctl/ctl.ts");
    return ctl(argv);
  },
  async console(argv) {
    const { runConsole } = await import("./console/console.ts");
    return runConsole(argv);
  },
  async wait(argv) {
    const { wait } = await import("./wait.ts");
    return wait(argv);
  },
  async show(argv) {
    const { show } = await import("./records/show.ts");
    return show(argv);
  },
  async replay(argv) {
    const { replay } = await import("./records/replay.ts");
    return replay(argv);
  },
  async diff(argv) {
    const { diff } = await import("./records/diff.ts");
    return diff(argv);
  },
  async record(argv) {
    const { record } = await import("./records/record.ts");
    return record(argv);
  },
  async compare(argv) {
    const { compare } = await import("./records/compare.ts");
    return compare(argv);
  },
  async learn(argv) {
    const { learn } = await import("./records/learn.ts");
    return learn(argv);
  },
  async help([verb, surplus]) {
    if (surplus !== undefined) throw new UsageError(`help takes one verb; ${surplus} is one too many`);
    return explain(verb);
  },
  async version([surplus]) {
    if (surplus !== undefined) throw new UsageError(`version takes no argument ${surplus}`);
    return print(`${packageVersion()}\n`);
  },
  async reap() {
    const { reap } = await import("./reaper.ts");
    const { text } = await import("node:stream/consumers");
    return reap(await text(process.stdin));
  },
};

/** The verbs that a user may mean by a misspelled one. */
const USER_VERBS = Object.keys(VERBS).filter((verb) => verb !== "reap");

/** Runs the verb of the command line. Gives the exit code; a mistake of the user is one line on stderr and code 2. */
export async function main(argv: readonly string[]): Promise<number> {
  outliveReaders();
  const limit = openFileLimit();
  try {
    return await dispatch(argv);
  } catch (error) {
    const reason = error instanceof UsageError ? error.message : explainExhaustion(error, limit);
    if (reason === undefined) throw error;
    complain(reason);
    return 2;
  }
}

/**
 * Keeps the program alive when nobody reads what it prints for the user: its work is elsewhere. A full disk is reported and
 * shows in the exit code.
 */
function outliveReaders(): void {
  process.stderr.on("error", () => undefined);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    complain(`cannot write to the standard output: ${error.message}`);
    process.on("exit", () => {
      process.exitCode = 1;
    });
  });
}

/** Prints what is wrong as one line, whatever the message quotes. */
function complain(message: string): void {
  process.stderr.write(`vmodem: ${message.replace(/\s*[\r\n]\s*/g, " ")}\n`);
}

async function dispatch(argv: readonly string[]): Promise<number> {
  const [first, ...rest] = argv;
  const named = first !== undefined && !first.startsWith("-");
  const verb = named ? first : "start";
  const run = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (run === undefined) return unknownVerb(verb);
  // What follows `--` belongs to the command of `run`.
  const ours = argv.slice(0, argv.includes("--") ? argv.indexOf("--") : undefined);
  // `ctl` explains each of its commands.
  if (verb === "ctl") return run(rest);
  if (ours.includes("--help") || ours.includes("-h")) return explain(named ? verb : undefined);
  if (ours.includes("--version")) return print(`${packageVersion()}\n`);
  return run(named ? rest : argv);
}

async function explain(verb: string | undefined): Promise<number> {
  if (verb === "ctl") return dispatch(["ctl", "--help"]);
  const { helpText } = await import("./help.ts");
  return print(helpText(verb) ?? (await unknownVerb(verb ?? "")));
}

async function unknownVerb(verb: string): Promise<never> {
  const { didYouMean } = await import("../platform/nearest.ts");
  throw new UsageError(`unknown verb ${verb}${didYouMean(verb, USER_VERBS) || "; see vmodem --help"}`);
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}
