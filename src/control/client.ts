import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";

/** Where a control interface listens. */
export type ControlAddress =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

export interface ControlCall {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly token?: string | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly bytes?: Uint8Array | undefined;
  readonly accept?: string;
  readonly signal: AbortSignal;
}

/** Reads `http://HOST:PORT`, `HOST:PORT`, `PORT` or `unix:PATH`; `undefined` for anything else. */
export function parseControlAddress(given: string): ControlAddress | undefined {
  if (given.startsWith("unix:")) return given.length > 5 ? { kind: "unix", path: given.slice(5) } : undefined;
  const found = /^(?:http:\/\/)?(?:(\[[0-9a-f:.]+\]|[^:/]*):)?(\d{1,5})\/?$/i.exec(given);
  const port = Number(found?.[2] ?? -1);
  if (found === null || port > 65_535) return undefined;
  const host = (found[1] ?? "").replace(/^\[|\]$/g, "");
  return { kind: "tcp", host: host === "" ? "127.0.0.1" : host, port };
}

/** The address as a person and `VMODEM_CONTROL` have it. */
export function formatControlAddress(address: ControlAddress): string {
  if (address.kind === "unix") return `unix:${address.path}`;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `http://${host}:${address.port}`;
}

/** Makes one request of a control interface, and gives the response once its header has come. */
export function callControl(address: ControlAddress, call: ControlCall): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const content = call.bytes ?? (call.method === "GET" ? undefined : Buffer.from(JSON.stringify(call.body ?? null)));
    const request: ClientRequest = httpRequest({
      ...(address.kind === "unix" ? { socketPath: address.path } : address),
      method: call.method,
      path: call.path,
      agent: false,
      signal: call.signal,
      headers: {
        // The server takes no other name, because a web page could have made it point there. The address may be a name.
        Host: "localhost",
        Accept: call.accept ?? "application/json",
        ...(call.token === undefined ? {} : { Authorization: `Bearer ${call.token}` }),
        ...(content === undefined
          ? {}
          : {
              "Content-Type": call.bytes === undefined ? "application/json" : "application/octet-stream",
              "Content-Length": content.length,
            }),
      },
    });
    request.on("response", resolve);
    request.on("error", reject);
    request.end(content);
  });
}

/** Reads a response of JSON to its end. */
export async function readJsonResponse(response: AsyncIterable<Buffer>): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString("utf8"));
}
