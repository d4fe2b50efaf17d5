import type { Endpoint } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import { Pop3Connection, type Pop3Ports } from "./connection.ts";
import { POP3_LIMITS } from "./limits.ts";
import { Pop3Refusal, twoNumbers } from "./reply.ts";

/** A server and an account on it. User and password are bytes, one character each. */
export interface Pop3Account {
  readonly server: Endpoint;
  readonly user: string;
  readonly password: string;
}

/** A message in the maildrop: its number in this session and its size in bytes. */
export interface Pop3Listing {
  readonly id: number;
  readonly size: number;
}

/**
 * A POP3 session after log-in, one command at a time. A {@link Pop3Refusal} leaves it open. Any other failure, and an
 * abort, ends it without deleting anything.
 *
 * @rfc 1939
 */
export class Pop3Session {
  readonly #connection: Pop3Connection;
  #knowsTop = true;

  private constructor(connection: Pop3Connection) {
    this.#connection = connection;
  }

  /** Connects and logs in. The refusal's `verb` tells whether the server refused USER or PASS. */
  static async open(ports: Pop3Ports, account: Pop3Account, signal: AbortSignal): Promise<Pop3Session> {
    const connection = await Pop3Connection.open(ports, account.server, signal, async (exchange) => {
      await exchange("USER", account.user);
      await exchange("PASS", account.password);
    });
    return new Pop3Session(connection);
  }

  /** Whether the session was still open at the last command. */
  get isOpen(): boolean {
    return this.#connection.isOpen;
  }

  /** Throws `CLOSED` if the server has meanwhile ended the session. */
  async verify(): Promise<void> {
    await this.#connection.verify();
  }

  /** The number of messages and their total size in bytes. */
  async stat(signal: AbortSignal): Promise<{ readonly count: number; readonly size: number }> {
    const [count, size] = await this.#numbers("STAT", "", signal);
    return { count, size };
  }

  /** The size of one message. */
  async listing(id: number, signal: AbortSignal): Promise<Pop3Listing> {
    const [listed, size] = await this.#numbers("LIST", String(id), signal);
    return { id: listed, size };
  }

  /** All messages that are not marked as deleted, as their lines arrive. A caller that stops early ends the session. */
  async *list(signal: AbortSignal): AsyncGenerator<Pop3Listing> {
    let line = "";
    for await (const bytes of this.#connection.multiline("LIST", "", signal)) {
      const lines = (line + bytes.toString("latin1")).split(/\r?\n/);
      line = lines.pop() ?? "";
      if (line.length > POP3_LIMITS.replyLine) throw new ServiceError("REPLY", "a line of a POP3 listing is too long");
      for (const complete of lines) {
        const [id, size] = twoNumbers(complete);
        yield { id, size };
      }
    }
  }

  /** The whole message, as it arrives. The caller owns the bytes. A caller that stops early ends the session. */
  retrieve(id: number, signal: AbortSignal): AsyncGenerator<Buffer> {
    return this.#connection.multiline("RETR", String(id), signal);
  }

  /**
   * The message's header, as {@link retrieve} yields it. Where the server has no TOP the body follows: read it to its end,
   * or the session is lost, and with it the marks of what is to be deleted.
   */
  async *header(id: number, signal: AbortSignal): AsyncGenerator<Buffer> {
    if (this.#knowsTop) {
      try {
        yield* this.#connection.multiline("TOP", `${id} 0`, signal);
        return;
      } catch (error) {
        // RFC 1939 §7: TOP is optional. A wrong id is refused in the same way; RETR then tells.
        if (!(error instanceof Pop3Refusal)) throw error;
      }
    }
    yield* this.retrieve(id, signal);
    this.#knowsTop = false;
  }

  /** Marks a message; {@link quit} deletes it. */
  async delete(id: number, signal: AbortSignal): Promise<void> {
    await this.#connection.command("DELE", String(id), signal);
  }

  /** Logs out: the server deletes what is marked. The session is over even when the server refuses. */
  async quit(signal: AbortSignal): Promise<void> {
    try {
      await this.#connection.command("QUIT", "", signal);
    } finally {
      this.close();
    }
  }

  /** Drops the connection; RFC 1939 §6: without QUIT the server deletes nothing. */
  close(): void {
    this.#connection.close();
  }

  async #numbers(verb: "STAT" | "LIST", argument: string, signal: AbortSignal): Promise<readonly [number, number]> {
    const text = await this.#connection.command(verb, argument, signal);
    try {
      return twoNumbers(text);
    } catch (error) {
      this.close();
      throw error;
    }
  }
}
