import { readFile } from "node:fs/promises";
import { JsonSyntaxError, parseLocatedJson } from "../platform/schema/located-json.ts";
import { UsageError } from "../platform/usage-error.ts";
import { Expectations } from "../rig/expectations.ts";
import { PatternError } from "../rig/pattern.ts";
import { explainFile } from "./explain.ts";

/** Reads the file of `--expect`. What is wrong with it is a {@link UsageError} that names the file, the field and the reason. */
export async function readExpectations(path: string): Promise<Expectations> {
  try {
    const text = await readFile(path, "utf8");
    return new Expectations(parseLocatedJson(text).value);
  } catch (error) {
    const reason = explain(error);
    if (reason === undefined) throw error;
    throw new UsageError(`--expect ${path}: ${reason}`, { option: "--expect", cause: error });
  }
}

function explain(error: unknown): string | undefined {
  if (error instanceof PatternError) return error.at === "" ? error.reason : error.message;
  if (error instanceof JsonSyntaxError) return `line ${error.line}: ${error.message}`;
  return explainFile(error);
}
