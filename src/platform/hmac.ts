import { createHmac } from "node:crypto";

/** The HMAC-MD5 of a text under a key, both as UTF-8, in lower-case hexadecimal digits (RFC 2104): what CRAM-MD5 asks for. */
export function hmacMd5(key: string, text: string): string {
  return createHmac("md5", key).update(text).digest("hex");
}
