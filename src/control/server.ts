import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Log } from "../platform/log.ts";
import type { Rig } from "../rig/rig.ts";
import { ControlError } from "./control-error.ts";
import { type Access, checkContentType, guard } from "./guard.ts";
import { CONTROL_LIMITS } from "./limits.ts";
import { readJson, readQuery } from "./request-body.ts";
import type { Answer, Route } from "./route.ts";
import { Router } from "./router.ts";

export interface ControlServerParts {
  readonly rig: Rig;
  readonly routes: readonly Route[];
  readonly access: Access;
  readonly log: Log;
}

/** JSON over HTTP: the table of routes, served (instrument 3). */
export class ControlServer {
  readonly #parts: ControlServerParts;
  readonly #router: Router;
  readonly #server: Server;
  readonly #closing = new AbortController();

  constructor(parts: ControlServerParts) {
    this.#parts = parts;
    this.#router = new Router(parts.routes);
    this.#server = createServer(
      {
        maxHeaderSize: CONTROL_LIMITS.header,
        headersTimeout: CONTROL_LIMITS.headerTime,
        requestTimeout: CONTROL_LIMITS.requestTime,
        keepAliveTimeout: CONTROL_LIMITS.keepAlive,
        requireHostHeader: false,
      },
      (request, response) => void this.#serve(request, response),
    );
    this.#server.maxConnections = CONTROL_LIMITS.connections;
    this.#server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
      void this.#serve(request, response);
    });
    this.#server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
      if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy();
      const { status, body } = unreadable(error);
      const text = JSON.stringify(body);
      socket.end(
        `HTTP/1.1 ${status} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
      );
    });
  }

  get http(): Server {
    return this.#server;
  }

  /** Stops listening, ends what runs and drops every connection. */
  async close(): Promise<void> {
    this.#closing.abort(new Error("the control interface closes"));
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    const drop = () => gone.abort(new Error("the client has gone"));
    response.on("close", drop);
    const onClosing = () => gone.abort(this.#closing.signal.reason);
    this.#closing.signal.addEventListener("abort", onClosing, { once: true });
    try {
      const answer = await this.#answer(request, response, gone.signal);
      await this.#send(request, response, answer, gone.signal);
    } catch (error) {
      this.#refuse(request, response, error, gone.signal);
    } finally {
      this.#closing.signal.removeEventListener("abort", onClosing);
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<Answer> {
    const { access, rig, routes } = this.#parts;
    const url = parseTarget(request.url ?? "/");
    const method = request.method ?? "GET";
    // The route is looked for first only to learn whether it is public; nothing of it is told before the guard has passed.
    const found = attempt(() => this.#router.find(method, url.pathname));
    guard(request, access, found.value?.route.isPublic === true);
    if (found.value === undefined) throw found.error;
    const { route, params } = found.value;
    if (route.method !== "GET") checkContentType(request, route.body === "raw" ? "raw" : "json");
    const query = readQuery(url.searchParams, route.query);
    if (request.headers.expect !== undefined) response.writeContinue();
    const body =
      route.body === "raw" || route.method === "GET"
        ? null
        : await readJson(
            request,
            route.body ?? { type: "null" },
            route.body === undefined || route.bodyOptional === true,
          );
    return route.handle({ rig, routes, params, query, body, bytes: request, headers: request.headers, signal });
  }

  async #send(request: IncomingMessage, response: ServerResponse, answer: Answer, signal: AbortSignal): Promise<void> {
    if (answer.kind === "json") {
      sendJson(response, answer.status, answer.value, request.method === "HEAD");
      return;
    }
    response.writeHead(200, { "Content-Type": answer.type, "Cache-Control": "no-store", ...SAFE, ...answer.headers });
    if (request.method === "HEAD") {
      response.end();
      return;
    }
    response.flushHeaders();
    for await (const piece of answer.bytes) {
      if (signal.aborted) return;
      if (!response.write(piece)) await drained(response, signal);
    }
    response.end();
  }

  #refuse(request: IncomingMessage, response: ServerResponse, error: unknown, signal: AbortSignal): void {
    if (signal.aborted || response.headersSent) {
      response.destroy();
      return;
    }
    const refusal = error instanceof ControlError ? error : this.#unexpected(error);
    // What is left of the body is not read: the connection could not be used again.
    if (!request.complete) response.setHeader("Connection", "close");
    const { allowed } = refusal.beside;
    if (Array.isArray(allowed)) response.setHeader("Allow", allowed.join(", "));
    if (refusal.status === 401) response.setHeader("WWW-Authenticate", "Bearer");
    sendJson(response, refusal.status, refusal.body, request.method === "HEAD");
  }

  #unexpected(error: unknown): ControlError {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#parts.log.error({ event: "control-failed", detail });
    return new ControlError(500, "the control interface failed; the log tells more");
  }
}

/** Every answer forbids a browser to guess types or to show it inside another page. */
const SAFE = { "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY" } as const;

function sendJson(response: ServerResponse, status: number, value: unknown, headOnly: boolean): void {
  const text = `${JSON.stringify(value)}\n`;
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
    ...SAFE,
  });
  response.end(headOnly ? undefined : text);
}

function parseTarget(target: string): URL {
  try {
    return new URL(target, "http://localhost");
  } catch {
    throw new ControlError(400, "the request target cannot be read");
  }
}

function attempt<T>(work: () => T): { readonly value?: T; readonly error?: unknown } {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}

function unreadable(error: NodeJS.ErrnoException): ControlError {
  if (error.code === "HPE_HEADER_OVERFLOW")
    return new ControlError(431, `the header may have ${CONTROL_LIMITS.header} bytes`);
  if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") return new ControlError(408, "the request did not come in time");
  return new ControlError(400, "this is no HTTP/1.1 request");
}

function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    response.on("drain", done);
    signal.addEventListener("abort", done, { once: true });
  });
}
