import type { Result } from "../../../at/result-code.ts";
import { quoted } from "../../../codec/quoted-string.ts";
import { FTPS_CODES, type FtpsCode } from "../../../services/ftps/codes.ts";
import type { FtpsChange } from "../../../services/ftps/service.ts";
import { type Command, defineCommand, type ModemContext } from "../../modem-context.ts";

export const FTPS_SPEC = { document: "module", section: "2.2" } as const;
export const ftpsPath = { kind: "string", name: "path", minLength: 1, maxLength: 256, label: '"PATH"' } as const;

/** How the log-in becomes secure, by the number of AT+CFTPSLOGIN. */
const BEGINNINGS = [undefined, "AUTH SSL", "AUTH TLS", "implicit"] as const;

/**
 * The end of a command that takes its time: later firmware answers `OK` and the code behind it, the older one `OK` or
 * `ERROR` when it is done (module.md 2.2).
 */
function finishing(context: ModemContext, name: string, work: () => Promise<FtpsCode>): Result | Promise<Result> {
  const { line, identity, ftps } = context;
  if (!identity.ftpsReports) return work().then((code) => (code === FTPS_CODES.ok ? "OK" : "ERROR"));
  line.afterwards(() => ftps.report(name, work()));
  return "OK";
}

function stackCommand(name: string, summary: string, work: (context: ModemContext) => Promise<FtpsCode>): Command {
  return defineCommand({
    name,
    summary,
    spec: FTPS_SPEC,
    kind: "holding",
    needsPin: true,
    parameters: [],
    execute: (context) => finishing(context, name, () => work(context)),
  });
}

const login = defineCommand({
  name: "+CFTPSLOGIN",
  summary: "Connects to a server and logs in, with TLS or without",
  spec: FTPS_SPEC,
  kind: "holding",
  needsPin: true,
  parameters: [
    { kind: "string", name: "host", minLength: 1, maxLength: 256, label: '"ADDRESS"' },
    { kind: "int", name: "port", min: 1, max: 65535 },
    { kind: "string", name: "user", maxLength: 256 },
    { kind: "string", name: "password", maxLength: 256, secret: true },
    { kind: "int", name: "type", min: 0, max: 3, optional: true },
  ],
  write({ host, port, user, password, type = 2 }, context) {
    const { ftps } = context;
    if (!ftps.isStarted || ftps.isLoggedIn) return "ERROR";
    const begin = BEGINNINGS[type];
    return finishing(context, "+CFTPSLOGIN", () => ftps.login({ host, port, user, password, begin }));
  },
});

const type = defineCommand({
  name: "+CFTPSTYPE",
  summary: "FTPS type: I binary, A ASCII",
  spec: FTPS_SPEC,
  kind: "synchronous",
  needsPin: true,
  parameters: [{ kind: "word", name: "type", values: ["A", "I"] }],
  read({ line, ftps }) {
    line.info(`+CFTPSTYPE: ${ftps.type}`);
    return "OK";
  },
  write({ type }, { ftps }) {
    ftps.type = type;
    return "OK";
  },
});

function changeCommand(name: string, label: string, verb: FtpsChange, summary: string): Command {
  return defineCommand({
    name,
    summary,
    spec: FTPS_SPEC,
    kind: "holding",
    needsPin: true,
    parameters: [ftpsPath],
    test: () => [`${name}: "${label}"`],
    async write({ path }, { ftps, line }) {
      const code = await ftps.change(verb, path);
      if (code === FTPS_CODES.ok) return "OK";
      line.info(`${name}: ${code}`);
      return "ERROR";
    },
  });
}

const directory = defineCommand({
  name: "+CFTPSPWD",
  summary: "Current directory of the FTPS server",
  spec: FTPS_SPEC,
  kind: "holding",
  needsPin: true,
  parameters: [],
  async execute({ ftps, line }) {
    const found = await ftps.directory();
    line.info(`+CFTPSPWD: ${typeof found === "string" ? quoted(found) : found}`);
    return typeof found === "string" ? "OK" : "ERROR";
  },
});

