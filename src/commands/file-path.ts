import type { Result } from "../at/result-code.ts";
import type { Efs } from "../efs/efs.ts";
import { EfsError } from "../efs/efs-error.ts";
import { EFS_LIMITS } from "../efs/limits.ts";
import { decodeName, type EfsPath } from "../efs/path.ts";

/** A path as hosts write it: bare, quoted, or `{non-ascii}` and the hexadecimal image of its bytes (decisions 1.7, 5). */
export function pathParameter<const N extends string>(name: N) {
  return { kind: "string", name, minLength: 1, maxLength: EFS_LIMITS.path, bare: true, nonAscii: true } as const;
}

/** The text of a path from the bytes of an argument. */
export function pathText(argument: string): string {
  return decodeName(Buffer.from(argument, "latin1"));
}

/** The place that an argument names, seen from the current directory; `undefined` if it is no path. */
export function placeOf(argument: string, efs: Efs): EfsPath | undefined {
  return efs.resolve(pathText(argument));
}

/** Text of the EFS as the line carries it: its bytes in UTF-8, one character each. */
export function printable(text: string): string {
  return Buffer.from(text).toString("latin1");
}

/** A failed file-system command prints `ERROR` and nothing else, whatever the file system says (decisions 8). */
export async function errorIfRefused(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof EfsError) return "ERROR";
    throw error;
  }
}

/** Does something with the place that an argument names. */
export async function withPlace(
  argument: string,
  efs: Efs,
  work: (place: EfsPath) => Promise<Result>,
): Promise<Result> {
  const place = placeOf(argument, efs);
  return place === undefined ? "ERROR" : errorIfRefused(work(place));
}
