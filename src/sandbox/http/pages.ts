import type { ReadFile } from "../../platform/disk/files.ts";
import { SANDBOX_LIMITS } from "../limits.ts";
import { type HttpAnswer, plainPage, whole } from "./answer.ts";
import { field, type RequestFraming, type RequestHead } from "./request.ts";

/** A request, with its body where it has one. */
export interface PageRequest {
  readonly head: RequestHead;
  readonly framing: RequestFraming;
  readonly body: AsyncIterable<Buffer>;
}

/** What a page does instead of answering: end the connection, stay silent, or break it. */
export type Misbehaviour = "close" | "hang" | "reset";

/** What the server has at a path; the groups of the pattern are the arguments. */
interface Page {
  readonly path: RegExp;
  readonly answer: (request: PageRequest, argument: string) => HttpAnswer | Misbehaviour;
}

const TEXT = "text/plain";
const BINARY = "application/octet-stream";

const PAGES: readonly Page[] = [
  { path: /^\/echo$/, answer: echo },
  { path: /^\/headers$/, answer: ({ head }) => whole(200, TEXT, describe(head)) },
  {
    path: /^\/chunked$/,
    answer: () => ({ status: 200, type: TEXT, body: ["one\n", "two\n", "three\n"].map(Buffer.from) }),
  },
  { path: /^\/status\/([2-5]\d\d)$/, answer: (_, status) => plainPage(Number(status), "As you asked for.") },
  {
    path: /^\/bytes\/(\d{1,15})$/,
    answer: (_, count) => ({ status: 200, type: BINARY, body: pattern(Number(count)), length: Number(count) }),
  },
  { path: /^\/close$/, answer: () => "close" },
  { path: /^\/hang$/, answer: () => "hang" },
  { path: /^\/reset$/, answer: () => "reset" },
];

/** What the server answers to a request: a page of its own, or a file of the site. */
export async function answerPage(request: PageRequest, site: ReadFile): Promise<HttpAnswer | Misbehaviour> {
  const { path, method } = request.head;
  for (const page of PAGES) {
    const match = page.path.exec(path);
    if (match !== null) return page.answer(request, match[1] ?? "");
  }
  if (method !== "GET" && method !== "HEAD" && method !== "POST") {
    return {
      ...plainPage(405, "A page can be asked for by GET, HEAD and POST."),
      fields: [["Allow", "GET, HEAD, POST"]],
    };
  }
  const name = fileName(path);
  const content = name === undefined ? undefined : await site(name);
  return content === undefined
    ? plainPage(404, "The sandbox has no such page.")
    : whole(200, typeOf(name ?? ""), content);
}

/** Sends the body back, or the query where there is none. */
function echo({ head, framing, body }: PageRequest): HttpAnswer {
  if (framing === 0) return whole(200, TEXT, head.query);
  const type = field(head, "content-type") ?? BINARY;
  const echoed = holdBack(body);
  return framing === "chunked"
    ? { status: 200, type, body: echoed }
    : { status: 200, type, body: echoed, length: framing };
}

/** Echoes a body that fits in memory only when it is complete: a client may send its whole request before it reads. */
async function* holdBack(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const kept: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    kept.push(piece);
    if (bytes > SANDBOX_LIMITS.http.echo) yield* kept.splice(0);
  }
  yield* kept;
}

/** The header as received. */
function describe(head: RequestHead): string {
  const lines = head.fields.map(([name, value]) => `${name}: ${value}\n`).join("");
  return `${head.method} ${head.target} HTTP/${head.version}\n${lines}`;
}

/** `length` bytes; each is its offset modulo 251, so that all control bytes occur and blocks do not line up with powers of two. */
function* pattern(length: number): Generator<Buffer> {
  const block = Buffer.from(
    Array.from({ length: 251 * Math.floor(SANDBOX_LIMITS.http.block / 251) }, (_, at) => at % 251),
  );
  for (let left = length; left > 0; left -= block.length) {
    yield left < block.length ? block.subarray(0, left) : block;
  }
}

/** The file at a path, without its escapes; a directory stands for its index. */
function fileName(path: string): string | undefined {
  try {
    const name = decodeURIComponent(path);
    if (!name.startsWith("/") || name.includes("\0")) return undefined;
    return name.endsWith("/") ? `${name}index.html` : name;
  } catch {
    return undefined;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  jsp: "text/html",
  txt: TEXT,
  json: "application/json",
  png: "image/png",
  jpg: "image/jpeg",
};

function typeOf(name: string): string {
  return TYPES[name.slice(name.lastIndexOf(".") + 1).toLowerCase()] ?? BINARY;
}
