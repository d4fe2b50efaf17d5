import { cmeError } from "../../at/cme-error.ts";
import { EtxEntry } from "../../at/entry/etx-entry.ts";
import type { Result } from "../../at/result-code.ts";
import { LAST_DIRECTORY } from "../../efs/numbered-directory.ts";
import { FTP_CODES, type FtpCode } from "../../services/ftp/code.ts";
import type { FtpDownload } from "../../services/ftp/host-transfers.ts";
import type { ServerChange } from "../../services/ftp/service.ts";
import { type DataPrompt, type PacketStyle, receive, send } from "../data-transfer.ts";
import { type Command, defineCommand, type ModemContext } from "../modem-context.ts";

const parameterError = cmeError(FTP_CODES.parameter);

/** A longer path does not fit a command line with its hexadecimal digits. */
const path = {
  kind: "string",
  name: "path",
  minLength: 1,
  maxLength: 1024,
  nonAscii: true,
  label: '[{non-ascii}]"FILEPATH"',
} as const;
const directory = { kind: "int", name: "directory", min: 0, max: LAST_DIRECTORY } as const;
/** Known from later firmware; the test response does not show it. */
const restSize = { kind: "int", name: "offset", min: 0, max: 2_147_483_647, optional: true } as const;

/** `OK` for an operation that goes on by itself; the code of one that could not begin. */
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

/** Prints `OK`, then a download, then its code. */
function printed(style: PacketStyle, download: FtpDownload | FtpCode, context: ModemContext): Result {
  if (typeof download === "number") return cmeError(download);
  const { line } = context;
  line.afterwards(
    async () => line.info(`${style.name}: ${await send(context, style, download)}`),
    () => void download.abort(),
  );
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
  write({ path, offset = 0 }, context) {
    return printed({ name: "+CFTPGET" }, context.ftp.get({ path, offset }, context.line.signal), context);
  },
});

const BEGIN: DataPrompt = {
  text: "+CFTPPUT: BEGIN",
  entry: (write) => new EtxEntry(write, { binary: true }),
};

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
    const file = await ftp.put({ path, offset }, line.signal);
    if (typeof file === "number") return cmeError(file);
    const code = (await receive(line, BEGIN, file)) ?? FTP_CODES.timeout;
    if (code === 0) return "OK";
    if (dialect.putFailure === "cme") return cmeError(code);
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
  write({ path }, context) {
    // Known from later firmware only, which prints no space (field.md 4).
    const style = { name: "+CFTPLIST", separator: "," } as const;
    return printed(style, context.ftp.list(path, context.line.signal), context);
  },
});

/** A command of later firmware that changes the server's files without a transfer. */
function changeCommand(name: string, verb: ServerChange, summary: string): Command {
  return defineCommand({
    name,
    summary,
    spec: { document: "field", section: "4" },
    kind: "holding",
    needsPin: true,
    parameters: [path],
    parameterError,
    async write({ path }, { line, ftp }) {
      const operation = ftp.change(verb, path, line.signal);
      if (typeof operation === "number") return cmeError(operation);
      const code = await operation;
      if (code === 0) return "OK";
      line.info(`${name}:${code}`);
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
  changeCommand("+CFTPMKD", "MKD", "Makes a directory on the FTP server"),
  changeCommand("+CFTPRMD", "RMD", "Removes a directory of the FTP server"),
  changeCommand("+CFTPDELE", "DELE", "Removes a file of the FTP server"),
];