const size = defineCommand({
  name: "+CFTPSSIZE",
  summary: "Size of a file of the FTPS server",
  spec: FTPS_SPEC,
  kind: "holding",
  needsPin: true,
  parameters: [ftpsPath],
  async write({ path }, { ftps, line }) {
    const { code, size } = await ftps.size(path);
    line.info(code === FTPS_CODES.ok ? `+CFTPSSIZE: 0, ${size}` : `+CFTPSSIZE: ${code}`);
    return code === FTPS_CODES.ok ? "OK" : "ERROR";
  },
});

const singleAddress = defineCommand({
  name: "+CFTPSSINGLEIP",
  summary: "Whether data connections go to the server's own address: 1, or to the one that it names: 0",
  spec: FTPS_SPEC,
  kind: "synchronous",
  needsPin: true,
  parameters: [{ kind: "int", name: "single", min: 0, max: 1 }],
  test: () => ["+CFTPSSINGLEIP: (0,1)"],
  read({ line, ftps }) {
    line.info(`+CFTPSSINGLEIP:${ftps.singleAddress ? 1 : 0}`);
    return "OK";
  },
  write({ single }, { ftps }) {
    ftps.singleAddress = single === 1;
    return "OK";
  },
});

const patience = defineCommand({
  name: "+CFTPSTO",
  summary: "Seconds that the server may take, for sessions that begin later",
  spec: FTPS_SPEC,
  kind: "synchronous",
  needsPin: true,
  parameters: [{ kind: "int", name: "seconds", min: 10, max: 120 }],
  read({ line, ftps }) {
    line.info(`+CFTPSTO: ${ftps.patience}`);
    return "OK";
  },
  write({ seconds }, { ftps }) {
    ftps.patience = seconds;
    return "OK";
  },
});

const state = defineCommand({
  name: "+CFTPSSTATE",
  summary: "State of the FTPS client, and of its operation",
  spec: FTPS_SPEC,
  kind: "synchronous",
  needsPin: true,
  parameters: [],
  execute({ line, ftps }) {
    line.info(`+CFTPSSTATE: ${ftps.state.join(",")}`);
    return "OK";
  },
});

const abort = defineCommand({
  name: "+CFTPSABORT",
  summary: "Drops what the FTPS client does, and its session",
  spec: FTPS_SPEC,
  kind: "detached",
  needsPin: true,
  parameters: [],
  execute({ line, ftps }) {
    line.afterwards(async () => {
      await ftps.abort();
      line.info("+CFTPSABORT: 0");
    });
    return "OK";
  },
});

/** The FTPS client's session, and what needs no transfer. */
export const ftpsCommands: readonly Command[] = [
  stackCommand("+CFTPSSTART", "Starts the FTPS client", async ({ ftps }) => {
    ftps.start();
    return FTPS_CODES.ok;
  }),
  stackCommand("+CFTPSSTOP", "Stops the FTPS client, and drops its session", async ({ ftps }) => {
    if (!ftps.isStarted) return FTPS_CODES.unknown;
    await ftps.stop();
    return FTPS_CODES.ok;
  }),
  login,
  stackCommand("+CFTPSLOGOUT", "Logs out", ({ ftps }) => ftps.logout()),
  type,
  changeCommand("+CFTPSMKD", "DIR", "MKD", "Makes a directory on the FTPS server"),
  changeCommand("+CFTPSRMD", "DIR", "RMD", "Removes a directory of the FTPS server"),
  changeCommand("+CFTPSDELE", "FILENAME", "DELE", "Removes a file of the FTPS server"),
  changeCommand("+CFTPSCWD", "DIR", "CWD", "Changes the directory on the FTPS server"),
  directory,
  size,
  singleAddress,
  patience,
  state,
  abort,
];
