import { CountedEntry } from "../../../at/entry/counted-entry.ts";
import { EtxEntry } from "../../../at/entry/etx-entry.ts";
import type { Result } from "../../../at/result-code.ts";
import type { EfsFileRequest } from "../../../services/ftp/efs-files.ts";
import { FTPS_CODES, type FtpsCode } from "../../../services/ftps/codes.ts";
import type { RemoteData } from "../../../services/ftps/remote-data.ts";
import { TLS_LIMITS } from "../../../services/tls/limits.ts";
import { send } from "../../data-transfer.ts";
import { type Command, defineCommand, type ModemContext } from "../../modem-context.ts";
import { FTPS_SPEC, ftpsPath } from "./ftps.ts";

/** 1 keeps the data until AT+CFTPSCACHERD asks for them. */
const cached = { kind: "int", name: "cache", min: 0, max: 1, optional: true } as const;
const offset = { kind: "int", name: "offset", min: 0, max: 2_147_483_647, optional: true } as const;

function fileCommand(
  name: string,
  summary: string,
  work: (context: ModemContext, request: EfsFileRequest) => Promise<FtpsCode>,
): Command {
  return defineCommand({
    name,
    summary,
    spec: FTPS_SPEC,
    kind: "detached",
    needsPin: true,
    parameters: [ftpsPath, { kind: "int", name: "directory", min: 0, max: 3, optional: true }, offset],
    write({ path, directory = 0, offset: start = 0 }, context) {
      const { ftps, line } = context;
      if (!ftps.isLoggedIn) return "ERROR";
      line.afterwards(() => ftps.report(name, work(context, { path, directory, offset: start })));
      return "OK";
    },
  });
}

/** Prints a download behind `OK`, and its code; or keeps it until the host asks for it. */
function printed(
  name: "+CFTPSGET" | "+CFTPSLIST",
  cache: number,
  context: ModemContext,
  begin: () => RemoteData | FtpsCode,
): Result {
  const { line, ftps, identity } = context;
  if (cache === 1 && !identity.ftpsReports) return "ERROR";
  const data = begin();
  if (data === FTPS_CODES.busy) line.info(`${name}: ${data}`);
  if (typeof data === "number") return "ERROR";
  if (cache === 1) {
    line.afterwards(
      () => ftps.cache(name, data),
      () => void data.abort(),
    );
    return "OK";
  }
  line.afterwards(
    async () => line.info(`${name}: ${await send(context, { name, separator: ",", filled: true }, data)}`),
    () => void data.abort(),
  );
  return "OK";
}

const get = defineCommand({
  name: "+CFTPSGET",
  summary: "Gets a file from the FTPS server and prints it",
  spec: FTPS_SPEC,
  kind: "holding",
  needsPin: true,
  parameters: [ftpsPath, offset, cached],
  write: ({ path, offset: start = 0, cache = 0 }, context) =>
    printed("+CFTPSGET", cache, context, () => context.ftps.get({ path, offset: start })),
});

const list = defineCommand({
  name: "+CFTPSLIST",
  summary: "Prints the FTPS server's listing of a directory",
  spec: FTPS_SPEC,
  kind: "holding",
  needsPin: true,
  parameters: [{ ...ftpsPath, minLength: 0, optional: true }, cached],
  write: ({ path = "", cache = 0 }, context) => printed("+CFTPSLIST", cache, context, () => context.ftps.list(path)),
  execute: (context) => printed("+CFTPSLIST", 0, context, () => context.ftps.list("")),
});

const readCache = defineCommand({
  name: "+CFTPSCACHERD",
  summary: "Gives what has come for AT+CFTPSGET and AT+CFTPSLIST with cache, or says how much there is",
  spec: FTPS_SPEC,
  kind: "holding",
  needsPin: true,
  parameters: [],
  read({ line, ftps }) {
    line.info(`+CFTPSCACHERD: ${ftps.cachedBytes}`);
    return "OK";
  },
  async execute({ line, ftps }): Promise<Result> {
    const { name, bytes } = ftps.takeCached(TLS_LIMITS.block);
    if (bytes.length > 0) await line.packets([{ head: `${name}: DATA,${bytes.length}`, payload: bytes }]);
    return "OK";
  },
});

/** Sends a part of a file: so many bytes, or all up to Ctrl-Z in the older form. */
async function putPart({ line, ftps }: ModemContext, length: number | undefined): Promise<Result> {
  const codes: FtpsCode[] = [];
  const take = async (data: Buffer) => void codes.push(await ftps.append(data));
  const entry =
    length === undefined ? new EtxEntry(take, { binary: true }) : new CountedEntry(length, take, { early: true });
  const [text, style] = length === undefined ? (["+CFTPSPUT: BEGIN", "line"] as const) : ([">", "inline"] as const);
  const outcome = await line.prompt(text, entry, style);
  if (outcome !== "ended") {
    await ftps.abort();
    return "ERROR";
  }
  return codes.every((code) => code === FTPS_CODES.ok) ? "OK" : "ERROR";
}

const put = defineCommand({
  name: "+CFTPSPUT",
  summary: "Sends a part of a file; without parameters ends it",
  spec: FTPS_SPEC,
  kind: "holding",
  needsPin: true,
  // A file's name, or the length of a further part.
  parameters: [
    { kind: "string", name: "path", minLength: 1, maxLength: 256, bare: true },
    { kind: "int", name: "length", min: 1, max: 1024, optional: true },
    offset,
  ],
  test: ({ identity }) => [`+CFTPSPUT: ["PATH",](1-${identity.ftpsPart})`],
  read({ line }) {
    // A part has left the module when its command has ended.
    line.info("+CFTPSPUT: 0");
    return "OK";
  },
  async write({ path, length, offset: start = 0 }, context) {
    const { ftps, identity } = context;
    if (!ftps.isLoggedIn) return "ERROR";
    const isPart = length === undefined && /^\d{1,4}$/.test(path);
    const count = isPart ? Number(path) : length;
    if (count !== undefined && (count < 1 || count > identity.ftpsPart)) return "ERROR";
    if (isPart) return ftps.isPutting ? putPart(context, count) : "ERROR";
    const takesAll = length === undefined && identity.ftpsPut === "until Ctrl-Z";
    if (ftps.isPutting || (length === undefined && !takesAll)) return "ERROR";
    if ((await ftps.beginPut({ path, offset: start })) !== FTPS_CODES.ok) return "ERROR";
    const result = await putPart(context, length);
    if (result !== "OK" || !takesAll) return result;
    return (await ftps.finishPut()) === FTPS_CODES.ok ? "OK" : "ERROR";
  },
  execute(context) {
    const { ftps } = context;
    if (!ftps.isPutting) return "ERROR";
    context.line.afterwards(() => ftps.report("+CFTPSPUT", ftps.finishPut()));
    return "OK";
  },
});

/** What the FTPS client transfers. */
export const ftpsTransferCommands: readonly Command[] = [
  fileCommand("+CFTPSGETFILE", "Gets a file from the FTPS server into the EFS", ({ ftps }, request) =>
    ftps.getFile(request),
  ),
  fileCommand("+CFTPSPUTFILE", "Sends a file of the EFS to the FTPS server", ({ ftps }, request) =>
    ftps.putFile(request),
  ),
  get,
  list,
  readCache,
  put,
];
