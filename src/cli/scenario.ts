import { UsageError } from "../platform/usage-error.ts";
import { loadScenario } from "../rig/scenario/load.ts";
import type { Scenario } from "../rig/scenario/scenario.ts";
import { scenarioSchemaDocument } from "../rig/scenario/schema.ts";

/** `vmodem scenario FILE`: checks a scenario without starting anything; with `--schema` gives the schema of all of them. */
export async function describeScenario(argv: readonly string[]): Promise<string> {
  const [word = "", surplus] = argv;
  if (surplus !== undefined) throw new UsageError(`scenario takes one file; ${surplus} is one too many`);
  if (word === "--schema") return `${JSON.stringify(scenarioSchemaDocument(), undefined, 2)}\n`;
  if (word === "") throw new UsageError("scenario needs a file: vmodem scenario FILE, or vmodem scenario --schema");
  if (word.startsWith("-")) throw new UsageError(`unknown option ${word}; did you mean --schema?`);
  const { scenario, files } = await loadScenario(word);
  return `${word}: ${summary(scenario, files.size)}\n`;
}

function summary({ modems = [{}], faults = [], timeline = [] }: Scenario, files: number): string {
  const counts = { modem: modems.length || 1, fault: faults.length, step: timeline.length, file: files };
  const parts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([noun, count]) => `${count} ${noun}${count === 1 ? "" : "s"}`);
  return `right, ${parts.join(", ")}`;
}
