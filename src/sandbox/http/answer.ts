import type { Connection } from "../../platform/network/network.ts";

/** What a page of the origin answers with. A body without `length` goes out chunked, or until the close to HTTP/1.0. */
export interface HttpAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: Iterable<Buffer> | AsyncIterable<Buffer>;
  readonly length?: number;
  readonly fields?: ReadonlyArray<readonly [name: string, value: string]>;
}

/** What the answer has to fit. */
export interface AnswerContext {
  /** To HEAD the header goes out alone. */
  readonly headerOnly: boolean;
  readonly version: "1.0" | "1.1";
  readonly keepAlive: boolean;
  /** The value of the Date field. */
  readonly date: string;
}

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No Content",
  206: "Partial Content",
  301: "Moved Permanently",
  302: "Found",
  303: "See Other",
  304: "Not Modified",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  408: "Request Timeout",
  409: "Conflict",
  410: "Gone",
  411: "Length Required",
  412: "Precondition Failed",
  413: "Content Too Large",
  414: "URI Too Long",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  426: "Upgrade Required",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** An answer that is one piece. */
export function whole(status: number, type: string, content: Buffer | string): HttpAnswer {
  const body = Buffer.from(content);
  return { status, type, body: [body], length: body.length };
}

/** A page of one sentence, for what is not there and what went wrong. */
export function plainPage(status: number, sentence: string): HttpAnswer {
  const title = `${status} ${REASONS[status] ?? ""}`.trim();
  return whole(
    status,
    "text/html",
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>${sentence}</body>\r\n</html>\r\n`,
  );
}

/** Sends an answer, and tells whether the connection may carry another. */
export async function sendAnswer(
  connection: Connection,
  answer: HttpAnswer,
  context: AnswerContext,
  signal: AbortSignal,
): Promise<boolean> {
  const own = new Map((answer.fields ?? []).map(([name, value]) => [name.toLowerCase(), value]));
  const bodiless = answer.status === 204 || answer.status === 304;
  // Framing that the answer brings along may be wrong on purpose: nothing is added, and only the close ends the body.
  const isFramed = own.has("content-length") || own.has("transfer-encoding");
  const chunked = answer.length === undefined && context.version === "1.1" && !bodiless && !isFramed;
  const wanted = context.keepAlive && !/close/i.test(own.get("connection") ?? "");
  const keepAlive = wanted && !isFramed && (answer.length !== undefined || chunked || bodiless);
  const defaults: Array<readonly [string, string]> = [
    ["Date", context.date],
    ["Server", "vmodem-sandbox"],
  ];
  if (!bodiless) defaults.push(["Content-Type", answer.type]);
  if (chunked) defaults.push(["Transfer-Encoding", "chunked"]);
  else if (answer.length !== undefined && !bodiless && !isFramed) {
    defaults.push(["Content-Length", String(answer.length)]);
  }
  const connectionField = ["Connection", keepAlive ? "keep-alive" : "close"] as const;
  const isDefault = ([name]: readonly [string, string]) => !own.has(name.toLowerCase());
  const fields = [...defaults.filter(isDefault), ...(answer.fields ?? []), ...[connectionField].filter(isDefault)];
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  await connection.write(`HTTP/1.1 ${answer.status} ${REASONS[answer.status] ?? "Unnamed"}\r\n${lines}\r\n`, signal);
  if (!bodiless && !context.headerOnly) await sendBody(connection, answer.body, chunked, signal);
  return keepAlive;
}

async function sendBody(
  connection: Connection,
  body: HttpAnswer["body"],
  chunked: boolean,
  signal: AbortSignal,
): Promise<void> {
  for await (const block of body) {
    // A chunk of size 0 would end the body.
    if (block.length === 0) continue;
    if (chunked) await connection.write(`${block.length.toString(16).toUpperCase()}\r\n`, signal);
    await connection.write(block, signal);
    if (chunked) await connection.write("\r\n", signal);
  }
  if (chunked) await connection.write("0\r\n\r\n", signal);
}
