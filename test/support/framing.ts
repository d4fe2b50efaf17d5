/** A response as ATV1 frames it. */
export const framed = (text: string) => `\r\n${text}\r\n`;

export const OK = framed("OK");
export const ERROR = framed("ERROR");

/** One information response of these lines, and its `OK`. */
export const info = (...lines: readonly string[]) => framed(lines.join("\r\n")) + OK;
