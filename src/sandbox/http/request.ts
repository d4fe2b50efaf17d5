import type { Connection } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import { SANDBOX_LIMITS } from "../limits.ts";

/** A request that the server answers with 400. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
}

/** The header of a request as received. */
export interface RequestHead {
  readonly method: string;
  /** As it was sent: `/a?b`, or `http://host/a?b`. */
  readonly target: string;
  /** Path and query of the target, whatever server it names. */
  readonly path: string;
  readonly query: string;
  readonly version: "1.0" | "1.1";
  /** The field lines in order, names in lower case. */
  readonly fields: ReadonlyArray<readonly [name: string, value: string]>;
}

/** How the body of a request is framed; a length of 0 is none. */
export type RequestFraming = number | "chunked";

/** The value of the first field line of that name. */
export function field(head: RequestHead, name: string): string | undefined {
  return head.fields.find(([candidate]) => candidate === name)?.[1];
}

/**
 * Reads a request's header, or gives `undefined` when the client has ended instead.
 *
 * Deviation: RFC 9112 §3.2 wants 400 for HTTP/1.1 without Host; programs on modules leave it out, and real servers accept it.
 */
export async function readHead(connection: Connection, signal: AbortSignal): Promise<RequestHead | undefined> {
  const first = await readRequestLine(connection, signal);
  if (first === undefined) return undefined;
  const parts = /^([!-~]+) ([!-~]+)(?: HTTP\/1\.([01]))?$/.exec(first);
  if (parts === null) throw new BadRequest("the request line");
  const [, method = "", target = "", minor = "0"] = parts;
  const local = /^(?:https?:\/\/[^/?#]*)?([^?#]*)(?:\?([^#]*))?/i.exec(target);
  return {
    method,
    target,
    path: local?.[1] || "/",
    query: local?.[2] ?? "",
    version: minor === "1" ? "1.1" : "1.0",
    fields: await readFields(connection, signal),
  };
}

/** RFC 9112 §2.2: empty lines before the request line are passed over. */
async function readRequestLine(connection: Connection, signal: AbortSignal): Promise<string | undefined> {
  for (let empty = 0; empty < SANDBOX_LIMITS.http.fields; empty++) {
    let line: string;
    try {
      line = await readLine(connection, signal);
    } catch (error) {
      if (error instanceof ServiceError) return undefined;
      throw error;
    }
    if (line !== "") return line;
  }
  throw new BadRequest("the number of empty lines");
}

async function readLine(connection: Connection, signal: AbortSignal): Promise<string> {
  try {
    return (await connection.readLine(SANDBOX_LIMITS.http.line, signal)).toString("latin1");
  } catch (error) {
    if (error instanceof ServiceError && error.code === "REPLY") throw new BadRequest("the length of a line");
    throw error;
  }
}

async function readFields(connection: Connection, signal: AbortSignal): Promise<Array<readonly [string, string]>> {
  const fields: Array<readonly [string, string]> = [];
  for (;;) {
    const line = await readLine(connection, signal);
    if (line === "") return fields;
    const parts = /^([!-9;-~]+):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (parts === null || fields.length === SANDBOX_LIMITS.http.fields) throw new BadRequest("a field line");
    fields.push([(parts[1] ?? "").toLowerCase(), parts[2] ?? ""]);
  }
}

/** How the body is framed (RFC 9112 §6.3 rules 4 to 7). */
export function requestFraming(head: RequestHead): RequestFraming {
  const coding = field(head, "transfer-encoding");
  if (coding !== undefined) {
    if (coding.toLowerCase() !== "chunked") throw new BadRequest("the transfer coding");
    return "chunked";
  }
  const lengths = new Set(head.fields.filter(([name]) => name === "content-length").map(([, value]) => value));
  const [length = "0", ...others] = lengths;
  if (!/^\d{1,15}$/.test(length) || others.length > 0) throw new BadRequest("the content length");
  return Number(length);
}

/** Reads a body in blocks, without its framing. */
export async function* readBody(
  connection: Connection,
  framing: RequestFraming,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  if (framing !== "chunked") {
    yield* readBlocks(connection, framing, signal);
    return;
  }
  for (;;) {
    const size = /^([0-9a-f]{1,13})[ \t]*(?:;.*)?$/i.exec(await readLine(connection, signal));
    if (size === null) throw new BadRequest("a chunk size");
    const length = Number.parseInt(size[1] ?? "", 16);
    if (length === 0) break;
    yield* readBlocks(connection, length, signal);
    if ((await readLine(connection, signal)) !== "") throw new BadRequest("the end of a chunk");
  }
  await readFields(connection, signal);
}

async function* readBlocks(connection: Connection, length: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  for (let left = length; left > 0; ) {
    const block = await connection.readExactly(Math.min(left, SANDBOX_LIMITS.http.block), signal);
    left -= block.length;
    yield block;
  }
}
