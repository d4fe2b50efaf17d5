import type { ReadFile } from "../../platform/disk/files.ts";
import type { Connection, Listener } from "../../platform/network/network.ts";
import { History, type Numbered } from "../history.ts";
import { SANDBOX_LIMITS } from "../limits.ts";
import { type ListenOptions, SandboxServer, type ServerParts } from "../server.ts";
import { type CannedPage, CannedPages } from "./canned-pages.ts";
import type { RequestHead } from "./request.ts";
import { type HttpRecorder, HttpServerSession } from "./session.ts";

/** A request that came. It is listed when its header is there; the rest grows while it comes in. */
export interface ReceivedRequest extends RequestHead {
  /** The beginning of the body, 64 KiB at most. */
  readonly body: Buffer;
  readonly bodyLength: number;
  /** The status of the answer; `undefined` before it, and if there is none. */
  readonly status: number | undefined;
  /** Whether the exchange has ended. */
  readonly over: boolean;
}

export interface HttpServerOptions extends ListenOptions {
  /** The files that the server offers, by path. */
  readonly site: ReadFile;
}

const REFUSAL = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/**
 * The HTTP/1.1 server of the sandbox: a site of files, pages that show what came in, pages that misbehave, and canned
 * pages. It answers for every host.
 *
 * @rfc 9112
 */
export class HttpServer extends SandboxServer {
  readonly #site: ReadFile;
  readonly #pages = new CannedPages();
  readonly #history = new History<ReceivedRequest>({
    capacity: SANDBOX_LIMITS.http.requests,
    costOf: () => 1,
    isWhole: ({ over }) => over,
  });

  private constructor(parts: ServerParts, listener: Listener, options: HttpServerOptions) {
    super(parts, listener, options, { name: "http", refusal: REFUSAL, hasTls: true });
    this.#site = options.site;
  }

  /** Listens, and serves from then on. The signal bounds only the start. */
  static async start(parts: ServerParts, options: HttpServerOptions, signal: AbortSignal): Promise<HttpServer> {
    return new HttpServer(parts, await SandboxServer.listen(parts, options, signal), options);
  }

  /** The requests that came, oldest first; the last 100. */
  get requests(): readonly Numbered<ReceivedRequest>[] {
    return this.#history.entries;
  }

  /** Gives the first request whose id is above `after` (0: the first of those that are kept), once its exchange has ended. */
  next(after: number, signal: AbortSignal): Promise<Numbered<ReceivedRequest>> {
    return this.#history.next(after, signal);
  }

  /** Forgets the requests. The pages stay. */
  clear(): void {
    this.#history.clear();
  }

  /**
   * Prepares the answer to any method at a path, which may have a query; for every host, or for one. It goes before the
   * server's own pages. A `RangeError` tells what is wrong with it.
   */
  page(path: string, page: CannedPage, host?: string): void {
    this.#pages.set(path, page, host);
  }

  /** Removes a page that {@link page} has made; gives whether there was one. */
  removePage(path: string, host?: string): boolean {
    return this.#pages.remove(path, host);
  }

  protected async serve(connection: Connection, signal: AbortSignal): Promise<void> {
    const room = {
      ...this.parts,
      site: this.#site,
      pages: this.#pages,
      record: (head: RequestHead) => this.#record(head),
    };
    await new HttpServerSession(connection, room, signal).run();
  }

  protected restore(): void {
    this.#history.reset();
    this.#pages.clear();
  }

  #record(head: RequestHead): HttpRecorder {
    const entry = {
      ...head,
      body: Buffer.alloc(0),
      bodyLength: 0,
      status: undefined as number | undefined,
      over: false,
    };
    const request = this.#history.add(entry);
    this.parts.log.debug({ event: "sandbox-http-request", method: head.method, target: head.target });
    return {
      body: (block) => {
        request.bodyLength += block.length;
        const room = SANDBOX_LIMITS.http.requestBody - request.body.length;
        if (room > 0) request.body = Buffer.concat([request.body, block.subarray(0, room)]);
      },
      answered: (status) => {
        request.status = status;
        this.parts.events.emit({ type: "request", method: head.method, target: head.target, status });
      },
      over: () => {
        request.over = true;
        this.#history.changed();
      },
    };
  }
}
