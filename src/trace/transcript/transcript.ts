import { readEscapes } from "./escapes.ts";

/*
 * Golden transcripts: plain text, one event a line, in order. A raw text ends with its line and may hold the C escapes
 * \r \n \t \0 \" \\ \xHH; everything else about it is literal.
 *
 *   # note                 for the reader; `# spec:` and `# origin: manual | field | constructed` open every file
 *   @ option value         before the first event: `dialect manual|field`, `identity name|{json}`, `sim state`,
 *                          `operator {json}`, `packet-gap ms`, `boot-time ms`, `timeout-scale x`
 *   > AT+CSQ               a line from the host, CR implied; while echo is on (ATE0, ATE1 alone on a line switch it) the
 *                          module's echo of it is implied, too
 *   >| 48 03 1A            bytes from the host           <| 0D 0A      bytes from the module
 *   >" text\r\n            raw text from the host        <" text\r\n   raw text from the module
 *   >* 1460 text           the text so many times        <* 1460 text
 *   < +CSQ: 22,0           a response from the module, framed as ATV1 has it
 *   <+ line                a further line of the response above it
 *   ~ 200                  so many milliseconds pass; what comes next comes at their end
 *   ~< 213                 at most so many milliseconds pass before what comes next: measured on a real clock
 *   ! answer               the next connection is accepted; `! refuse` `! unresolved` `! unanswered`: it is not
 *   ! refuse smtp          the same for the next connection of that service
 *   !" text                ...what the server then sends in one TCP read; `!* 1460 text` so many times
 *   !+ text                ...more of the same read
 *   !? text                ...but before it sends more, it waits until it has received this
 *   ! silence              ...and then nothing any more, with the connection open; without it the server closes
 *   ! open                 a connection is made now, and the server does what follows as it follows
 *   ! end                  ...the connection is closed; `! break RESET`: it fails
 *   ! fails REFUSED        a connection is asked for now, and does not come about
 *   ! on 2                 ...what follows concerns the second of the connections that were opened so
 *   ! call 10011           a voice call comes in; `! call taken` `! call ended`: what the far end of the call does
 *   ! sms 10011 text       a short message comes; `! ussd {json}`: what the network says to codes from now on
 *   ! gps {json}           where the receiver is, and whether it can receive satellites
 *   =" text                the server has received this, after all that earlier `="` lines have seen; `=* 1460 text`
 *   ? ...                  a line of the literal session that is not played; the skip list has its reason
 */

export type TranscriptEvent =
  | { readonly kind: "send"; readonly bytes: string; readonly echoed: boolean }
  | { readonly kind: "receive"; readonly bytes: string }
  | { readonly kind: "pass"; readonly ms: number; readonly atMost: boolean }
  | { readonly kind: "server"; readonly act: string }
  | { readonly kind: "serverSends"; readonly bytes: string; readonly continues: boolean }
  | { readonly kind: "serverHears"; readonly bytes: string }
  | { readonly kind: "serverReceived"; readonly bytes: string };

/** What one line of a transcript says. */
export type TranscriptLine =
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "skipped"; readonly text: string }
  | { readonly kind: "option"; readonly name: string; readonly value: string }
  | { readonly kind: "more"; readonly bytes: string }
  | TranscriptEvent;

/** A line that is not in the format. */
export class TranscriptError extends Error {
  override readonly name = "TranscriptError";
  readonly line: number;
  readonly reason: string;

  constructor(line: number, reason: string) {
    super(`line ${line} ${reason}`);
    this.line = line;
    this.reason = reason;
  }
}

/** Reads one line; `undefined` for an empty one. Throws a {@link TranscriptError} at what is not in the format. */
export function readTranscriptLine(line: string, number: number): TranscriptLine | undefined {
  if (line.trim() === "") return undefined;
  if (line.startsWith("#")) return { kind: "note", text: line.slice(1).trim() };
  const [, mark = "", rest = ""] = /^([@?]|~<?|>[|"*]?|<[|"*+]?|!["*+?]?|=["*]) ?(.*)$/.exec(line) ?? [];
  try {
    const said = MARKS[mark]?.(rest);
    if (said !== undefined) return said;
  } catch (error) {
    throw new TranscriptError(number, `is no event: ${(error as Error).message}`);
  }
  throw new TranscriptError(number, `is no event: ${line}`);
}

const MARKS: Readonly<Record<string, (rest: string) => TranscriptLine>> = {
  "@": (rest) => ({ kind: "option", name: rest.split(" ", 1)[0] ?? "", value: rest.slice(rest.indexOf(" ") + 1) }),
  "?": (text) => ({ kind: "skipped", text }),
  ">": (rest) => ({ kind: "send", bytes: `${rest}\r`, echoed: true }),
  ">|": (rest) => ({ kind: "send", bytes: readHex(rest), echoed: false }),
  '>"': (rest) => ({ kind: "send", bytes: readEscapes(rest), echoed: false }),
  ">*": (rest) => ({ kind: "send", bytes: readRepeated(rest), echoed: false }),
  "<": (rest) => ({ kind: "receive", bytes: `\r\n${rest}\r\n` }),
  "<+": (rest) => ({ kind: "more", bytes: `${rest}\r\n` }),
  "<|": (rest) => ({ kind: "receive", bytes: readHex(rest) }),
  '<"': (rest) => ({ kind: "receive", bytes: readEscapes(rest) }),
  "<*": (rest) => ({ kind: "receive", bytes: readRepeated(rest) }),
  "~": (rest) => ({ kind: "pass", ms: readMs(rest), atMost: false }),
  "~<": (rest) => ({ kind: "pass", ms: readMs(rest), atMost: true }),
  "!": (act) => ({ kind: "server", act }),
  '!"': (rest) => ({ kind: "serverSends", bytes: readEscapes(rest), continues: false }),
  "!*": (rest) => ({ kind: "serverSends", bytes: readRepeated(rest), continues: false }),
  "!+": (rest) => ({ kind: "serverSends", bytes: readEscapes(rest), continues: true }),
  "!?": (rest) => ({ kind: "serverHears", bytes: readEscapes(rest) }),
  '="': (rest) => ({ kind: "serverReceived", bytes: readEscapes(rest) }),
  "=*": (rest) => ({ kind: "serverReceived", bytes: readRepeated(rest) }),
};

function readMs(text: string): number {
  const ms = Number(text);
  if (!/^\d/.test(text) || !Number.isFinite(ms)) throw new Error(`${text} is no number of milliseconds`);
  return ms;
}

function readHex(text: string): string {
  const digits = text.replaceAll(" ", "");
  if (!/^([0-9A-F]{2})*$/i.test(digits)) throw new Error(`${text} is no hexadecimal`);
  return Buffer.from(digits, "hex").toString("latin1");
}

/** Most bytes that one line stands for. */
const REPEATED_LIMIT = 1024 * 1024;

/** `1460 text` */
function readRepeated(text: string): string {
  const [, times, repeated = ""] = /^(\d+) (.+)$/.exec(text) ?? [];
  const bytes = readEscapes(repeated);
  if (times === undefined || Number(times) * bytes.length > REPEATED_LIMIT)
    throw new Error(`${text} is no number of times and a text`);
  return bytes.repeat(Number(times));
}
