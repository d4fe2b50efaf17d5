import { EfsError } from "../../efs/efs-error.ts";
import { isPathOfEfs } from "../../modem/efs-files.ts";
import { checkStatePatch, modemPatchSchema } from "../../module/state/modem-state.ts";
import { type Problem, pointer } from "../../platform/schema/check.ts";
import { anything, constant, either, map, nothing, text } from "../../platform/schema/schema.ts";
import { SERIAL_LIMITS } from "../../platform/serial-line.ts";
import type { RigModem } from "../rig-modem.ts";
import { type Action, ActionError, defineAction } from "./action.ts";
import { CONTENT, type Content, type ContentFiles, resolveContent } from "./content.ts";

const patch = defineAction({
  name: "patch",
  summary: "Changes the state of the modem",
  value: anything(modemPatchSchema()),
  check: checkStatePatch,
  async run({ modem }, value) {
    const problem = await modem().patch(value);
    if (problem === undefined) return;
    throw new ActionError(problem.isConflict ? "conflict" : "invalid", `${problem.at} ${problem.message}`, problem.at);
  },
});

const reset = defineAction({
  name: "reset",
  summary: "Restarts the modem as AT+CRESET does",
  value: constant(true),
  run: ({ modem }) => modem().restart(),
});

/** What a host takes for one line: an unsolicited line holds no CR and no LF, and fits any host's buffer. */
export const URC_LINE = text({
  minLength: 1,
  maxLength: 2048,
  pattern: "^[ -~\\u0080-\\u00ff]*$",
  "x-pattern": "one line of text",
});

const urc = defineAction({
  name: "urc",
  summary: "Prints an unsolicited line as soon as the line is free",
  value: URC_LINE,
  run: ({ modem }, line) => printUrc(modem(), line),
});

/** Prints an unsolicited line as soon as the line is free; an {@link ActionError} while the module is off. */
export function printUrc(modem: RigModem, line: string): void {
  if (!modem.powered) throw new ActionError("conflict", "the module is off");
  modem.urc(line);
}

/** Bytes of a host. */
export const TYPED_BYTES = text({
  minLength: 1,
  maxLength: SERIAL_LIMITS.hostBuffer,
  pattern: "^[\\u0000-\\u00ff]*$",
  "x-pattern": "bytes, one code point from 0 to 255 each",
});

const type = defineAction({
  name: "type",
  summary: "Types in the host's place while the line is idle",
  value: TYPED_BYTES,
  run: ({ modem }, bytes) => typeAsHost(modem(), bytes),
});

/** Types in the host's place, and gives how many bytes; an {@link ActionError} while the line is not idle. */
export function typeAsHost(modem: RigModem, typed: string): number {
  if (!modem.powered) throw new ActionError("conflict", "the module is off");
  const bytes = Buffer.from(typed, "latin1");
  const { phase } = modem.snapshot().host;
  if (modem.type(bytes)) return bytes.length;
  throw new ActionError("conflict", `the host has the line (${phase}); wait until it is idle`);
}

/** Files of the EFS by path: what they hold; a path that ends in a slash is a directory. */
export const EFS_FILES = map(CONTENT, {
  description: 'Files of the EFS: {"C:/a.txt":"text","C:/b.bin":{"base64":"AAEC"},"D:/c.jpg":{"file":"c.jpg"}}',
});

export type EfsFilesByPath = Readonly<Record<string, Content>>;

/** Finds a path that the EFS cannot have. */
export function checkEfsPaths(files: Readonly<Record<string, unknown>>): Problem | undefined {
  const wrong = Object.keys(files).find((path) => !isPathOfEfs(path));
  return wrong === undefined ? undefined : { at: pointer("", wrong), message: "is no path like C:/a.txt" };
}

/** Writes files and makes directories; a failure is an `EfsError`. */
export async function writeEfsFiles(modem: RigModem, given: EfsFilesByPath, files: ContentFiles): Promise<void> {
  for (const [path, content] of Object.entries(given)) {
    if (/[/\\]$/.test(path)) await modem.efs.makeDirectory(path);
    else await modem.efs.writeFile(path, resolveContent(content, files));
  }
}

const efs = defineAction<Readonly<Record<string, Content | null>>>({
  name: "efs",
  summary: "Writes files of the EFS; null removes one",
  value: map(either([CONTENT, nothing()])),
  check: checkEfsPaths,
  contents: (value) =>
    Object.entries(value).flatMap(([path, content]) =>
      content === null ? [] : [[pointer("", path), content] as const],
    ),
  async run({ modem, files }, value) {
    for (const [path, content] of Object.entries(value)) {
      if (content !== null) await writeEfsFiles(modem(), { [path]: content }, files);
      else await modem().efs.remove(path).catch(ignoreMissing);
    }
  },
});

function ignoreMissing(error: unknown): void {
  if (!(error instanceof EfsError) || error.code !== "NOT_FOUND") throw error;
}

/** What happens to a module, its line and its files. */
export const MODEM_ACTIONS: readonly Action[] = [patch, reset, urc, type, efs];
