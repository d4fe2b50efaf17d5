/** A command of a client: the verb in upper case, the rest as it came. */
export interface FtpCommandLine {
  readonly verb: string;
  /** A byte string, `""` without one. */
  readonly argument: string;
}

const IAC = 0xff;
const SE = 0xf0;
const WILL = 0xfb;
const DONT = 0xfe;

/** Parses a line from which its CR LF has been taken. */
export function parseFtpCommand(line: Uint8Array): FtpCommandLine {
  const text = withoutTelnet(line);
  const space = text.indexOf(" ");
  if (space < 0) return { verb: text.toUpperCase(), argument: "" };
  return { verb: text.slice(0, space).toUpperCase(), argument: text.slice(space + 1) };
}

/**
 * Drops Telnet commands: clients put an interrupt and a synch before ABOR (RFC 959 §4.1.3). A doubled IAC is the byte 255;
 * an IAC before an ordinary byte is part of the name, since many clients do not double it.
 */
function withoutTelnet(line: Uint8Array): string {
  let text = "";
  for (let at = 0; at < line.length; at++) {
    const byte = line[at] ?? 0;
    const next = line[at + 1] ?? 0;
    if (byte !== IAC || next < SE) text += String.fromCharCode(byte);
    else {
      if (next === IAC) text += String.fromCharCode(IAC);
      at += next >= WILL && next <= DONT ? 2 : 1;
    }
  }
  return text;
}
