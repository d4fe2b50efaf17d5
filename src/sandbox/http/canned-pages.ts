import { SANDBOX_LIMITS } from "../limits.ts";
import type { HttpAnswer } from "./answer.ts";
import { field, type RequestHead } from "./request.ts";

/** An answer that a test has prepared. */
export interface CannedPage {
  /** 200 without it; from 200 to 599. */
  readonly status?: number;
  /** They replace the server's own: `Content-Type`, `Content-Length`, `Connection` and others. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

interface StoredPage {
  readonly answer: HttpAnswer;
  readonly size: number;
}

/** The canned pages of the embedded HTTP server, by path and host. */
export class CannedPages {
  readonly #pages = new Map<string, StoredPage>();
  #size = 0;

  /** Puts a page instead of one that is there. Without a host it is for every host that has no page of its own there. */
  set(path: string, page: CannedPage, host?: string): void {
    if (!path.startsWith("/")) throw new RangeError(`the path of a page begins with a slash: ${path}`);
    const answer = answerOf(page);
    const size = answer.length ?? 0;
    const key = keyOf(path, host);
    const freed = this.#pages.get(key)?.size ?? 0;
    const isFull = !this.#pages.has(key) && this.#pages.size >= SANDBOX_LIMITS.http.pages;
    if (isFull || this.#size - freed + size > SANDBOX_LIMITS.http.pageBodies) throw new RangeError("too many pages");
    this.#pages.set(key, { answer, size });
    this.#size += size - freed;
  }

  /** Removes a page; gives whether there was one. */
  remove(path: string, host?: string): boolean {
    const key = keyOf(path, host);
    this.#size -= this.#pages.get(key)?.size ?? 0;
    return this.#pages.delete(key);
  }

  clear(): void {
    this.#pages.clear();
    this.#size = 0;
  }

  /** The page for a request. A page whose path has a query is for that query alone. */
  find(head: RequestHead): HttpAnswer | undefined {
    const paths = head.query === "" ? [head.path] : [`${head.path}?${head.query}`, head.path];
    const keys = [hostOf(head), undefined].flatMap((host) => paths.map((path) => keyOf(path, host)));
    return keys.map((key) => this.#pages.get(key)).find((page) => page !== undefined)?.answer;
  }
}

/** Paths are compared without their escapes, hosts in any case of letters. */
function keyOf(path: string, host: string | undefined): string {
  return `${host?.toLowerCase() ?? ""} ${unescaped(path)}`;
}

function unescaped(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** RFC 9112 §3.2.2: an absolute target names the host, whatever the field says. */
function hostOf(head: RequestHead): string {
  const authority = /^https?:\/\/([^/?#]*)/i.exec(head.target)?.[1] ?? field(head, "host") ?? "";
  return authority.replace(/:\d*$/, "");
}

function answerOf({ status = 200, headers = {}, body = "" }: CannedPage): HttpAnswer {
  if (!Number.isInteger(status) || status < 200 || status > 599) throw new RangeError(`not a final status: ${status}`);
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || !/^[\t -~\x80-\xff]*$/.test(value)) {
      throw new RangeError(`not a header field: ${name}`);
    }
  }
  const content = Buffer.from(body as string);
  return {
    status,
    type: typeof body === "string" ? "text/plain; charset=utf-8" : "application/octet-stream",
    body: [content],
    length: content.length,
    fields: Object.entries(headers),
  };
}
