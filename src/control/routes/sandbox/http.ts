import { anything, either, flag, integer, list, object, optional, text } from "../../../platform/schema/schema.ts";
import { CANNED_PAGE, sandboxOf } from "../../../rig/actions/sandbox-actions.ts";
import { ControlError } from "../../control-error.ts";
import { CONTROL_LIMITS } from "../../limits.ts";
import { parseChecked, readRaw } from "../../request-body.ts";
import { defineRoute, json, type Route } from "../../route.ts";
import { attempt, refusals } from "./access.ts";

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

const putPage = defineRoute({
  method: "PUT",
  path: "/api/sandbox/pages/{path}",
  summary: "Prepares an answer of the HTTP server: {status, headers, body}, or raw bytes whose type is not JSON",
  params: PAGE_PARAM,
  query: object({ host }),
  body: "raw",
  rawJson: CANNED_PAGE,
  answer: { schema: object({ page: text() }) },
  refusals: { ...refusals, 507: "There are too many pages" },
  ctl: [
    {
      words: "page",
      synopsis: "FILE PATH",
      options: { host: "NAME", status: "CODE", type: "MEDIA-TYPE" },
      async request({ words, options, readFile }) {
        const content = await readFile(words[0] ?? "-");
        const place = {
          params: { path: (words[1] ?? "").replace(/^\//, "") },
          query: { host: options.host as string | undefined },
        };
        const { status, type } = options;
        if (status === undefined && type === undefined) return { ...place, bytes: content };
        const headers = typeof type === "string" ? { "Content-Type": type } : {};
        const body = Buffer.from(content).toString("utf8");
        return { ...place, body: { ...(status === undefined ? {} : { status: Number(status) }), headers, body } };
      },
    },
  ],
  async handle({ rig, params: { path = "" }, query, bytes: content, headers }) {
    const { http } = sandboxOf(rig);
    const type = String(headers["content-type"] ?? "application/octet-stream");
    const raw = await readRaw(content, CONTROL_LIMITS.sandboxBody);
    const isJson = /^application\/json\b/i.test(type);
    const page = isJson ? parseChecked(raw, CANNED_PAGE) : { headers: { "Content-Type": type }, body: raw };
    attempt(() => http.page(`/${path}`, page, query.host), 507);
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

export const httpRoutes: readonly Route[] = [requests, clearRequests, putPage, deletePage];
