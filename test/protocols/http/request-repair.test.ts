import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HeaderTooLong, HTTP_LIMITS } from "../../../src/protocols/http/limits.ts";
import { RequestRepair } from "../../../src/protocols/http/request-repair.ts";

/** What goes out for a request entered in these pieces, or `undefined` for an empty one. */
function repaired(pieces: readonly Buffer[]): string | undefined {
  const repair = new RequestRepair();
  const sent = pieces.map((piece) => repair.push(Buffer.from(piece)));
  const rest = repair.finish();
  return rest === undefined ? undefined : Buffer.concat([...sent, rest]).toString("latin1");
}

function cut(bytes: Buffer, offsets: readonly number[]): Buffer[] {
  const edges = [0, ...offsets.map((offset) => offset % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
}

const rows: ReadonlyArray<readonly [name: string, entered: string, sent: string | undefined]> = [
  ["a whole request is left alone", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["a body is left alone", "POST / HTTP/1.1\r\n\r\na\nb\rc\r\n\n", "POST / HTTP/1.1\r\n\r\na\nb\rc\r\n\n"],
  ["the closing empty line is added", "GET / HTTP/1.1\r\nHost: a\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["the last line is ended", "GET / HTTP/1.1\r\nHost: a", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["half a CR LF is completed", "GET / HTTP/1.1\r\nHost: a\r", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["half a closing line is completed", "GET / HTTP/1.1\r\nHost: a\r\n\r", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["LF becomes CR LF", "GET / HTTP/1.1\nHost: a\n\nbody\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\nbody\n"],
  ["CR becomes CR LF", "GET / HTTP/1.1\rHost: a\r\rbody\r", "GET / HTTP/1.1\r\nHost: a\r\n\r\nbody\r"],
  ["a body may begin with CR LF after CRs", "GET /\r\rx\r\n", "GET /\r\n\r\nx\r\n"],
  ["CR lines are closed at Ctrl-Z", "GET / HTTP/1.1\rHost: a\r", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["CR CR at Ctrl-Z is closed", "GET / HTTP/1.1\rHost: a\r\r", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["LF lines are closed at Ctrl-Z", "GET / HTTP/1.1\nHost: a\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["CR and LF may be mixed", "GET / HTTP/1.1\rHost: a\n\rbody", "GET / HTTP/1.1\r\nHost: a\r\n\r\nbody"],
  ["CR CR LF is a stray CR and a CR LF", "GET /\r\r\nHost: a\r\n\r\nb\r\r", "GET /\r\r\nHost: a\r\n\r\nb\r\r"],
  ["stray CRs stay in a header with CR LF", "GET /\rX\r\nHost: a\r\r\r\n\r\n", "GET /\rX\r\nHost: a\r\r\r\n\r\n"],
  ["a line of a stray CR does not close a header", "GET /\r\n\r\r\n", "GET /\r\n\r\r\n\r\n"],
  ["LF LF ends a header with CR LF", "GET /\r\nHost: a\n\nb\r\n", "GET /\r\nHost: a\n\nb\r\n"],
  ["an LF line stays when the closing line has CR LF", "GET /\n\r\nb", "GET /\n\r\nb"],
  ["one line alone is a header", "GET /index.html", "GET /index.html\r\n\r\n"],
  ["empty lines before the request line stay", "\r\n\r\nGET /\r\n\r\n", "\r\n\r\nGET /\r\n\r\n"],
  ["LFs before the request line do not end the header", "\n\nGET /\n\nb", "\r\n\r\nGET /\r\n\r\nb"],
  ["bytes above 0x7F and zeros stay", "GET /\xe9\0\xff\r\n\r\n\0", "GET /\xe9\0\xff\r\n\r\n\0"],
  ["nothing is no request", "", undefined],
  ["line ends alone are no request", "\r\n\n\r", undefined],
];

describe("a request", () => {
  test.each(rows)("%s", (_, entered, sent) => {
    expect(repaired([Buffer.from(entered, "latin1")])).toBe(sent);
  });

  test.each(rows)("split anywhere: %s", (_, entered, sent) => {
    const bytes = Buffer.from(entered, "latin1");
    for (let at = 0; at <= bytes.length; at++) {
      expect(repaired([bytes.subarray(0, at), bytes.subarray(at)])).toBe(sent);
    }
    expect(repaired([...bytes].map((byte) => Buffer.of(byte)))).toBe(sent);
  });

  test("goes out the same however it is split", () => {
    const entered = fc.array(fc.constantFrom("\r", "\n", "\r\n", "a", "Host: b", "\0"), { maxLength: 30 });
    fc.assert(
      fc.property(entered, fc.array(fc.nat(200), { maxLength: 6 }), (parts, offsets) => {
        const bytes = Buffer.from(parts.join(""));
        expect(repaired(cut(bytes, offsets))).toBe(repaired([bytes]));
      }),
      { numRuns: 2000 },
    );
  });

  test("goes out with nothing changed but line ends", () => {
    const letters = (text: string) => text.replaceAll(/[\r\n]/g, "");
    fc.assert(
      fc.property(fc.array(fc.constantFrom("\r", "\n", "\r\n", "a", "b: c")), (parts) => {
        const sent = repaired([Buffer.from(parts.join(""))]);
        expect(letters(sent ?? "")).toBe(letters(parts.join("")));
      }),
    );
  });

  test("is not kept back once its header has gone out", () => {
    const repair = new RequestRepair();
    expect(repair.push(Buffer.from("POST / HTTP/1.1\r\n")).length).toBe(0);
    expect(String(repair.push(Buffer.from("\r\nab")))).toBe("POST / HTTP/1.1\r\n\r\nab");
    expect(String(repair.push(Buffer.from("c")))).toBe("c");
    expect(repair.method).toBe("POST");
  });

  test("may have a header of the bound, and no longer one", () => {
    const header = Buffer.from(`GET /${"x".repeat(HTTP_LIMITS.header - 9)}\r\n\r\n`);
    expect(header.length).toBe(HTTP_LIMITS.header);
    expect(new RequestRepair().push(header).length).toBe(HTTP_LIMITS.header);
    const longer = Buffer.concat([Buffer.from("y"), header]);
    expect(() => new RequestRepair().push(longer)).toThrow(HeaderTooLong);
    const endless = new RequestRepair();
    endless.push(longer.subarray(0, HTTP_LIMITS.header));
    expect(() => endless.push(Buffer.from("z"))).toThrow(HeaderTooLong);
  });
});
