import { decodeGsm, encodeGsm } from "../../codec/gsm-alphabet.ts";

/** The character sets of AT+CSCS, in the order of its setting's values. */
export const CHARSETS = ["IRA", "GSM", "UCS2"] as const;
export type Charset = (typeof CHARSETS)[number];

/** Text as it is printed in that character set: bytes, one character each. What it cannot say is a question mark. */
export function printText(text: string, charset: Charset): string {
  switch (charset) {
    case "IRA":
      return text.replace(/[^\n\r -~]/gu, "?");
    case "GSM":
      return [...text].map((character) => String.fromCharCode(...(encodeGsm(character) ?? [0x3f]))).join("");
    case "UCS2":
      return Buffer.from(text, "utf16le").swap16().toString("hex").toUpperCase();
  }
}

/** The text that a host has written in that character set; `undefined` when it is not of that set. */
export function readText(bytes: string, charset: Charset): string | undefined {
  switch (charset) {
    case "IRA":
      return bytes;
    case "GSM":
      return decodeGsm(Buffer.from(bytes, "latin1"));
    case "UCS2":
      if (bytes.length % 4 !== 0 || !/^[0-9a-f]*$/i.test(bytes)) return undefined;
      return Buffer.from(bytes, "hex").swap16().toString("utf16le");
  }
}
