import {
  anything,
  choice,
  either,
  flag,
  integer,
  list,
  map,
  object,
  optional,
  text,
} from "../../platform/schema/schema.ts";
import type { Rig } from "../../rig/rig.ts";
import { FtpFileError } from "../../sandbox/ftp/root.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { ReceivedMail } from "../../sandbox/smtp/received-mail.ts";
import { ControlError } from "../control-error.ts";
import { CONTROL_LIMITS } from "../limits.ts";
import { parseChecked, readRaw } from "../request-body.ts";
import { bytes, defineRoute, json, type Route } from "../route.ts";

const refusals = { 409: "The rig has no sandbox" } as const;

/**
 * The sandbox of a rig.
 *
 * @throws ControlError 409
 */
function sandboxOf(rig: Rig): Sandbox {
  if (rig.sandbox !== undefined) return rig.sandbox;
  throw new ControlError(409, "the rig has no sandbox; start it with --sandbox");
}

const SUMMARY = {
  id: integer({ description: "Counts the messages, from 1" }),
  from: text(),
  recipients: list(text()),
  subject: text(),
  size: integer({ description: "Bytes as received" }),
} as const;

const MAIL = object({
  ...SUMMARY,
  headers: list(object({ name: text(), value: text() })),
  text: text({ description: "The body, decoded" }),
  attachments: list(object({ name: text(), type: text(), size: integer(), sha256: text() })),
});

const mails = defineRoute({
  method: "GET",
  path: "/api/sandbox/mail",
  summary: "The messages that came by SMTP",
  answer: { schema: object({ mail: list(object(SUMMARY)) }) },
  refusals,
  ctl: [{ words: "mail", synopsis: "", request: () => ({}) }],
  handle: ({ rig }) => json({ mail: sandboxOf(rig).smtp.mails.map(summary) }),
});

const clearMails = defineRoute({
  method: "DELETE",
  path: "/api/sandbox/mail",
  summary: "Forgets the messages that came by SMTP",
  answer: { schema: object({ removed: integer() }) },
  refusals,
  ctl: [{ words: "mail clear", synopsis: "", request: () => ({}) }],
  handle({ rig }) {
    const { smtp } = sandboxOf(rig);
    const removed = smtp.mails.length;
    smtp.clear();
    return json({ removed });
  },
});

const MAIL_PARAM = { n: "The id of a message" } as const;

const mail = defineRoute({
  method: "GET",
  path: "/api/sandbox/mail/{n}",
  summary: "A message that came by SMTP, parsed",
  params: MAIL_PARAM,
  answer: { schema: MAIL },
  refusals: { ...refusals, 404: "There is no such message" },
  ctl: [{ words: "mail show", synopsis: "N", request: ({ words }) => ({ params: { n: words[0] ?? "" } }) }],
  handle({ rig, params: { n } }) {
    const found = mailOf(rig, n);
    const { fields, text: body, attachments } = found.content;
    return json({
      ...summary(found),
      headers: fields,
      text: body,
      attachments: attachments.map(({ name, mediaType, size, sha256 }) => ({ name, type: mediaType, size, sha256 })),
    });
  },
});

const rawMail = defineRoute({
  method: "GET",
  path: "/api/sandbox/mail/{n}/raw",
  summary: "A message that came by SMTP, as received",
  params: MAIL_PARAM,
  answer: { media: "message/rfc822" },
  refusals: { ...refusals, 404: "There is no such message" },
  ctl: [{ words: "mail raw", synopsis: "N", request: ({ words }) => ({ params: { n: words[0] ?? "" } }) }],
  handle: ({ rig, params: { n } }) => bytes(once(mailOf(rig, n).raw), "message/rfc822"),
});

function summary({ id, from, recipients, content, raw }: ReceivedMail) {
  return { id, from, recipients, subject: content.subject, size: raw.length };
}

function mailOf(rig: Rig, id: string | undefined): ReceivedMail {
  const found = sandboxOf(rig).smtp.mails.find((candidate) => String(candidate.id) === id);
  if (found === undefined) throw new ControlError(404, `there is no message ${id}`);
  return found;
}

const deliver = defineRoute({
  method: "POST",
  path: "/api/sandbox/mailboxes/{user}",
  summary: "Puts a message into a POP3 mailbox",
  params: { user: "The account" },
  body: "raw",
  answer: { status: 201, schema: object({ size: integer() }) },
  refusals: { ...refusals, 507: "The mailboxes are full" },
  ctl: [
    {
      words: "mail put",
      synopsis: "FILE USER",
      request: async ({ words, readFile }) => ({
        params: { user: words[1] ?? "" },
        bytes: await readFile(words[0] ?? "-"),
      }),
    },
  ],
  async handle({ rig, params: { user = "" }, bytes: content }) {
    const { pop3 } = sandboxOf(rig);
    const raw = await readRaw(content, CONTROL_LIMITS.sandboxBody);
    attempt(() => pop3.put(user, raw), 507);
    return json({ size: raw.length }, 201);
  },
});

const REQUEST = object({
  id: integer(),
  method: text(),
  target: text(),
  headers: list(object({ name: text(), value: text() })),
  body: text({ description: "The beginning of the body, 64 KiB at most, one code point a byte" }),
  bodyLength: integer(),
  status: either([integer(), anything({ description: "null: not answered" })]),
});

