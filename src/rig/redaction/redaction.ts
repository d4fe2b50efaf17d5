import { byteCount } from "../../platform/long-bytes.ts";
import type { RigEventBody } from "../events.ts";
import { EnteredBytes } from "./entered-bytes.ts";
import { LineMask, SecretArguments } from "./secret-line.ts";

/** How many secrets are remembered, for the read commands that print them. */
const REMEMBERED = 64;
/** What stands for a secret in `line` and `command` events. */
const MASK = "***";

/**
 * Gives the events of one modem, in their order, with the passwords and PINs masked that are to be in `host` events only (instrument 2): in the module's
 * echo, in the answers of read commands, in the log-ins on the network; with `host` in `host` events too.
 *
 * A secret is known by its place in a command line whose command the module has. What cannot be known is left as it is: a
 * secret in a line that the host has edited with backspaces in the name of its command, in a misspelled command, in a
 * request or a mail that the host enters as data.
 */
export class Redaction {
  readonly #masksHost: boolean;
  readonly #secrets = new SecretArguments();
  readonly #host = new LineMask(this.#secrets);
  /** What the module echoes, from a secret on until its line has been answered. */
  #echo: LineMask | undefined;
  /** Lines with secrets that have come and were not taken. */
  #untaken = 0;
  #lineTaken = false;
  #entering = false;
  readonly #entered = new EnteredBytes();
  /** A read command has begun whose answer holds secrets. */
  #reading = false;
  readonly #values = new Set<string>();
  /** Connections on which a log-in is under way, whose next bytes are secret. */
  readonly #loggingIn = new Set<number>();

  constructor({ host }: { readonly host: boolean }) {
    this.#masksHost = host;
  }

  redact(event: RigEventBody): RigEventBody {
    switch (event.type) {
      case "host":
        return this.#fromHost(event);
      case "module":
        return this.#toHost(event);
      case "line":
        this.#lineTaken = true;
        if (event.text.includes(MASK)) this.#untaken = Math.max(0, this.#untaken - 1);
        return event;
      case "command":
        this.#reading ||= event.form === "read" && this.#secrets.has(event.name);
        return event;
      case "entry":
        this.#entering = event.phase === "begin";
        this.#entered.begin();
        return event;
      case "unknown":
        return { ...event, text: new LineMask(this.#secrets).push(event.text).masked };
      case "sent":
        return { ...event, bytes: this.#onNetwork(event.id, event.bytes) };
      case "received":
        if (!event.bytes.startsWith("334")) this.#loggingIn.delete(event.id);
        return event;
      default:
        return event;
    }
  }

  #fromHost(event: Extract<RigEventBody, { readonly bytes: string; readonly type: "host" | "module" }>): RigEventBody {
    // Data that go on are no command lines, and may be many.
    const data = this.#entering ? this.#entered.count(event) : 0;
    if (data > 0) this.#host.drop();
    if (data === byteCount(event)) return event;
    const { line } = this.#host;
    const { masked: commands, lines } = this.#host.push(event.bytes.slice(data));
    const masked = event.bytes.slice(0, data) + commands;
    this.#untaken += lines.length;
    for (const value of lines.flat()) this.#remember(value);
    if (masked === event.bytes) return event;
    this.#echo ??= new LineMask(this.#secrets, line);
    this.#lineTaken = false;
    return this.#masksHost ? { ...event, bytes: masked } : event;
  }

  #toHost(event: Extract<RigEventBody, { readonly bytes: string; readonly type: "host" | "module" }>): RigEventBody {
    if (this.#echo === undefined && !this.#reading) return event;
    let { bytes } = event;
    if (this.#echo !== undefined) {
      bytes = this.#echo.push(bytes).masked;
      if (this.#lineTaken && this.#untaken === 0) this.#echo = undefined;
    }
    if (this.#reading && /[\r\n]/.test(bytes)) {
      for (const value of this.#values) bytes = bytes.replaceAll(`"${value}"`, `"${"*".repeat(value.length)}"`);
      this.#reading = false;
    }
    return bytes === event.bytes ? event : { ...event, bytes };
  }

  #remember(value: string): void {
    this.#values.add(value);
    const [oldest] = this.#values;
    if (this.#values.size > REMEMBERED && oldest !== undefined) this.#values.delete(oldest);
  }

  /** `PASS` of POP3 and FTP, `AUTH` of SMTP and what answers its 334 (RFC 4954 §4). */
  #onNetwork(id: number, bytes: string): string {
    if (this.#loggingIn.has(id)) return maskText(bytes);
    const [, verb = "", secret = ""] = /^(PASS |AUTH [\w-]+(?: |(?=\r)))(.*)/is.exec(bytes) ?? [];
    if (/^AUTH/i.test(verb)) this.#loggingIn.add(id);
    return verb + maskText(verb === "" ? "" : secret) + (verb === "" ? bytes : "");
  }
}

function maskText(text: string): string {
  return text.replace(/[^\r\n]/g, "*");
}
