import { cmeError } from "../../at/cme-error.ts";
import { quoted } from "../../codec/quoted-string.ts";
import { LONGEST_FTP_TEXT } from "../../module/identity.ts";
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

/** AT+CFTPSERV, AT+CFTPUN and AT+CFTPPW: one string each, as long as the identity allows. */
function textCommand(
  field: "server" | "user" | "password",
  description: Pick<Command, "name" | "summary" | "spec"> & { readonly label: string },
): Command {
  const { label, ...rest } = description;
  return defineCommand({
    ...rest,
    kind: "synchronous",
    needsPin: true,
    parameters: [
      {
        kind: "string",
        name: "text",
        maxLength: LONGEST_FTP_TEXT,
        label,
        ...(field === "password" && { secret: true }),
      },
    ],
    parameterError,
    read({ line, ftp }) {
      line.info(`${rest.name}: ${quoted(ftp.parameters[field])}`);
      return "OK";
    },
    write({ text }, { ftp, identity }) {
      if (text.length > identity.ftpLengths[field]) return parameterError;
      ftp.parameters[field] = text;
      return "OK";
    },
  });
}

/** Manual 5.1 to 5.6: the settings of a transfer. */
export const ftpCommands: readonly Command[] = [
  port,
  mode,
  type,
  textCommand("server", {
    name: "+CFTPSERV",
    summary: "FTP server name or address",
    spec: { document: "manual", section: "5.4" },
    label: '"ADDRESS"',
  }),
  textCommand("user", {
    name: "+CFTPUN",
    summary: "FTP user name",
    spec: { document: "manual", section: "5.5" },
    label: '"NAME"',
  }),
  textCommand("password", {
    name: "+CFTPPW",
    summary: "FTP password",
    spec: { document: "manual", section: "5.6" },
    label: '"password"',
  }),
];
