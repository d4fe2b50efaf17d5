/** A response as ATV1 frames it. */
export const framed = (text: string) => `\r\n${text}\r\n`;

export const OK = framed("OK");
export const ERROR = framed("ERROR");

/** One information response of these lines, and its `OK`. */
export const info = (...lines: readonly string[]) => framed(lines.join("\r\n")) + OK;

/** What AT+CGSOCKCONT? answers: all 16 contexts, these of them defined. */
export const socketContexts = (defined: Readonly<Record<number, string>>) =>
  info(
    ...Array.from({ length: 16 }, (_, index) => {
      const apn = defined[index + 1] ?? "";
      return `+CGSOCKCONT: ${index + 1},"IP","${apn}","0.0.0.0",0,0`;
    }),
  );
