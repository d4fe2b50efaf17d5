import { pointer } from "../../platform/schema/check.ts";
import {
  choice,
  either,
  integer,
  list,
  map,
  nothing,
  object,
  optional,
  type Static,
  text,
} from "../../platform/schema/schema.ts";
import type { CannedPage } from "../../sandbox/http/canned-pages.ts";
import { SANDBOX_LIMITS } from "../../sandbox/limits.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { Rig } from "../rig.ts";
import { type Action, ActionError, defineAction } from "./action.ts";
import { CONTENT, type Content, type ContentFiles, resolveContent } from "./content.ts";

/** The sandbox of a rig; an {@link ActionError} where there is none. */
export function sandboxOf(rig: Rig): Sandbox {
  if (rig.sandbox !== undefined) return rig.sandbox;
  throw new ActionError("conflict", "the rig has no sandbox; start it with --sandbox");
}

const HEADERS = map(text({ maxLength: 4096, pattern: "^[\\t -~\\u0080-\\u00ff]*$", "x-pattern": "one line of text" }), {
  description: 'An object: {"Content-Type":"text/plain"}',
  propertyNames: text({
    pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z\\-]+$",
    "x-pattern": "named as header fields are, with letters, digits and -",
  }),
});

const HEAD = {
  status: optional(integer({ minimum: 200, maximum: 599, default: 200 })),
  headers: optional(HEADERS),
} as const;

/** An answer of the HTTP server, as the control interface takes it. */
export const CANNED_PAGE = object({
  ...HEAD,
  body: optional(text({ maxLength: SANDBOX_LIMITS.http.pageBodies })),
});

type Page = Content | (Omit<Static<typeof CANNED_PAGE>, "body"> & { readonly body?: Content });

/** What the embedded servers are to hold. */
export const SANDBOX_CONTENTS = object({
  mail: optional(
    map(list(CONTENT, { maxItems: 1000 }), {
      description: 'POP3 mailboxes: {"user":["From: a@b.example\\nSubject: x\\n\\nText"]}; lines of text end in CR LF',
    }),
  ),
  pages: optional(
    map<Page | null>(either([CONTENT, object({ ...HEAD, body: optional(CONTENT) }), nothing()]), {
      description:
        'Answers of the HTTP server: {"/a.html":"text","www.example.com/b":{"status":404}}; null removes one',
    }),
  ),
  files: optional(
    map<Content | null>(either([CONTENT, nothing()]), {
      description: 'Files of the FTP server: {"/pub/a.txt":"text"}; null removes one',
    }),
  ),
});

export type SandboxContents = Static<typeof SANDBOX_CONTENTS>;

/** The contents in {@link SandboxContents}, by JSON pointer. */
export function* sandboxFiles({ mail = {}, pages = {}, files = {} }: SandboxContents): Generator<[string, Content]> {
  for (const [user, messages] of Object.entries(mail)) {
    for (const [index, content] of messages.entries()) yield [pointer(pointer("/mail", user), index), content];
  }
  for (const [path, page] of Object.entries(pages)) {
    const at = pointer("/pages", path);
    if (page === null) continue;
    if (isContent(page)) yield [at, page];
    else if (page.body !== undefined) yield [`${at}/body`, page.body];
  }
  for (const [path, content] of Object.entries(files)) {
    if (content !== null) yield [pointer("/files", path), content];
  }
}

function isContent(page: Page): page is Content {
  return typeof page === "string" || "base64" in page || "file" in page;
}

/** Puts contents into the servers. What they have no room for is a `RangeError` or an `FtpFileError`. */
export async function fillSandbox(
  { http, ftp, pop3 }: Sandbox,
  { mail = {}, pages = {}, files: tree = {} }: SandboxContents,
  files: ContentFiles,
): Promise<void> {
  for (const [user, messages] of Object.entries(mail)) {
    for (const content of messages) pop3.put(user, messageOf(resolveContent(content, files)));
  }
  for (const [place, page] of Object.entries(pages)) {
    const slash = place.indexOf("/");
    const [path, host] = slash > 0 ? [place.slice(slash), place.slice(0, slash)] : [place, undefined];
    if (page === null) http.removePage(path, host);
    else http.page(path, pageOf(page, files), host);
  }
  for (const [path, content] of Object.entries(tree)) {
    if (content === null) await ftp.files.delete(path);
    else await ftp.files.put(path, resolveContent(content, files));
  }
}

/** A message that stands in a scenario as text has the line ends of mail. */
function messageOf(content: string | Uint8Array): string | Uint8Array {
  return typeof content === "string" ? content.replace(/\r?\n/g, "\r\n") : content;
}

function pageOf(page: Page, files: ContentFiles): CannedPage {
  if (isContent(page)) return { body: resolveContent(page, files) };
  const { body, ...head } = page;
  return { ...head, ...(body === undefined ? {} : { body: resolveContent(body, files) }) };
}

const fill = defineAction({
  name: "sandbox",
  summary: "Messages come into mailboxes; pages and files are put, or removed by null",
  value: SANDBOX_CONTENTS,
  contents: sandboxFiles,
  run: ({ rig, files }, value) => fillSandbox(sandboxOf(rig), value, files),
});

/** What each list of the sandbox is forgotten by. */
const CLEAR = {
  mail: ({ smtp }: Sandbox) => smtp.clear(),
  requests: ({ http }: Sandbox) => http.clear(),
} as const;

const clear = defineAction({
  name: "clear",
  summary: "Forgets what the sandbox has received",
  value: choice(["mail", "requests"]),
  run: ({ rig }, value) => CLEAR[value](sandboxOf(rig)),
});

/** What happens to the embedded servers. */
export const SANDBOX_ACTIONS: readonly Action[] = [fill, clear];
