import { parseCommandLine } from "../../at/command-line.ts";
import type { RigEventBody } from "../../rig/events.ts";
import { LineMask, SecretArguments } from "../../rig/redaction/secret-line.ts";
import { FinalResult } from "../final-result.ts";

/**
 * Masks passwords and PINs in the events of a module of which only the serial line is seen. No event says which commands it
 * takes, so they are read from what the host sends; and it may have kept secrets from before, so every string is masked that
 * it prints to a read command of some.
 */
export class ForeignRedaction {
  readonly #secrets = new SecretArguments();
  readonly #host = new LineMask(this.#secrets);
  readonly #echo = new LineMask(this.#secrets);
  /** The answer of a read command is awaited that prints secrets. */
  #answer: FinalResult | undefined;
  #isQuoted = false;

  redact(event: RigEventBody): RigEventBody {
    switch (event.type) {
      case "host":
        return { ...event, bytes: this.#fromHost(event.bytes) };
      case "module":
        return { ...event, bytes: this.#masked(this.#echo.push(event.bytes).masked) };
      default:
        return event;
    }
  }

  #fromHost(bytes: string): string {
    const { masked, ended } = this.#host.push(bytes);
    if (ended.some((line) => this.#reads(line))) this.#answer = new FinalResult();
    return masked;
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
