import { Base64Decoder } from "../../codec/base64-decoder.ts";
import { QuotedPrintableDecoder } from "../../codec/quoted-printable-decoder.ts";
import { parseParameters } from "./parameters.ts";

/** Undoes a transfer encoding. */
export interface BodyDecoder {
  push(chunk: Buffer): Buffer;
  end(): Buffer;
}

/** Gives the decoder for a Content-Transfer-Encoding. Unknown encodings, uuencode among them, leave the bytes as they are. */
export function bodyDecoder(encoding: string): BodyDecoder {
  switch (parseParameters(encoding).value) {
    case "base64": {
      const decoder = new Base64Decoder();
      return { push: (chunk) => decoder.push(chunk), end: () => Buffer.alloc(0) };
    }
    case "quoted-printable":
      return new QuotedPrintableDecoder();
    default:
      return identityDecoder;
  }
}

/** Leaves the bytes as they are. */
export const identityDecoder: BodyDecoder = { push: (chunk) => chunk, end: () => Buffer.alloc(0) };
