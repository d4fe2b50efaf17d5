import { anything, choice, either, flag, integer, list, object, text } from "../../../platform/schema/schema.ts";
import { sandboxOf } from "../../../rig/actions/sandbox-actions.ts";
import { FtpFileError } from "../../../sandbox/ftp/root.ts";
import { ControlError } from "../../control-error.ts";
import { CONTROL_LIMITS } from "../../limits.ts";
import { readRaw } from "../../request-body.ts";
import { bytes, defineRoute, json, once, type Route } from "../../route.ts";
import { refusals } from "./access.ts";

const FILE_PARAM = { path: "A path of the FTP server's tree, without its first slash" } as const;
const fileRefusals = { ...refusals, 404: "There is no such file or directory" } as const;

const getFile = defineRoute({
  method: "GET",
  path: "/api/sandbox/files/{path}",
  summary: "A file of the FTP server, or the entries of a directory",
  params: FILE_PARAM,
  answer: {
    schema: either([
      object({ entries: list(object({ name: text(), kind: choice(["file", "directory"]), size: integer() })) }),
      anything({ description: "A file: its bytes, application/octet-stream" }),
    ]),
  },
  refusals: fileRefusals,
  ctl: [{ words: "files", synopsis: "[PATH]", request: ({ words }) => ({ params: { path: relative(words[0]) } }) }],
  async handle({ rig, params: { path = "" } }) {
    const { files } = sandboxOf(rig).ftp;
    const content = await attemptFile(path, () => files.get(path));
    if (content !== undefined) {
      return bytes(once(content), "application/octet-stream", { "Content-Length": String(content.length) });
    }
    const entries = await attemptFile(path, () => files.list(path));
    return json({ entries: entries.map(({ name, kind, size }) => ({ name, kind, size })) });
  },
});

const putFile = defineRoute({
  method: "PUT",
  path: "/api/sandbox/files/{path}",
  summary: "Puts a file into the FTP server's tree; a path that ends in / makes a directory",
  params: FILE_PARAM,
  body: "raw",
  bodyOptional: true,
  answer: { schema: object({ path: text(), size: integer() }) },
  refusals: { ...fileRefusals, 507: "The tree is full" },
  ctl: [
    {
      words: "files put",
      synopsis: "FILE PATH",
      request: async ({ words, readFile }) => ({
        params: { path: relative(words[1]) },
        bytes: await readFile(words[0] ?? "-"),
      }),
    },
  ],
  async handle({ rig, params: { path = "" }, bytes: content }) {
    const { files } = sandboxOf(rig).ftp;
    const raw = await readRaw(content, CONTROL_LIMITS.sandboxBody);
    const isDirectory = path.endsWith("/");
    await attemptFile(path, () => (isDirectory ? files.makeDirectory(path) : files.put(path, raw)));
    return json({ path: `/${path}`, size: isDirectory ? 0 : raw.length });
  },
});

const deleteFile = defineRoute({
  method: "DELETE",
  path: "/api/sandbox/files/{path}",
  summary: "Removes a file of the FTP server, or a directory with what is in it",
  params: FILE_PARAM,
  answer: { schema: object({ removed: flag() }) },
  refusals: fileRefusals,
  ctl: [{ words: "files rm", synopsis: "PATH", request: ({ words }) => ({ params: { path: relative(words[0]) } }) }],
  async handle({ rig, params: { path = "" } }) {
    const { files } = sandboxOf(rig).ftp;
    const removed = await attemptFile(path, () => files.delete(path));
    if (!removed) throw new ControlError(404, `there is no /${path}`);
    return json({ removed });
  },
});

function relative(path: string | undefined): string {
  return (path ?? "").replace(/^\//, "");
}

async function attemptFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FtpFileError)) throw error;
    throw new ControlError(error.reply === 552 ? 507 : 404, `/${path}: ${error.message}`, { at: "/path" });
  }
}

export const fileRoutes: readonly Route[] = [getFile, putFile, deleteFile];
