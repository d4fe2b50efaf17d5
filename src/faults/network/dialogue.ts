import type { Stage } from "../flow.ts";
import type { Link } from "./kind.ts";

/** What happens to a reply of a dialogue. */
interface DialogueParts extends Pick<Link, "service" | "isNew" | "say" | "hangUp" | "use"> {
  /** In upper case. `GREETING`: what the server says first. `END`: its reply to a mail, or to the data of a transfer. */
  readonly verb: string;
  /** In lower case. */
  readonly argument: string;
  /** What the server says instead, without its line end; nothing without it. */
  readonly said?: string;
  /** What it does then. */
  readonly afterwards: "go on" | "hang up" | "fall silent";
}

/**
 * What comes next for the client. `reply`: what the server says, to a `mail` or a `transfer` begun in particular. `hidden`:
 * the server says it, but the client must not see it. `greeting`: it may be ours. `ours`, `goAhead`: the server has not seen
 * the command.
 */
type Awaited = "reply" | "mail" | "transfer" | "hidden" | "greeting" | "ours" | "goAhead";

/** The last line of a reply of SMTP or FTP, but for a preliminary one (RFC 959 §4.2), or the first one of POP3. */
const REPLY_END = /^([2-5]\d\d(?!-)|[+-])/;
const TRANSFERS: readonly string[] = ["RETR", "STOR", "STOU", "APPE", "LIST", "NLST", "MLSD"];

/**
 * The dialogue of SMTP, POP3 or FTP, in which something else takes the place of a reply. The server never sees the command:
 * it has not done what it would have reported. A client may send several commands before the first reply (RFC 2920); each
 * reply keeps its turn. Text of a mail is no command.
 */
export class Dialogue {
  readonly up: Stage = byLine((line) => this.#toServer(line));
  readonly down: Stage = byLine((line) => this.#fromServer(line));
  readonly #parts: DialogueParts;
  readonly #awaited: Awaited[] = [];
  /** Where the text of a mail goes that the client is sending. */
  #mail: "server" | "nobody" | undefined;
  /** The transfer whose final reply is awaited has begun. */
  #hasBegun = false;
  /** The server says nothing more, and hears nothing. */
  #isOver = false;

  constructor(parts: DialogueParts) {
    this.#parts = parts;
    if (parts.isNew && parts.verb === "GREETING") this.#awaited.push("greeting");
  }

  *#toServer(line: Buffer): Generator<Buffer> {
    if (this.#isOver) return;
    const text = line.toString("latin1").replace(/\r?\n$/, "");
    if (this.#mail !== undefined) {
      yield* this.#text(line, text === ".");
      return;
    }
    const awaited = this.#awaitedFor(text);
    this.#awaited.push(awaited);
    if (awaited === "ours" || awaited === "goAhead") this.#say();
    else yield line;
  }

  *#text(line: Buffer, isEnd: boolean): Generator<Buffer> {
    if (this.#mail === "server") yield line;
    // The server has not had the mail, and must forget its sender and recipients as if it had.
    else if (isEnd) yield Buffer.from("RSET\r\n");
    if (!isEnd) return;
    if (this.#mail === "server") this.#awaited.push("reply");
    else this.#awaited.push("ours", "hidden");
    this.#mail = undefined;
    this.#say();
  }

  #awaitedFor(command: string): Awaited {
    const { service, verb, argument, use } = this.#parts;
    const [, word = "", rest = ""] = /^([A-Za-z]*) ?(.*)$/s.exec(command) ?? [];
    const given = word.toUpperCase();
    const isConcerned = rest.toLowerCase().includes(argument);
    if (service === "smtp" && given === "DATA") {
      if (verb === "END" && isConcerned && use()) return "goAhead";
      return verb === "DATA" && isConcerned && use() ? "ours" : "mail";
    }
    if (given === verb && isConcerned && use()) return "ours";
    return service === "ftp" && verb === "END" && isConcerned && TRANSFERS.includes(given) ? "transfer" : "reply";
  }

  *#fromServer(line: Buffer): Generator<Buffer> {
    if (this.#isOver) return;
    const text = line.toString("latin1");
    const [awaited] = this.#awaited;
    const isPreliminary = /^1\d\d/.test(text);
    const isDue = awaited === "greeting" || (awaited === "transfer" && this.#hasBegun && !isPreliminary);
    const isOurs = isDue && this.#parts.use();
    const isEnd = REPLY_END.test(text);
    this.#hasBegun = !isEnd && (this.#hasBegun || isPreliminary);
    if (isEnd && awaited === "mail" && text.startsWith("3")) this.#mail = "server";
    if (isEnd && isOurs) this.#awaited[0] = "ours";
    else if (isEnd) this.#awaited.shift();
    // The client may answer to a line before the next one is given.
    const ours = isEnd ? [...this.#advance()] : [];
    if (!isOurs && awaited !== "hidden") yield line;
    yield* ours;
    if (isEnd) this.#conclude();
  }

  /** Sends what is ours, as far as it is its turn: behind all that has come from the server. */
  #say(): void {
    const bytes = Buffer.concat([...this.#advance()]);
    this.#parts.say(bytes, this.down, () => this.#conclude());
  }

  /** Hangs up once the last words have been sent. */
  #conclude(): void {
    if (this.#isOver && this.#parts.afterwards === "hang up") this.#parts.hangUp();
  }

  /** Gives what is ours, as far as it is its turn. */
  *#advance(): Generator<Buffer> {
    const { said, afterwards } = this.#parts;
    for (let [next] = this.#awaited; next === "ours" || next === "goAhead"; [next] = this.#awaited) {
      this.#awaited.shift();
      if (next === "goAhead") {
        yield Buffer.from("354 Start mail input\r\n");
        this.#mail = "nobody";
        continue;
      }
      if (said !== undefined) yield Buffer.from(`${said}\r\n`, "latin1");
      this.#isOver = afterwards !== "go on";
      if (this.#isOver) return;
    }
  }
}

/** A stage that takes whole lines. */
function byLine(pass: (line: Buffer) => Iterable<Buffer>): Stage {
  let rest: Buffer = Buffer.alloc(0);
  return {
    async *pass(bytes) {
      rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
        const line = rest.subarray(0, end + 1);
        rest = rest.subarray(end + 1);
        yield* pass(line);
      }
    },
  };
}
