import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Log } from "../platform/log.ts";
import { either, nothing, object } from "../platform/schema/schema.ts";
import { ActionError } from "../rig/actions/action.ts";
import type { Rig } from "../rig/rig.ts";
import { ControlError } from "./control-error.ts";
import { type Access, checkContentType, guard } from "./guard.ts";
import { CONTROL_LIMITS } from "./limits.ts";
import { readJson, readQuery } from "./request-body.ts";
import type { Answer, ByteSource, Route } from "./route.ts";
import { Router } from "./router.ts";
import { modemOf } from "./routes/modem-of.ts";

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
  /** The connections on which an answer is being made or sent. */
  readonly #answering = new WeakSet<object>();

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
      // An answer that is under way cannot be followed by a refusal that the client would tell from it.
      if (!socket.writable || error.code === "ECONNRESET" || this.#answering.has(socket)) return void socket.destroy();
      const { status, body } = unreadable(error);
      const text = JSON.stringify(body);
      socket.end(
        `HTTP/1.1 ${status} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
      );
      onTimeout(CONTROL_LIMITS.lingerTime, () => socket.destroy());
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
    const { socket } = request;
    this.#answering.add(socket);
    response.on("close", () => {
      this.#answering.delete(socket);
      drop();
    });
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
    const { path, search } = parseTarget(request.url ?? "/");
    const method = request.method ?? "GET";
    // The route is looked for first only to learn whether it is public; nothing of it is told before the guard has passed.
    const found = attempt(() => this.#router.find(method, path));
    guard(request, access, found.value?.route.isPublic === true);
    if (found.value === undefined) throw found.error;
    const { route, params } = found.value;
    if (route.method !== "GET") checkContentType(request, route.body === "raw" ? "raw" : "json");
    const query = readQuery(search, route.query);
    if (request.headers.expect !== undefined) response.writeContinue();
    // A handler that stops reading must not destroy the connection, on which the refusal is sent.
    const bytes = request.iterator({ destroyOnReturn: false });
    const body =
      route.body === "raw" || route.method === "GET"
        ? null
        : await readJson(bytes, route.body ?? NO_BODY, route.body === undefined || route.bodyOptional === true);
    try {
      return await route.handle({ rig, routes, params, query, body, bytes, headers: request.headers, signal });
    } catch (error) {
      if (error instanceof ActionError) throw ControlError.refused(error);
      if (error instanceof ControlError || params.id === undefined) throw error;
      // Whatever failed, it failed because the modem was removed meanwhile.
      modemOf(rig, params.id);
      throw error;
    }
  }

  async #send(request: IncomingMessage, response: ServerResponse, answer: Answer, signal: AbortSignal): Promise<void> {
    if (answer.kind === "json") {
      sendJson(response, answer.status, answer.value, request.method === "HEAD");
      return;
    }
    try {
      response.writeHead(200, { "Content-Type": answer.type, "Cache-Control": "no-store", ...SAFE, ...answer.headers });
      if (request.method !== "HEAD") await sendBytes(response, answer.bytes, signal);
      response.end();
    } finally {
      await answer.bytes.close?.();
    }
  }

  #refuse(request: IncomingMessage, response: ServerResponse, error: unknown, signal: AbortSignal): void {
    if (signal.aborted || response.headersSent) {
      response.destroy();
      return;
    }
    const refusal = error instanceof ControlError ? error : this.#unexpected(error);
    const { allowed } = refusal.beside;
    if (Array.isArray(allowed)) response.setHeader("Allow", allowed.join(", "));
    if (refusal.status === 401) response.setHeader("WWW-Authenticate", "Bearer");
    // What is left of a body is not wanted: the connection cannot be used again.
    if (!request.complete) response.setHeader("Connection", "close");
    writeJson(response, refusal.status, refusal.body, request.method === "HEAD");
    if (request.complete) response.end();
    else endWhenUnread(request, response);
  }

  #unexpected(error: unknown): ControlError {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#parts.log.error({ event: "control-failed", detail });
    return new ControlError(500, "the control interface failed; the log tells more");
  }
}

/** A route that takes no body takes an empty object, too: many clients send one where JSON is asked for. */
const NO_BODY = either([nothing(), object({})]);

/** Every answer forbids a browser to guess types or to show it inside another page. */
const SAFE = { "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY" } as const;

function sendJson(response: ServerResponse, status: number, value: unknown, headOnly: boolean): void {
  writeJson(response, status, value, headOnly);
  response.end();
}

/** Writes a whole answer, but leaves the response open. */
function writeJson(response: ServerResponse, status: number, value: unknown, headOnly: boolean): void {
  const text = `${JSON.stringify(value)}\n`;
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
    ...SAFE,
  });
  if (headOnly) response.flushHeaders();
  else response.write(text);
}

/**
 * Ends a response when the client has stopped sending, or after a while: closing a connection with bytes unread would reset
 * it, and the client could lose the answer (RFC 9112, section 9.6).
 */
function endWhenUnread(request: IncomingMessage, response: ServerResponse): void {
  const end = () => void response.end();
  request.on("end", end);
  request.on("error", end);
  request.resume();
  onTimeout(CONTROL_LIMITS.lingerTime, end);
}

function onTimeout(ms: number, callback: () => void): void {
  AbortSignal.timeout(ms).addEventListener("abort", callback, { once: true });
}

async function sendBytes(response: ServerResponse, source: ByteSource, signal: AbortSignal): Promise<void> {
  response.flushHeaders();
  for await (const piece of source) {
    if (signal.aborted) return;
    if (!response.write(piece)) await drained(response, signal);
  }
}

/** The path and the query of a request target (RFC 9112, section 3.2), not normalized: `..` has its meaning in the EFS. */
function parseTarget(target: string): { readonly path: string; readonly search: URLSearchParams } {
  const [, path, query = ""] = /^(?:https?:\/\/[^/?]*)?(\/[^?]*)(?:\?(.*))?$/is.exec(target) ?? [];
  if (path === undefined) throw new ControlError(400, "the request target cannot be read");
  return { path, search: new URLSearchParams(query) };
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
