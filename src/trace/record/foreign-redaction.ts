import { parseCommandLine } from "../../at/command-line.ts";
import type { RigEventBody } from "../../rig/events.ts";
import { LineMask, SecretArguments } from "../../rig/redaction/secret-line.ts";
import { FinalResult } from "../final-result.ts";

/** What is kept of a command line that has not ended: more than the longest that a module takes. */
const KEPT = 4096;

/**
 * Masks passwords and PINs in the events of a module of which only the serial line is seen. No event says which commands it
 * takes, so they are read from what the host sends; and it may have kept secrets from before, so every string is masked that
 * it prints to a read command of some.
 */
export class ForeignRedaction {
  readonly #secrets = new SecretArguments();
  readonly #host = new LineMask(this.#secrets);
  readonly #echo = new LineMask(this.#secrets);
  #line = "";
  /** The answer of a read command is awaited that prints secrets. */
  #answer: FinalResult | undefined;
  #isQuoted = false;

  redact(event: RigEventBody): RigEventBody {
    switch (event.type) {
      case "host":
        this.#hear(event.bytes);
        return { ...event, bytes: this.#host.push(event.bytes).masked };
      case "module":
        return { ...event, bytes: this.#masked(this.#echo.push(event.bytes).masked) };
      default:
        return event;
    }
  }

  #hear(bytes: string): void {
    const lines = (this.#line + bytes).split("\r");
    this.#line = lines.pop()?.slice(-KEPT) ?? "";
    if (lines.some((line) => this.#reads(line))) this.#answer = new FinalResult();
  }

  #reads(line: string): boolean {
    const [, body] = /^\s*AT(.*)$/is.exec(line) ?? [];
    return parseCommandLine(body ?? "").some(
      (parsed) => parsed !== "malformed" && parsed.form === "read" && this.#secrets.has(parsed.name),
    );
  }

  #masked(bytes: string): string {
    const answer = this.#answer;
    if (answer === undefined) return bytes;
    answer.push(bytes);
    const masked = [...bytes].map((byte) => this.#maskedByte(byte)).join("");
    if (answer.isThere) this.#answer = undefined;
    return masked;
  }

  #maskedByte(byte: string): string {
    if (byte === '"') this.#isQuoted = !this.#isQuoted;
    else if (byte === "\r") this.#isQuoted = false;
    else if (this.#isQuoted) return "*";
    return byte;
  }
}
