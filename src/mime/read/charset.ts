import { decodeUtf7, hzToGb, iso2022KrToEucKr } from "../../codec/charset/seven-bit.ts";
import { decodeSingleByte, isSingleByteCharset } from "../../codec/charset/single-byte.ts";
import { decodeUnifiedHangul } from "../../codec/charset/unified-hangul.ts";

/** Names by the number of a code page, which mail programs write as `cp932`, `ms936`, `windows-949`, `ibm850`. */
const CODE_PAGES: Readonly<Record<string, string>> = {
  367: "us-ascii",
  437: "cp437",
  819: "windows-1252",
  850: "cp850",
  852: "cp852",
  858: "cp858",
  874: "windows-874",
  932: "shift_jis",
  936: "gbk",
  943: "shift_jis",
  949: "euc-kr",
  950: "big5",
  10000: "macintosh",
  20127: "us-ascii",
  20866: "koi8-r",
  20932: "euc-jp",
  20936: "gbk",
  21866: "koi8-u",
  50220: "iso-2022-jp",
  50221: "iso-2022-jp",
  50222: "iso-2022-jp",
  50225: "iso-2022-kr",
  51932: "euc-jp",
  51936: "gbk",
  51949: "euc-kr",
  52936: "hz",
  54936: "gb18030",
  65000: "utf-7",
  65001: "utf-8",
};

/** Other names that the WHATWG labels lack, without punctuation. */
const ALIASES: Readonly<Record<string, string>> = {
  "646": "us-ascii",
  "88591": "windows-1252",
  ansix341968: "us-ascii",
  ascii: "us-ascii",
  big5eten: "big5",
  big5hkscs: "big5",
  cnbig5: "big5",
  csascii: "us-ascii",
  cswindows31j: "shift_jis",
  csunicode11utf7: "utf-7",
  euccn: "gbk",
  eucjp: "euc-jp",
  euckr: "euc-kr",
  gb2312: "gbk",
  hz: "hz",
  hzgb2312: "hz",
  ibm437: "cp437",
  iso2022jp1: "iso-2022-jp",
  iso2022jp2: "iso-2022-jp",
  iso2022jp3: "iso-2022-jp",
  iso2022jpms: "iso-2022-jp",
  iso2022kr: "iso-2022-kr",
  iso646us: "us-ascii",
  isolatin1: "windows-1252",
  isolatin2: "iso-8859-2",
  isolatin9: "iso-8859-15",
  koi8ru: "koi8-u",
  ksc5601: "euc-kr",
  ksc56011987: "euc-kr",
  latin9: "iso-8859-15",
  sjis: "shift_jis",
  ujis: "euc-jp",
  unicode11utf7: "utf-7",
  unicode20utf7: "utf-7",
  usascii: "us-ascii",
  utf16: "utf-16",
  utf7: "utf-7",
  utf8: "utf-8",
  windows31j: "shift_jis",
};

/**
 * Decodes bytes in a charset by the name that a message gives it. Bytes that are not of that charset, or an unknown name,
 * are decoded as UTF-8 where they are UTF-8, and else as windows-1252.
 */
export function decodeCharset(bytes: Buffer, charset: string): string {
  return decode(bytes, canonicalName(charset)) ?? tryDecode(bytes, "utf-8") ?? decodeSingleByte(bytes, "windows-1252");
}

function decode(bytes: Buffer, charset: string): string | undefined {
  if (isSingleByteCharset(charset)) return decodeSingleByte(bytes, charset);
  switch (charset) {
    case "euc-kr":
      return decodeUnifiedHangul(bytes);
    case "iso-2022-kr":
      return decodeUnifiedHangul(iso2022KrToEucKr(bytes));
    case "hz":
      return tryDecode(hzToGb(bytes), "gbk");
    case "utf-7":
      return decodeUtf7(bytes);
    // RFC 2781 §3.3: a byte order mark tells the order.
    case "utf-16":
      return tryDecode(bytes, bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-16le");
    // Bytes above 0x7F are no ASCII: the caller tries UTF-8 and windows-1252.
    case "us-ascii":
      return undefined;
    default:
      return tryDecode(bytes, charset);
  }
}

/** The name of a charset by which {@link decode} knows it. */
function canonicalName(charset: string): string {
  const name = charset.trim().toLowerCase();
  // CP-1251, win1251, MS936, IBM850, x-cp932, csWindows31J, x-windows-949: the number tells.
  const page = /^(?:cs|x[-_])?(?:cp|dos|ibm|ms|win|windows)[-_ ]?(\d{3,5})$/.exec(name)?.[1];
  if (page !== undefined) return CODE_PAGES[page] ?? webName(`windows-${page}`) ?? webName(`ibm${page}`) ?? name;
  const plain = name.replace(/^x[-_](?!x)/, "").replace(/[^a-z0-9]/g, "");
  if (Object.hasOwn(ALIASES, plain)) return ALIASES[plain] ?? name;
  const latin = /^(?:iso)?(8859)(\d{1,2})$/.exec(plain);
  return webName(name) ?? webName(latin === null ? plain : `iso-8859-${latin[2]}`) ?? name;
}

/** What Node calls a charset; `undefined` if it does not know the name. */
function webName(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

function tryDecode(bytes: Buffer, charset: string): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: charset === "utf-8" }).decode(bytes);
  } catch {
    return undefined;
  }
}
