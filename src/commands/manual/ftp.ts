import { cmeError } from "../../at/cme-error.ts";
import { FTP_CODES } from "../../services/ftp/code.ts";
import { type Command, defineCommand } from "../modem-context.ts";

const parameterError = cmeError(FTP_CODES.parameter);

const port = defineCommand({
  name: "+CFTPPORT",
  summary: "FTP server port",
  spec: { document: "manual", section: "5.1" },
  kind: "synchronous",
  needsPin: true,
  parameters: [{ kind: "int", name: "port", min: 1, max: 65535 }],
  parameterError,
  read({ line, ftp, dialect }) {
    line.info(`+CFTPPORT:${dialect.colonSpace}${ftp.parameters.port}`);
    return "OK";
  },
  write({ port }, { ftp }) {
    ftp.parameters.port = port;
    return "OK";
  },
});

const mode = defineCommand({
  name: "+CFTPMODE",
  summary: "FTP mode: 0 active, 1 passive",
  spec: { document: "manual", section: "5.2" },
  kind: "synchronous",
  needsPin: true,
  parameters: [{ kind: "int", name: "mode", min: 0, max: 1, values: [0, 1] }],
  parameterError,
  read({ line, ftp }) {
    line.info(`+CFTPMODE: ${ftp.parameters.mode}`);
    return "OK";
  },
  write({ mode }, { ftp }) {
    ftp.parameters.mode = mode;
    return "OK";
  },
});

const type = defineCommand({
  name: "+CFTPTYPE",
  summary: "FTP type: I binary, A ASCII",
  spec: { document: "manual", section: "5.3" },
  kind: "synchronous",
  needsPin: true,
  parameters: [{ kind: "word", name: "type", values: ["A", "I"] }],
  parameterError,
  read({ line, ftp }) {
    line.info(`+CFTPTYPE: ${ftp.parameters.type}`);
    return "OK";
  },
  write({ type }, { ftp }) {
    ftp.parameters.type = type;
    return "OK";
  },
});

/** AT+CFTPSERV, AT+CFTPUN and AT+CFTPPW: one string each. Lengths as later firmware has them (field.md 4). */
function textCommand(
  field: "server" | "user" | "password",
  description: Pick<Command, "name" | "summary" | "spec"> & { readonly label: string; readonly maxLength: number },
): Command {
  const { label, maxLength, ...rest } = description;
  return defineCommand({
    ...rest,
    kind: "synchronous",
    needsPin: true,
    parameters: [{ kind: "string", name: "text", maxLength, label, ...(field === "password" && { secret: true }) }],
    parameterError,
    read({ line, ftp }) {
      line.info(`${rest.name}: "${ftp.parameters[field]}"`);
      return "OK";
    },
    write({ text }, { ftp }) {
      ftp.parameters[field] = text;
      return "OK";
    },
  });
}

/** Manual 5.1 to 5.6: what is set before a transfer. */
export const ftpCommands: readonly Command[] = [
  port,
  mode,
  type,
  textCommand("server", {
    name: "+CFTPSERV",
    summary: "FTP server name or address",
    spec: { document: "manual", section: "5.4" },
    label: '"ADDRESS"',
    maxLength: 100,
  }),
  textCommand("user", {
    name: "+CFTPUN",
    summary: "FTP user name",
    spec: { document: "manual", section: "5.5" },
    label: '"NAME"',
    maxLength: 30,
  }),
  textCommand("password", {
    name: "+CFTPPW",
    summary: "FTP password",
    spec: { document: "manual", section: "5.6" },
    label: '"password"',
    maxLength: 40,
  }),
];
