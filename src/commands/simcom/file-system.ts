import type { Result } from "../../at/result-code.ts";
import type { Efs } from "../../efs/efs.ts";
import { baseName, childPath, type EfsPath, parentPath, printDirectory } from "../../efs/path.ts";
import type { EfsEntry } from "../../efs/store.ts";
import { formatFileTime } from "../../module/rtc.ts";
import { errorIfRefused, pathParameter, pathText, placeOf, printable, withPlace } from "../file-path.ts";
import { type Command, defineCommand, type ModemContext } from "../modem-context.ts";

/** What the commands of this chapter have in common: a test command prints no ranges unless it has its own (field.md 6). */
const COMMON = {
  spec: { document: "field", section: "6" },
  kind: "synchronous",
  needsPin: false,
  test: (): readonly string[] => [],
} as const;

function printCurrentDirectory({ line, efs }: ModemContext): Result {
  line.info(`+FSCD: ${printable(printDirectory(efs.currentDirectory))}`);
  return "OK";
}

const changeDirectory = defineCommand({
  ...COMMON,
  name: "+FSCD",
  summary: "Current directory",
  parameters: [pathParameter("path")],
  read: printCurrentDirectory,
  write({ path }, context) {
    return withPlace(path, context.efs, async (place) => {
      await context.efs.changeDirectory(place);
      return printCurrentDirectory(context);
    });
  },
});

const makeDirectory = defineCommand({
  ...COMMON,
  name: "+FSMKDIR",
  summary: "Makes a directory",
  parameters: [pathParameter("directory")],
  write({ directory }, { efs }) {
    return withPlace(directory, efs, async (place) => {
      await efs.makeDirectory(place);
      return "OK";
    });
  },
});

const removeDirectory = defineCommand({
  ...COMMON,
  name: "+FSRMDIR",
  summary: "Removes an empty directory",
  parameters: [pathParameter("directory")],
  write({ directory }, { efs }) {
    return withPlace(directory, efs, async (place) => {
      await efs.removeDirectory(place);
      return "OK";
    });
  },
});

async function entriesOf(directory: EfsPath, efs: Efs): Promise<Record<EfsEntry["kind"], readonly EfsEntry[]>> {
  const entries = await efs.list(directory);
  const ofKind = (kind: EfsEntry["kind"]) => entries.filter((entry) => entry.kind === kind);
  return { directory: ofKind("directory"), file: ofKind("file") };
}

/** Prints a section of a listing; one without entries is left out. */
function printSection(title: string, entries: readonly EfsEntry[], { line }: ModemContext): void {
  if (entries.length === 0) return;
  line.info([`+FSLS: ${title}:`, ...entries.map(({ path }) => printable(baseName(path)))].join("\r\n"));
}

async function printListing(type: number, context: ModemContext): Promise<Result> {
  const entries = await entriesOf(context.efs.currentDirectory, context.efs);
  if (type !== 2) printSection("SUBDIRECTORIES", entries.directory, context);
  if (type !== 1) printSection("FILES", entries.file, context);
  return "OK";
}

const list = defineCommand({
  ...COMMON,
  name: "+FSLS",
  summary: "Lists the current directory: 0 all, 1 directories, 2 files",
  parameters: [{ kind: "int", name: "type", min: 0, max: 2, optional: true }],
  test: () => ["+FSLS: (0-2)"],
  read({ line, efs, dialect }) {
    const space = dialect.colonSpace;
    const count = async (): Promise<Result> => {
      const { directory, file } = await entriesOf(efs.currentDirectory, efs);
      line.info(`+FSLS: SUBDIRECTORIES:${space}${directory.length},${space}FILES:${space}${file.length}`);
      return "OK";
    };
    return errorIfRefused(count());
  },
  write({ type = 0 }, context) {
    return errorIfRefused(printListing(type, context));
  },
});

const EVERY_FILE = /^(?:(.*)[/\\])?\*\.\*$/s;

/** `*.*` behind a directory or none: every file there, no directory. */
async function removeEveryFile(directory: EfsPath, efs: Efs): Promise<Result> {
  const { file } = await entriesOf(directory, efs);
  for (const { path } of file) await efs.remove(path);
  return "OK";
}

const remove = defineCommand({
  ...COMMON,
  name: "+FSDEL",
  summary: "Deletes a file; *.* deletes every file of the directory",
  parameters: [pathParameter("file")],
  write({ file }, { efs }) {
    const every = EVERY_FILE.exec(pathText(file));
    if (every === null) {
      return withPlace(file, efs, async (place) => {
        await efs.remove(place);
        return "OK";
      });
    }
    const directory = every[1] === undefined ? efs.currentDirectory : efs.resolve(`${every[1]}/`);
    return directory === undefined ? "ERROR" : errorIfRefused(removeEveryFile(directory, efs));
  },
});

const rename = defineCommand({
  ...COMMON,
  name: "+FSRENAME",
  summary: "Renames a file or a directory",
  parameters: [pathParameter("from"), pathParameter("to")],
  write({ from, to }, { efs }) {
    return withPlace(from, efs, async (source) => {
      // A name alone means the directory that the file is in, wherever that is.
      const target = /[/\\]/.test(pathText(to)) ? placeOf(to, efs) : childPath(parentPath(source), pathText(to));
      if (target === undefined) return "ERROR";
      await efs.rename(source, target);
      return "OK";
    });
  },
});

const attributes = defineCommand({
  ...COMMON,
  name: "+FSATTRI",
  summary: "Size and time of a file",
  parameters: [pathParameter("file")],
  write({ file }, { line, efs, rtc }) {
    return withPlace(file, efs, async (place) => {
      const { kind, size, modified } = await efs.stat(place);
      if (kind === "directory") return "ERROR";
      line.info(`+FSATTRI: ${size}, ${formatFileTime({ epoch: modified, zone: rtc.now().zone })}`);
      return "OK";
    });
  },
});

/** Files and directories (field.md 6). */
export const fileSystemCommands: readonly Command[] = [
  changeDirectory,
  makeDirectory,
  removeDirectory,
  list,
  remove,
  rename,
  attributes,
];
