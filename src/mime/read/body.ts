import { Base64Decoder } from "../../codec/base64-decoder.ts";
import { QuotedPrintableDecoder } from "../../codec/quoted-printable-decoder.ts";

/** Undoes a transfer encoding. */
export interface BodyDecoder {
  push(chunk: Buffer): Buffer;
  end(): Buffer;
}

/** The decoder for the value of a Content-Transfer-Encoding field. What it does not know, uuencode too, stays as it is. */
export function bodyDecoder(encoding: string): BodyDecoder {
  switch (/^[^\s;(]*/.exec(encoding.toLowerCase())?.[0]) {
    case "base64": {
      const decoder = new Base64Decoder();
      return { push: (chunk) => decoder.push(chunk), end: () => Buffer.alloc(0) };
    }
    case "quoted-printable":
      return new QuotedPrintableDecoder();
    default:
      return { push: (chunk) => chunk, end: () => Buffer.alloc(0) };
  }
}
