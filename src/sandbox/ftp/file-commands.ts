import type { FtpCommands, FtpContext } from "./command.ts";
import { factLine, listLine } from "./listing.ts";
import { type FtpEntry, FtpFileError, type FtpPath, printFtpPath, resolveFtpPath } from "./root.ts";
import { timeVal } from "./time.ts";

/** Commands on directories and files that need no data connection. @rfc 959 §4.1, 3659 */
export const fileCommands: FtpCommands = {
  PWD: { run: (context) => `257 ${quoted(printFtpPath(context.directory))} is the current directory.` },
  CWD: { run: (context, argument) => changeDirectory(context, argument) },
  CDUP: { run: (context) => changeDirectory(context, "..") },
  MKD: {
    async run(context, argument) {
      const path = resolveFtpPath(context.directory, argument);
      await context.root.makeDirectory(path);
      return `257 ${quoted(printFtpPath(path))} created.`;
    },
  },
  RMD: {
    async run(context, argument) {
      await context.root.removeDirectory(resolveFtpPath(context.directory, argument));
      return "250 Removed.";
    },
  },
  DELE: {
    async run(context, argument) {
      await context.root.remove(resolveFtpPath(context.directory, argument));
      return "250 Deleted.";
    },
  },
  RNFR: {
    async run(context, argument) {
      const path = resolveFtpPath(context.directory, argument);
      await existing(context, path);
      context.renameFrom = path;
      return "350 Now RNTO.";
    },
  },
  RNTO: {
    async run(context, argument) {
      const from = context.renameFrom;
      if (from === undefined) return "503 RNFR first.";
      context.renameFrom = undefined;
      await context.root.rename(from, resolveFtpPath(context.directory, argument));
      return "250 Renamed.";
    },
  },
  SIZE: { run: async (context, argument) => `213 ${(await existingFile(context, argument)).size}` },
  MDTM: { run: async (context, argument) => `213 ${timeVal((await existingFile(context, argument)).modified)}` },
  MLST: {
    async run(context, argument) {
      const path = resolveFtpPath(context.directory, argument);
      const entry = await existing(context, path);
      return `250-Facts:\r\n ${factLine(entry, printFtpPath(path))}\r\n250 End`;
    },
  },
  STAT: {
    async run(context, argument) {
      if (argument === "") return `211 Logged in as ${context.user}; type ${context.type}; no transfer runs.`;
      const lines = (await listed(context, argument)).map((entry) => ` ${listLine(entry, context.now())}\r\n`);
      return `213-Status:\r\n${lines.join("")}213 End`;
    },
  },
};

/** The entries of the directory that an argument means, or the one file. */
export async function listed(context: FtpContext, argument: string): Promise<readonly FtpEntry[]> {
  const path = resolveFtpPath(context.directory, argument);
  const entry = await existing(context, path);
  return entry.kind === "directory" ? context.root.list(path) : [entry];
}

/** The file that an argument means. */
export async function existingFile(context: FtpContext, argument: string): Promise<FtpEntry> {
  const entry = await existing(context, resolveFtpPath(context.directory, argument));
  if (entry.kind !== "file") throw new FtpFileError(550, "Not a plain file");
  return entry;
}

async function existing(context: FtpContext, path: FtpPath): Promise<FtpEntry> {
  const entry = await context.root.stat(path);
  if (entry === undefined) throw new FtpFileError(550, "No such file or directory");
  return entry;
}

async function changeDirectory(context: FtpContext, argument: string): Promise<string> {
  const path = resolveFtpPath(context.directory, argument);
  if ((await existing(context, path)).kind !== "directory") return "550 Not a directory.";
  context.directory = path;
  return "250 Directory changed.";
}

/** RFC 959 Appendix II: a quote within the quotes is doubled. */
function quoted(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}
