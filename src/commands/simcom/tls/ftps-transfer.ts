import { CountedEntry } from "../../../at/entry/counted-entry.ts";
import { EtxEntry } from "../../../at/entry/etx-entry.ts";
import type { Result } from "../../../at/result-code.ts";
import type { EfsFileRequest } from "../../../services/ftp/efs-files.ts";
import { FTPS_CODES, type FtpsCode } from "../../../services/ftps/codes.ts";
import type { RemoteData } from "../../../services/ftps/remote-data.ts";
import { send } from "../../data-transfer.ts";
import { type Command, defineCommand, type ModemContext } from "../../modem-context.ts";
import { FTPS_SPEC, ftpsPath } from "./ftps.ts";

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
    kind: "holding",
    needsPin: true,
    parameters: [ftpsPath, { kind: "int", name: "directory", min: 0, max: 3, optional: true }, offset],
    write({ path, directory = 0, offset: start = 0 }, context) {
      if (!context.ftps.isLoggedIn) return "ERROR";
      context.line.afterwards(async () => {
        const code = await work(context, { path, directory, offset: start });
        context.line.info(`${name}: ${code}`);
      });
      return "OK";
    },
  });
}

/** Prints a download behind `OK`, and its code. */
function printed(name: string, data: RemoteData | FtpsCode, context: ModemContext): Result {
  if (typeof data === "number") return "ERROR";
  const { line } = context;
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
  parameters: [ftpsPath, offset],
  write: ({ path, offset: start = 0 }, context) =>
    printed("+CFTPSGET", context.ftps.get({ path, offset: start }), context),
});

const list = defineCommand({
  name: "+CFTPSLIST",
  summary: "Prints the FTPS server's listing of a directory",
  spec: FTPS_SPEC,
  kind: "holding",
  needsPin: true,
  parameters: [{ ...ftpsPath, minLength: 0, optional: true }],
  write: ({ path = "" }, context) => printed("+CFTPSLIST", context.ftps.list(path), context),
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
    ftps.abort();
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
  test: () => ['+CFTPSPUT: ["PATH",](1-1024)'],
  async write({ path, length, offset: start = 0 }, context) {
    const { ftps, identity } = context;
    if (!ftps.isLoggedIn) return "ERROR";
    const isPart = length === undefined && /^\d{1,4}$/.test(path);
    if (isPart) {
      const count = Number(path);
      return ftps.isPutting && count >= 1 && count <= 1024 ? putPart(context, count) : "ERROR";
    }
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
    context.line.afterwards(async () => context.line.info(`+CFTPSPUT: ${await ftps.finishPut()}`));
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
  put,
];
