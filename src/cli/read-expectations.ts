import { readFile } from "node:fs/promises";
import { UsageError } from "../platform/usage-error.ts";
import { Expectations } from "../rig/expectations.ts";
import { PatternError } from "../rig/pattern.ts";
import { explainError } from "./explain.ts";

/** Reads the file of `--expect`. What is wrong with it is a {@link UsageError} that names the file, the field and the reason. */
export async function readExpectations(path: string): Promise<Expectations> {
  let text = "";
  try {
    text = await readFile(path, "utf8");
    return new Expectations(JSON.parse(text));
  } catch (error) {
    const reason = explain(error, text);
    if (reason === undefined) throw error;
    throw new UsageError(`--expect ${path}: ${reason}`, { option: "--expect", cause: error });
  }
}

function explain(error: unknown, text: string): string | undefined {
  if (error instanceof PatternError) return error.at === "" ? error.reason : error.message;
  if (error instanceof SyntaxError) return `${lineOf(error.message, text)}${error.message}`;
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file";
  return code === "EISDIR" ? "it is a directory" : explainError(error);
}

/** The line of a syntax error, where its message tells the position. */
function lineOf(message: string, text: string): string {
  const position = / at position (\d+)/.exec(message)?.[1];
  return position === undefined ? "" : `line ${text.slice(0, Number(position)).split("\n").length}: `;
}
