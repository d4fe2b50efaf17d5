/** A text for a header: without control characters, and the character set to send it in. */
export interface HeaderText {
  readonly text: string;
  readonly charset: "utf-8" | "iso-8859-1";
}

/** Whether the bytes are well-formed UTF-8. */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Decodes the bytes that a host gave: as UTF-8 if they are UTF-8, else as ISO-8859-1. */
export function headerText(bytes: Uint8Array): HeaderText {
  const charset = isUtf8(bytes) ? "utf-8" : "iso-8859-1";
  return { text: withoutControls(Buffer.from(bytes).toString(charset === "utf-8" ? "utf8" : "latin1")), charset };
}

/** Makes one space of every run of control characters, so that no value can end its header line. */
export function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern finds control characters.
  return text.replace(/[\x00-\x1f\x7f]+/g, " ");
}

/** RFC 2045 §5.1: a charset is a token. Any other text could end the header line. */
export function isCharsetName(text: string): boolean {
  return /^[A-Za-z0-9!#$%&'*+\-.^_`{|}~]{1,64}$/.test(text);
}

/** Whether a text can be written without encoding: ASCII, one space between words, and nothing like an encoded word. */
export function isBareText(text: string): boolean {
  return /^[ -~]*$/.test(text) && !/^ | {2}| $/.test(text) && !text.includes("=?");
}
