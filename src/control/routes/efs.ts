import { EfsError, type EfsErrorCode } from "../../efs/efs-error.ts";
import type { EfsEntryInfo } from "../../modem/efs-files.ts";
import { anything, choice, either, flag, integer, list, object, text } from "../../platform/schema/schema.ts";
import { httpDate, isoOfEpoch } from "../../platform/time/calendar.ts";
import { ControlError, type ErrorStatus } from "../control-error.ts";
import { bytes, type CtlArguments, defineRoute, json, type Route } from "../route.ts";
import { chosenModem, MODEM_OPTION, MODEM_PARAM, modemOf } from "./modem-of.ts";

const params = { ...MODEM_PARAM, path: "A path of the EFS: C:/a.txt; the slashes as they are" } as const;
const path = "/api/modems/{id}/efs/{path}";

const DIRECTORY = object({
  entries: list(
    object({
      name: text(),
      kind: choice(["file", "directory"]),
      size: integer(),
      modified: text({ format: "date-time" }),
    }),
  ),
});

const refusals = {
  404: "There is no such modem, file or directory",
  409: "The EFS cannot do it: a directory is in the way, the card is not inserted",
  507: "The volume is full",
} as const;

const read = defineRoute({
  method: "GET",
  path,
  summary: "The bytes of a file of the EFS, or the entries of a directory",
  params,
  answer: { schema: either([DIRECTORY, anything({ description: "A file: its bytes, application/octet-stream" })]) },
  refusals,
  ctl: [
    {
      words: "get",
      synopsis: "PATH",
      options: MODEM_OPTION,
      request: (given) => ({ params: target(given, given.words[0]) }),
    },
    {
      words: "ls",
      synopsis: "[PATH]",
      options: MODEM_OPTION,
      request: (given) => ({ params: target(given, given.words[0] ?? "C:/") }),
    },
  ],
  async handle({ rig, params: { id, path: given = "" } }) {
    const { efs } = modemOf(rig, id);
    return attempt(async () => {
      const entry = await efs.stat(given);
      if (entry.kind === "directory") return json({ entries: (await efs.list(given)).map(describe) });
      const file = await efs.open(given);
      return bytes(file, "application/octet-stream", {
        "Content-Length": String(file.size),
        "Last-Modified": httpDate(entry.modified),
      });
    });
  },
});

const write = defineRoute({
  method: "PUT",
  path,
  summary: "Writes a file of the EFS; a path that ends in / makes a directory",
  params,
  body: "raw",
  bodyOptional: true,
  answer: { schema: object({ path: text(), size: integer() }) },
  refusals,
  ctl: [
    {
      words: "put",
      synopsis: "FILE PATH",
      options: MODEM_OPTION,
      request: async (given) => ({
        params: target(given, given.words[1]),
        bytes: await given.readFile(given.words[0] ?? "-"),
      }),
    },
  ],
  async handle({ rig, params: { id, path: given = "" }, bytes: content }) {
    const { efs } = modemOf(rig, id);
    return attempt(async () => {
      if (given.endsWith("/")) await efs.makeDirectory(given);
      else await efs.writeFile(given, content);
      const { path: stored, size } = await efs.stat(given);
      return json({ path: stored, size });
    });
  },
});

const remove = defineRoute({
  method: "DELETE",
  path,
  summary: "Removes a file of the EFS, or a directory with what is in it",
  params,
  answer: { schema: object({ removed: flag() }) },
  refusals,
  ctl: [
    {
      words: "rm",
      synopsis: "PATH",
      options: MODEM_OPTION,
      request: (given) => ({ params: target(given, given.words[0]) }),
    },
  ],
  async handle({ rig, params: { id, path: given = "" } }) {
    const { efs } = modemOf(rig, id);
    return attempt(async () => {
      await efs.remove(given);
      return json({ removed: true });
    });
  },
});

function target(given: CtlArguments, path: string | undefined): Readonly<Record<string, string>> {
  return { ...chosenModem(given), path: path ?? "" };
}

function describe({ name, kind, size, modified }: EfsEntryInfo) {
  return { name, kind, size, modified: isoOfEpoch(modified) };
}

/** What each failure of the EFS is in HTTP. */
const STATUSES: Readonly<Record<EfsErrorCode, ErrorStatus>> = {
  NOT_FOUND: 404,
  EXISTS: 409,
  NOT_EMPTY: 409,
  IS_DIRECTORY: 409,
  NOT_DIRECTORY: 409,
  NO_CARD: 409,
  NO_SPACE: 507,
  BAD_NAME: 422,
  DENIED: 409,
  IN_USE: 409,
  IO: 500,
};

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof EfsError)) throw error;
    throw new ControlError(STATUSES[error.code], error.message, { at: "/path" });
  }
}

export const efsRoutes: readonly Route[] = [read, write, remove];
