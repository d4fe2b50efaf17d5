import type { AtLine } from "../../at/at-line.ts";
import { cmeError } from "../../at/cme-error.ts";
import { EtxEntry } from "../../at/entry/etx-entry.ts";
import type { Result } from "../../at/result-code.ts";
import { LAST_DIRECTORY } from "../../efs/numbered-directory.ts";
import { FTP_CODES, type FtpCode, type FtpOutcome } from "../../services/ftp/code.ts";
import { type Command, defineCommand, type ModemContext } from "../modem-context.ts";

const parameterError = cmeError(FTP_CODES.parameter);

/** Longer ones do not fit a command line with their hexadecimal digits. */
const path = {
  kind: "string",
  name: "path",
  minLength: 1,
  maxLength: 1024,
  nonAscii: true,
  label: '[{non-ascii}]"FILEPATH"',
} as const;
const directory = { kind: "int", name: "directory", min: 0, max: LAST_DIRECTORY } as const;
/** Later firmware's; the test response does not show it. */
const restSize = { kind: "int", name: "offset", min: 0, max: 2_147_483_647, optional: true } as const;

/** `OK` for what goes on by itself; the code of what could not begin. */
function begun(code: FtpCode | undefined): Result {
  return code === undefined ? "OK" : cmeError(code);
}

const getFile = defineCommand({
  name: "+CFTPGETFILE",
  summary: "Gets a file from the FTP server into the EFS",
  spec: { document: "manual", section: "5.7" },
  kind: "detached",
  needsPin: true,
  parameters: [path, directory, restSize],
  parameterError,
  test: () => [`+CFTPGETFILE: ${path.label}, (0-${LAST_DIRECTORY})`],
  write({ path, directory, offset = 0 }, { line, ftp }) {
    return begun(ftp.getFile({ path, directory, offset }, line.signal));
  },
});

const putFile = defineCommand({
  name: "+CFTPPUTFILE",
  summary: "Puts a file of the EFS onto the FTP server",
  spec: { document: "manual", section: "5.8" },
  kind: "detached",
  needsPin: true,
  parameters: [path, directory, restSize],
  parameterError,
  test: () => [`+CFTPPUTFILE: ${path.label}, (0-${LAST_DIRECTORY})`],
  write({ path, directory, offset = 0 }, { line, ftp }) {
    return begun(ftp.putFile({ path, directory, offset }, line.signal));
  },
});

/** Runs a download that prints packets: `OK` comes before them, the code behind. */
function printed(name: string, outcome: FtpCode | Promise<FtpOutcome>, line: AtLine): Result {
  if (typeof outcome === "number") return cmeError(outcome);
  // When the module resets before `OK`, nobody waits for the outcome.
  outcome.catch(() => undefined);
  line.afterwards(async () => line.info(`${name}: ${await outcome}`));
  return "OK";
}

const get = defineCommand({
  name: "+CFTPGET",
  summary: "Gets a file from the FTP server and prints it",
  spec: { document: "manual", section: "5.9" },
  kind: "holding",
  needsPin: true,
  parameters: [path, restSize],
  parameterError,
  test: () => [`+CFTPGET: ${path.label}`],
  write({ path, offset = 0 }, { line, ftp }) {
    return printed("+CFTPGET", ftp.get({ path, offset }, line.packets, line.signal), line);
  },
});

const put = defineCommand({
  name: "+CFTPPUT",
  summary: "Puts what the host enters onto the FTP server",
  spec: { document: "manual", section: "5.10" },
  kind: "holding",
  needsPin: true,
  parameters: [path, restSize],
  parameterError,
  test: () => [`+CFTPPUT: ${path.label}`],
  async write({ path, offset = 0 }, { line, ftp, dialect }) {
    let prompted = false;
    const enter = (receive: (data: Buffer) => Promise<void>) => {
      prompted = true;
      return line.prompt("+CFTPPUT: BEGIN", new EtxEntry(receive, { binary: true }));
    };
    const code = await ftp.put({ path, offset }, enter, line.signal);
    if (code === 0) return "OK";
    if (!prompted || dialect.putFailure === "cme") return cmeError(code);
    line.info(`+CFTPPUT: ${code}`);
    return "ERROR";
  },
});

const list = defineCommand({
  name: "+CFTPLIST",
  summary: "Prints the FTP server's listing of a directory",
  spec: { document: "field", section: "4" },
  kind: "holding",
  needsPin: true,
  parameters: [{ ...path, minLength: 0 }],
  parameterError,
  write({ path }, { line, ftp }) {
    return printed("+CFTPLIST", ftp.list(path, line.packets, line.signal), line);
  },
});

/** What later firmware does on the server without a transfer. */
function remoteCommand(
  name: string,
  summary: string,
  operate: (modem: ModemContext, path: string) => FtpCode | Promise<FtpOutcome>,
): Command {
  return defineCommand({
    name,
    summary,
    spec: { document: "field", section: "4" },
    kind: "holding",
    needsPin: true,
    parameters: [path],
    parameterError,
    async write({ path }, modem) {
      const operation = operate(modem, path);
      if (typeof operation === "number") return cmeError(operation);
      const code = await operation;
      if (code === 0) return "OK";
      modem.line.info(`${name}:${code}`);
      return "ERROR";
    },
  });
}

/** Manual 5.7 to 5.10, and what later firmware added to them. */
export const ftpTransferCommands: readonly Command[] = [
  getFile,
  putFile,
  get,
  put,
  list,
  remoteCommand("+CFTPMKD", "Makes a directory on the FTP server", ({ ftp, line }, path) =>
    ftp.makeDirectory(path, line.signal),
  ),
  remoteCommand("+CFTPRMD", "Removes a directory of the FTP server", ({ ftp, line }, path) =>
    ftp.removeDirectory(path, line.signal),
  ),
  remoteCommand("+CFTPDELE", "Removes a file of the FTP server", ({ ftp, line }, path) =>
    ftp.remove(path, line.signal),
  ),
];
