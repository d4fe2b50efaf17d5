import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ServiceError } from "../../../src/platform/network/service-error.ts";
import { HeaderTooLong, HTTP_LIMITS } from "../../../src/protocols/http/limits.ts";
import { ResponseReader } from "../../../src/protocols/http/response-reader.ts";

interface Read {
  readonly passed: string;
  /** `complete` before the server closed, `closed` by its closing, or the failure. */
  readonly end: "complete" | "closed" | Error | undefined;
}

/** Reads the pieces; the server closes after the last one if the response has not ended by then. */
function read(pieces: readonly Buffer[], options: { method?: string; lowerCase?: boolean } = {}): Read {
  const reader = new ResponseReader({ method: options.method ?? "GET", lowerCase: options.lowerCase ?? false });
  let passed = "";
  for (const piece of pieces) {
    const { pass, complete, failure } = reader.push(Buffer.from(piece));
    passed += pass.toString("latin1");
    if (complete) return { passed, end: "complete" };
    if (failure !== undefined) return { passed, end: failure };
  }
  const { pass, complete, failure } = reader.close();
  return { passed: passed + pass.toString("latin1"), end: complete ? "closed" : failure };
}

const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const body = '2E\r\n{"txt": "json hello world", "from": "nnoduka"}\r\n0\r\n\r\n';
const sized = (length: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`;

interface Row {
  readonly name: string;
  readonly reply: string;
  readonly method?: string;
  /** What follows the response on the connection and does not belong to it. */
  readonly extra?: string;
  readonly end: "complete" | "closed" | "CLOSED" | "REPLY";
}

const rows: readonly Row[] = [
  { name: "Content-Length", reply: `${sized("3")}abc`, extra: "HTTP/1.1 ", end: "complete" },
  { name: "Content-Length 0", reply: sized("0"), extra: "x", end: "complete" },
  { name: "the same length twice", reply: `${sized("3, 3")}abc`, extra: "x", end: "complete" },
  { name: "lower-case names and bare LF", reply: "http/1.0 200\ncontent-length:2\n\nab", extra: "x", end: "complete" },
  {
    name: "a folded field line",
    reply: `HTTP/1.1 200 OK\r\nContent-Length:\r\n 2\r\n\r\nab`,
    extra: "x",
    end: "complete",
  },
  { name: "several blanks", reply: "HTTP/1.1   200   OK\r\nContent-Length: 1\r\n\r\na", extra: "x", end: "complete" },
  { name: "other blanks", reply: "HTTP/1.1\t\v\f 204\tNo\r\n\r\n", extra: "x", end: "complete" },
  { name: "a CR for a blank", reply: "HTTP/1.1\r200\r\nContent-Length: 1\r\n\r\na", extra: "x", end: "complete" },
  { name: "HTTP/2", reply: "HTTP/2 200\r\nContent-Length: 1\r\n\r\na", extra: "x", end: "complete" },
  { name: "HTTP/1.10", reply: "HTTP/1.10 200 OK\r\nContent-Length: 1\r\n\r\na", extra: "x", end: "complete" },
  { name: "HTTP/ without a version", reply: "HTTP/ 200 OK\r\nContent-Length: 1\r\n\r\na", extra: "x", end: "complete" },
  {
    name: "blanks without end",
    reply: `HTTP/1.1 ${" ".repeat(100)}200 OK\r\nContent-Length: 1\r\n\r\na`,
    end: "closed",
  },
  { name: "a status of four digits", reply: "HTTP/1.1 2000 OK\r\nContent-Length: 1\r\n\r\nab", end: "closed" },
  {
    name: "a chunk size padded with zeros",
    reply: `${chunked}${"0".repeat(40)}1\r\na\r\n${"0".repeat(40)}\r\n\r\n`,
    extra: "x",
    end: "complete",
  },
  { name: "a padded chunk size of too many digits", reply: `${chunked}000${"f".repeat(14)}`, end: "REPLY" },
  { name: "lengths that differ", reply: `${sized("3, 4")}abc`, end: "REPLY" },
  { name: "a length below 0", reply: `${sized("-1")}abc`, end: "REPLY" },
  { name: "a length that is no number", reply: `${sized("0x10")}abc`, end: "REPLY" },
  { name: "a length past all numbers", reply: `${sized("9".repeat(30))}abc`, end: "REPLY" },
  { name: "an early close in a sized body", reply: `${sized("4")}abc`, end: "CLOSED" },
  { name: "chunked", reply: chunked + body, extra: "HTTP", end: "complete" },
  {
    name: "chunked overrides a length",
    reply: chunked.replace("\r\n\r\n", "\r\nContent-Length: 1\r\n\r\n") + body,
    end: "complete",
  },
  {
    name: "extensions and padding",
    reply: `${chunked}3;a="b;c"\r\nabc\r\n2  \r\nab\r\n0;x\r\n\r\n`,
    extra: "x",
    end: "complete",
  },
  { name: "a trailer", reply: `${chunked}1\r\na\r\n000\r\nDigest: a\r\nX: b\r\n\r\n`, extra: "\r\n", end: "complete" },
  {
    name: "gzip before chunked",
    reply: `${chunked.replace("chunked", "gzip, Chunked")}0\r\n\r\n`,
    extra: "x",
    end: "complete",
  },
  { name: "a coding without end", reply: `${chunked.replace("chunked", "gzip")}abc`, end: "closed" },
  { name: "the coding that is none", reply: `${chunked.replace("chunked", "identity")}abc`, end: "closed" },
  { name: "a chunk without size", reply: `${chunked}\r\n`, end: "REPLY" },
  { name: "a chunk size that is no number", reply: `${chunked}3x\r\n`, end: "REPLY" },
  { name: "a chunk size of too many digits", reply: `${chunked}${"f".repeat(14)}`, end: "REPLY" },
  { name: "a chunk longer than its size", reply: `${chunked}1\r\nab`, end: "REPLY" },
  { name: "an early close in a chunk", reply: `${chunked}5\r\nab`, end: "CLOSED" },
  { name: "an early close before the last chunk", reply: `${chunked}1\r\na\r\n`, end: "CLOSED" },
  { name: "an early close in the trailer", reply: `${chunked}0\r\n`, end: "CLOSED" },
  { name: "a body until the close", reply: "HTTP/1.0 200 OK\r\n\r\nabc", end: "closed" },
  { name: "HEAD", reply: sized("300"), method: "HEAD", extra: "x", end: "complete" },
  { name: "204", reply: "HTTP/1.1 204 No\r\nContent-Length: 3\r\n\r\n", extra: "x", end: "complete" },
  { name: "304", reply: "HTTP/1.1 304 No\r\nTransfer-Encoding: chunked\r\n\r\n", extra: "x", end: "complete" },
  {
    name: "interim responses",
    reply: `HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 103 X\r\nContent-Length: 9\r\n\r\n${sized("1")}a`,
    extra: "b",
    end: "complete",
  },
  { name: "interim and no final response", reply: "HTTP/1.1 100 Go\r\n\r\n", end: "CLOSED" },
  { name: "switching protocols", reply: "HTTP/1.1 101 X\r\nContent-Length: 1\r\n\r\nabc", end: "closed" },
  { name: "switching protocols and nothing more", reply: "HTTP/1.1 101 X\r\n\r\n", end: "closed" },
  { name: "a tunnel", reply: `${sized("1")}abc`, method: "CONNECT", end: "closed" },
  { name: "ICY", reply: "ICY 200 OK\r\nContent-Length: 1\r\n\r\nabc", end: "closed" },
  { name: "ICY cut in its header", reply: "ICY 200 OK\r\nServer", end: "closed" },
  { name: "text", reply: "SOURCETABLE is here\r\n\r\nContent-Length: 1", end: "closed" },
  { name: "one byte", reply: "x", end: "closed" },
  { name: "noise", reply: "\0\x01\xff\r\n", end: "closed" },
  { name: "nothing", reply: "", end: "CLOSED" },
  { name: "an early close in the status line", reply: "HTTP/1.1 2", end: "CLOSED" },
  { name: "an early close in the header", reply: "HTTP/1.1 200 OK\r\nContent-Le", end: "CLOSED" },
];

function outcome({ end }: Read): string | undefined {
  return end instanceof ServiceError ? end.code : end instanceof Error ? end.name : end;
}

describe("a response", () => {
  test.each(rows)("$name", ({ reply, extra = "", method = "GET", end }) => {
    const result = read([Buffer.from(reply + extra, "latin1")], { method });
    expect(outcome(result)).toBe(end);
    expect(result.passed).toBe(reply);
  });

  test.each(rows)("split anywhere: $name", ({ reply, extra = "", method = "GET", end }) => {
    const bytes = Buffer.from(reply + extra, "latin1");
    const single = [...bytes].map((byte) => Buffer.of(byte));
    const pairs = Array.from(bytes, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)]);
    for (const pieces of [single, ...pairs]) {
      const result = read(pieces, { method });
      expect(outcome(result)).toBe(end);
      // Where the framing breaks, what is passed on ends with the piece that broke it.
      if (end === "REPLY") expect(reply.startsWith(result.passed)).toBe(true);
      else expect(result.passed).toBe(reply);
    }
  });

  test.each([
    [
      "HTTP/1.1 200 OK\r\nX-A: Bc\r\nContent-Length: 5\r\n\r\nBody!",
      "http/1.1 200 ok\r\nx-a: bc\r\ncontent-length: 5\r\n\r\nBody!",
    ],
    ["ICY 200 OK\r\nServer: GNSS\r\n\r\nRTCM", "icy 200 ok\r\nserver: gnss\r\n\r\nRTCM"],
    [
      "HTTP/1.1 100 Go\r\nA: B\r\n\r\nHTTP/1.1 204 No\r\n\r\n",
      "http/1.1 100 go\r\na: b\r\n\r\nhttp/1.1 204 no\r\n\r\n",
    ],
    [
      `${chunked}2E\r\n${"A".repeat(46)}\r\n0\r\nT: A\r\n\r\n`,
      `${chunked.toLowerCase()}2E\r\n${"A".repeat(46)}\r\n0\r\nT: A\r\n\r\n`,
    ],
    ["SOURCETABLE 20 OK\r\n\r\nAB", "SOURCETABLE 20 OK\r\n\r\nAB"],
    ["Hello World\r\nA: B\r\n\r\n", "Hello World\r\nA: B\r\n\r\n"],
    ["HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n"],
  ])("in lower case, split anywhere: %j", (reply, passed) => {
    const bytes = Buffer.from(reply, "latin1");
    for (let at = 0; at <= bytes.length; at++) {
      expect(read([bytes.subarray(0, at), bytes.subarray(at)], { lowerCase: true }).passed).toBe(passed);
    }
  });

  test("is read the same however it is split", () => {
    const parts = fc.constantFrom(
      "HTTP/1.1 200 OK",
      "HTTP/1.1 100 X",
      "ICY 200 OK",
      "\r\n",
      "\r\n\r\n",
      "3\r\nabc\r\n",
      "0\r\n\r\n",
      "Transfer-Encoding: chunked",
      "Content-Length: 3",
      "X: Y",
      "abc",
      "\n",
    );
    fc.assert(
      fc.property(
        fc.array(parts, { maxLength: 12 }),
        fc.array(fc.nat(200), { maxLength: 5 }),
        fc.boolean(),
        (reply, offsets, lowerCase) => {
          const bytes = Buffer.from(reply.join(""));
          const edges = [...offsets.map((offset) => offset % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
          const pieces = edges.map((edge, index) => bytes.subarray(edges[index - 1] ?? 0, edge));
          const whole = read([bytes], { lowerCase });
          const split = read(
            pieces.filter((piece) => piece.length > 0),
            { lowerCase },
          );
          expect(outcome(split)).toBe(outcome(whole));
          if (outcome(whole) !== "REPLY") expect(split.passed).toBe(whole.passed);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("with a header past the bound fails", () => {
    const field = Buffer.from(`X: ${"y".repeat(1000)}\r\n`);
    const pieces = [
      Buffer.from("HTTP/1.1 200 OK\r\n"),
      ...Array.from({ length: HTTP_LIMITS.header / 1000 + 1 }, () => field),
    ];
    expect(read(pieces).end).toBeInstanceOf(HeaderTooLong);
    expect(read([Buffer.concat(pieces)]).end).toBeInstanceOf(HeaderTooLong);
  });

  test("that is not HTTP has no bound", () => {
    const line = Buffer.from(`${"y".repeat(1000)}\r\n`);
    const pieces = [Buffer.from("ICY 200 OK\r\n"), ...Array.from({ length: 100 }, () => line)];
    expect(read(pieces)).toEqual({ passed: Buffer.concat(pieces).toString(), end: "closed" });
  });
});
