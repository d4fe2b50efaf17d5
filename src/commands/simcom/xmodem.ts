import type { Result } from "../../at/result-code.ts";
import type { Efs } from "../../efs/efs.ts";
import { EfsError } from "../../efs/efs-error.ts";
import { numberedDirectory } from "../../efs/numbered-directory.ts";
import { type EfsPath, parsePath } from "../../efs/path.ts";
import { Settings } from "../../module/settings/settings.ts";
import { errorIfRefused, pathParameter, pathText } from "../file-path.ts";
import { type Command, defineCommand, type ModemContext } from "../modem-context.ts";

const COMMON = {
  spec: { document: "field", section: "6" },
  needsPin: false,
  test: (): readonly string[] => [],
} as const;

const DIRECTORY = { kind: "int", name: "directory", min: 0, max: 8, optional: true } as const;

function placeIn(directory: number, file: string, efs: Efs): EfsPath | undefined {
  return parsePath(pathText(file), numberedDirectory(directory, efs.currentDirectory));
}

/** Whether a file or a directory is there. */
async function exists(place: EfsPath, efs: Efs): Promise<boolean> {
  try {
    await efs.stat(place);
    return true;
  } catch (error) {
    if (error instanceof EfsError && error.code === "NOT_FOUND") return false;
    throw error;
  }
}

/** Prints the reason on a line before the final result code (field.md 6). */
function refuse(reason: string, { line }: ModemContext): Result {
  line.info(reason);
  return "ERROR";
}

const toHost = defineCommand({
  ...COMMON,
  name: "+CTXFILE",
  summary: "Gives a file to the host by XMODEM; protocol 1 is XMODEM-1K",
  kind: "holding",
  parameters: [pathParameter("file"), DIRECTORY, { kind: "int", name: "protocol", min: 0, max: 1, optional: true }],
  write({ file, directory = 0, protocol = 0 }, context) {
    const { line, efs, xmodem } = context;
    const place = placeIn(directory, file, efs);
    if (place === undefined) return "ERROR";
    const work = async (): Promise<Result> => {
      if (!(await exists(place, efs))) return refuse("FILE NOT EXISTING", context);
      const reader = await efs.openReader(place);
      const options = { long: protocol === 1, signal: line.signal };
      line.afterwards(
        () => line.exchange((raw) => xmodem.send(reader, raw, options)),
        () => reader.close(),
      );
      return "OK";
    };
    return errorIfRefused(work());
  },
});

const toModule = defineCommand({
  ...COMMON,
  name: "+CRXFILE",
  summary: "Takes a file from the host by XMODEM",
  kind: "holding",
  parameters: [pathParameter("file"), DIRECTORY],
  write({ file, directory = 0 }, context) {
    const { line, efs, xmodem, settings } = context;
    const place = placeIn(directory, file, efs);
    if (place === undefined) return "ERROR";
    const work = async (): Promise<Result> => {
      if (await exists(place, efs)) return refuse("FILE IS EXISTING", context);
      const writer = await efs.openWriter(place);
      const options = { delay: settings.get("+CMWAIT") * 1000, signal: line.signal };
      line.afterwards(
        () => line.exchange((raw) => xmodem.receive(writer, raw, options)),
        () => writer.abandon(),
      );
      return "OK";
    };
    return errorIfRefused(work());
  },
});

const wait = defineCommand({
  ...COMMON,
  name: "+CMWAIT",
  summary: "Seconds before the module starts to receive by XMODEM",
  kind: "synchronous",
  parameters: [{ kind: "int", name: "seconds", min: 0, max: 60 }],
  read({ line, settings }) {
    line.info(`+CMWAIT: ${settings.get("+CMWAIT")}`);
    return "OK";
  },
  write({ seconds }, { settings }) {
    settings.set("+CMWAIT", seconds);
    return "OK";
  },
  execute({ settings }) {
    settings.set("+CMWAIT", Settings.range("+CMWAIT").factory);
    return "OK";
  },
});

/** Files between host and module by XMODEM (field.md 6). */
export const xmodemCommands: readonly Command[] = [toHost, toModule, wait];
