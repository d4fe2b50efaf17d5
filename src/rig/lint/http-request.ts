import { ETX } from "../../codec/control-bytes.ts";
import { RequestRepair } from "../../protocols/http/request-repair.ts";

/** A request as its server got it, and what a host may have done wrong in it. */
export interface EnteredRequest {
  /** The repair of decisions 6 that it needed. */
  readonly repaired: string | undefined;
  /** It is HTTP/1.1 and names no host. */
  readonly lacksHost: boolean;
  /** By how many bytes the body is shorter than its Content-Length. */
  readonly missing: number;
}

/** ETX makes the next byte literal (manual 6.1). */
const ESCAPED = new RegExp(`${String.fromCharCode(ETX)}([\\s\\S])`, "g");

/** Looks at the data of AT+CHTTPACT as a host entered them. `undefined` where they are no request with a readable header. */
export function readEnteredRequest(entered: string): EnteredRequest | undefined {
  const request = Buffer.from(entered.replace(ESCAPED, "$1"), "latin1");
  const sent = repair(request);
  if (sent === undefined) return undefined;
  const end = sent.indexOf("\r\n\r\n") + 4;
  const [first = "", ...fields] = sent.toString("latin1", 0, end).trimStart().split("\r\n");
  const length = fields.map((field) => /^content-length\s*:\s*(\d{1,15})\s*$/i.exec(field)?.[1]).find(Boolean);
  return {
    repaired: sent.equals(request) ? undefined : describeRepair(request),
    lacksHost: /\sHTTP\/1\.1\s*$/i.test(first) && !fields.some((field) => /^host\s*:/i.test(field)),
    missing: length === undefined ? 0 : Math.max(0, Number(length) - (sent.length - end)),
  };
}

function repair(request: Buffer): Buffer | undefined {
  try {
    const repairing = new RequestRepair();
    const header = repairing.push(request);
    const rest = repairing.finish();
    return rest === undefined ? undefined : Buffer.concat([header, rest]);
  } catch {
    // A header that is too long fails with a code of its own.
    return undefined;
  }
}

function describeRepair(request: Buffer): string {
  return request.includes("\r\n")
    ? "its header has no empty line at the end"
    : "its header lines end with CR or LF alone";
}