const requests = defineRoute({
  method: "GET",
  path: "/api/sandbox/requests",
  summary: "The HTTP requests that came, with head and body",
  answer: { schema: object({ requests: list(REQUEST) }) },
  refusals,
  ctl: [{ words: "requests", synopsis: "", request: () => ({}) }],
  handle: ({ rig }) =>
    json({
      requests: sandboxOf(rig).http.requests.map(({ id, method, target, fields, body, bodyLength, status }) => ({
        id,
        method,
        target,
        headers: fields.map(([name, value]) => ({ name, value })),
        body: body.toString("latin1"),
        bodyLength,
        status: status ?? null,
      })),
    }),
});

const clearRequests = defineRoute({
  method: "DELETE",
  path: "/api/sandbox/requests",
  summary: "Forgets the HTTP requests that came",
  answer: { schema: object({ removed: integer() }) },
  refusals,
  ctl: [{ words: "requests clear", synopsis: "", request: () => ({}) }],
  handle({ rig }) {
    const { http } = sandboxOf(rig);
    const removed = http.requests.length;
    http.clear();
    return json({ removed });
  },
});

const PAGE_PARAM = { path: "The path of the page, without its first slash" } as const;
const host = optional(text({ minLength: 1, maxLength: 255, description: "Only for this host; for all without it" }));

const CANNED = object({
  status: optional(integer({ minimum: 200, maximum: 599, default: 200 })),
  headers: optional(map(text({ maxLength: 4096 }))),
  body: optional(text()),
});

const putPage = defineRoute({
  method: "PUT",
  path: "/api/sandbox/pages/{path}",
  summary: "Prepares an answer of the HTTP server: {status, headers, body}, or raw bytes whose type is not JSON",
  params: PAGE_PARAM,
  query: object({ host }),
  body: "raw",
  answer: { schema: object({ page: text() }) },
  refusals: { ...refusals, 507: "There are too many pages" },
  ctl: [
    {
      words: "page",
      synopsis: "FILE PATH",
      options: { host: "NAME" },
      request: async ({ words, options, readFile }) => ({
        params: { path: (words[1] ?? "").replace(/^\//, "") },
        query: { host: options.host as string | undefined },
        bytes: await readFile(words[0] ?? "-"),
      }),
    },
  ],
  async handle({ rig, params: { path = "" }, query, bytes: content, headers }) {
    const { http } = sandboxOf(rig);
    const type = String(headers["content-type"] ?? "application/octet-stream");
    const raw = await readRaw(content, CONTROL_LIMITS.sandboxBody);
    const isJson = /^application\/json\b/i.test(type);
    const page = isJson ? parseChecked(raw, CANNED) : { headers: { "Content-Type": type }, body: raw };
    attempt(() => http.page(`/${path}`, page, query.host), 422);
    return json({ page: `/${path}` });
  },
});

const deletePage = defineRoute({
  method: "DELETE",
  path: "/api/sandbox/pages/{path}",
  summary: "Removes a prepared answer of the HTTP server",
  params: PAGE_PARAM,
  query: object({ host }),
  answer: { schema: object({ removed: flag() }) },
  refusals: { ...refusals, 404: "There is no such page" },
  ctl: [
    {
      words: "page rm",
      synopsis: "PATH",
      options: { host: "NAME" },
      request: ({ words, options }) => ({
        params: { path: (words[0] ?? "").replace(/^\//, "") },
        query: { host: options.host as string | undefined },
      }),
    },
  ],
  handle({ rig, params: { path = "" }, query }) {
    const removed = sandboxOf(rig).http.removePage(`/${path}`, query.host);
    if (!removed) throw new ControlError(404, `there is no page /${path}`);
    return json({ removed });
  },
});

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
    const content = await attemptFile(() => files.get(path));
    if (content !== undefined) {
      return bytes(once(content), "application/octet-stream", { "Content-Length": String(content.length) });
    }
    const entries = await attemptFile(() => files.list(path));
    return json({ entries: entries.map(({ name, kind, size }) => ({ name, kind, size })) });
  },
});

const putFile = defineRoute({
  method: "PUT",
  path: "/api/sandbox/files/{path}",
  summary: "Puts a file into the FTP server's tree",
  params: FILE_PARAM,
  body: "raw",
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
    await attemptFile(() => files.put(path, raw));
    return json({ path: `/${path}`, size: raw.length });
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
    const removed = await attemptFile(() => files.delete(path));
    if (!removed) throw new ControlError(404, `there is no /${path}`);
    return json({ removed });
  },
});

function relative(path: string | undefined): string {
  return (path ?? "").replace(/^\//, "");
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

/** The sandbox refuses by a `RangeError` what it cannot hold or send. */
function attempt(work: () => void, status: 422 | 507): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ControlError(status, error.message, { at: "/body" });
  }
}

async function attemptFile<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FtpFileError)) throw error;
    throw new ControlError(error.reply === 552 ? 507 : 404, error.message, { at: "/path" });
  }
}

export const sandboxRoutes: readonly Route[] = [
  mails,
  clearMails,
  mail,
  rawMail,
  deliver,
  requests,
  clearRequests,
  putPage,
  deletePage,
  getFile,
  putFile,
  deleteFile,
];
