import { readBytes, relativeTo } from "../../platform/disk/files.ts";
import { loadModule, ModuleLoadError } from "../../platform/disk/load-module.ts";
import type { Problem } from "../../platform/schema/check.ts";
import { JsonSyntaxError, type LocatedJson, parseLocatedJson } from "../../platform/schema/located-json.ts";
import { UsageError } from "../../platform/usage-error.ts";
import { checkScenario, filesOf } from "./check.ts";
import type { LoadedScenario, Scenario } from "./scenario.ts";

/** The size of a scenario file and of a file that it names, in bytes: JSON that a person writes; a whole storage card. */
const LARGEST = { scenario: 16 * 1024 * 1024, file: 256 * 1024 * 1024 } as const;

/**
 * Reads a scenario: a file of JSON, or of a module whose default export is one (`.mjs`, `.js`; `.ts` where Node loads it);
 * or takes the object itself, whose files are relative to the current directory. Throws a {@link UsageError} that names
 * file, line and field.
 */
export async function loadScenario(given: string | Scenario): Promise<LoadedScenario> {
  if (typeof given !== "string") return complete(given, "scenario", ".", () => "");
  const { value, lineOf } = /\.[cm]?[jt]s$/.test(given) ? await readModule(given) : await readJson(given);
  return complete(value, `scenario ${given}`, given, lineOf);
}

type Located = Pick<LocatedJson, "value"> & { readonly lineOf: (at: string) => string };

async function complete(
  value: unknown,
  name: string,
  path: string,
  lineOf: Located["lineOf"],
): Promise<LoadedScenario> {
  const refuse = ({ at, message }: Problem, cause?: unknown) =>
    new UsageError(`${name}: ${lineOf(at)}${at || "/"} ${message}`, { option: "scenario", cause });
  const problem = checkScenario(value);
  if (problem !== undefined) throw refuse(problem);
  const scenario = value as Scenario;
  const files = new Map<string, Uint8Array>();
  for (const [at, file] of filesOf(scenario)) {
    if (files.has(file)) continue;
    const found = await readBytes(relativeTo(path, file), LARGEST.file);
    if (typeof found === "string") throw refuse({ at, message: `${JSON.stringify(file)}: ${found}` });
    files.set(file, found);
  }
  return { scenario, files };
}

async function readJson(path: string): Promise<Located> {
  const refuse = (reason: string, cause?: unknown) =>
    new UsageError(`scenario ${path}: ${reason}`, { option: "scenario", cause });
  const bytes = await readBytes(path, LARGEST.scenario);
  if (typeof bytes === "string") throw refuse(bytes);
  try {
    const { value, lineOf } = parseLocatedJson(Buffer.from(bytes).toString("utf8"));
    return { value, lineOf: (at) => `line ${lineOf(at)}: ` };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw refuse(`line ${error.line}, column ${error.column}: ${error.message}`, error);
  }
}

async function readModule(path: string): Promise<Located> {
  try {
    return { value: await loadModule(path), lineOf: () => "" };
  } catch (error) {
    if (!(error instanceof ModuleLoadError)) throw error;
    throw new UsageError(`scenario ${path}: ${error.message}`, { option: "scenario", cause: error });
  }
}
