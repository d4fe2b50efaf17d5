import type { Connection } from "../../platform/network/network.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { Deadline } from "../../platform/time/deadline.ts";
import { SANDBOX_LIMITS } from "../limits.ts";
import { type MailStore, mailboxOf } from "../mail-store.ts";
import type { Pop3Accounts } from "./accounts.ts";
import { Maildrop, type Message } from "./maildrop.ts";
import { stuffed } from "./message.ts";

/** What the sessions of one server share. */
export interface Pop3Realm {
  readonly accounts: Pop3Accounts;
  readonly store: MailStore;
  readonly clock: Clock;
  /** The sessions that have a mailbox locked, by mailbox. */
  readonly owners: Map<string, Pop3ServerSession>;
}

type Reply = string | { readonly head: string; readonly body: Iterable<Buffer> };
type Command = (this: Pop3ServerSession, argument: string) => Reply;

/**
 * One client's dialogue with the embedded server.
 *
 * @rfc 1939, 2449
 */
export class Pop3ServerSession {
  readonly #connection: Connection;
  readonly #realm: Pop3Realm;
  /** The autologout timer; each command restarts it. */
  readonly #deadline: Deadline;
  #user: string | undefined;
  #maildrop: Maildrop | undefined;
  #isOver = false;

  constructor(connection: Connection, realm: Pop3Realm, signal: AbortSignal) {
    this.#connection = connection;
    this.#realm = realm;
    this.#deadline = new Deadline(realm.clock, SANDBOX_LIMITS.pop3.idle, signal);
  }

  /** Serves until QUIT, or throws what ended the connection. Without QUIT nothing is deleted. */
  async serve(): Promise<void> {
    try {
      await this.#send("+OK vmodem POP3 server ready");
      for (let errors = 0; errors < SANDBOX_LIMITS.pop3.errors && !this.#isOver; ) {
        const { signal } = this.#deadline;
        const line = (await this.#connection.readLine(SANDBOX_LIMITS.pop3.command, signal)).toString("latin1");
        // After a reset nothing may be deleted from the new mailboxes.
        signal.throwIfAborted();
        this.#deadline.restart();
        const [, word = "", argument = ""] = /^(\S*)(?: (.*))?$/s.exec(line) ?? [];
        const accepted = await this.#send(this.#obey(word.toUpperCase(), argument));
        errors = accepted ? 0 : errors + 1;
      }
    } finally {
      this.#deadline.dispose();
      for (const [mailbox, owner] of this.#realm.owners) if (owner === this) this.#realm.owners.delete(mailbox);
    }
  }

  /** Sends a reply; gives whether it was a good one. */
  async #send(reply: Reply): Promise<boolean> {
    for (const piece of bytesOf(reply)) {
      await this.#connection.write(piece, this.#deadline.signal);
      this.#deadline.restart();
    }
    return (typeof reply === "string" ? reply : reply.head).startsWith("+OK");
  }

  #obey(verb: string, argument: string): Reply {
    const always = anyState[verb];
    if (always !== undefined) return always.call(this, argument);
    const command = (this.#maildrop === undefined ? authorization : transaction)[verb];
    if (command !== undefined) return command.call(this, argument);
    return verb in authorization || verb in transaction ? "-ERR not now" : "-ERR unknown command";
  }

  user(name: string): Reply {
    // RFC 1939 §7: a server may tell at USER that there is no such maildrop; a sandbox hides no names.
    if (!this.#realm.accounts.knows(name)) return "-ERR no such user";
    this.#user = name;
    return "+OK password?";
  }

  pass(password: string): Reply {
    const user = this.#user;
    if (user === undefined) return "-ERR USER first";
    this.#user = undefined;
    if (!this.#realm.accounts.admits(user, password)) return "-ERR [AUTH] wrong password";
    // RFC 1939 §4, RFC 2449 §8.1.1: one session has the maildrop for itself.
    const mailbox = mailboxOf(user);
    if (this.#realm.owners.has(mailbox)) return "-ERR [IN-USE] the maildrop is locked";
    this.#realm.owners.set(mailbox, this);
    this.#maildrop = new Maildrop(this.#realm.store, user);
    return `+OK ${this.#maildrop.messages().length} messages`;
  }

  quit(): Reply {
    this.#isOver = true;
    this.#maildrop?.update();
    return "+OK bye";
  }

  capabilities(): Reply {
    const lines = ["TOP", "UIDL", "USER", "RESP-CODES", "AUTH-RESP-CODE", "EXPIRE NEVER", "IMPLEMENTATION vmodem"];
    return { head: "+OK", body: [Buffer.from(`${lines.join("\r\n")}\r\n.\r\n`)] };
  }

  status(): Reply {
    const messages = this.#messages();
    return `+OK ${messages.length} ${messages.reduce((sum, message) => sum + message.size, 0)}`;
  }

  /** LIST and UIDL: a line for one message, or for all. */
  listing(number: string, line: (message: Message) => string): Reply {
    if (number !== "") return this.#withMessage(number, (message) => `+OK ${line(message)}`);
    const messages = this.#messages();
    const body = messages.map((message) => `${line(message)}\r\n`).join("");
    return { head: `+OK ${messages.length} messages`, body: [Buffer.from(`${body}.\r\n`)] };
  }

  retrieve(number: string): Reply {
    return this.#withMessage(number, ({ raw, size }) => ({
      head: `+OK ${size} octets`,
      body: stuffed(raw, SANDBOX_LIMITS.piece),
    }));
  }

  top(argument: string): Reply {
    const [, number = "", count = ""] = /^(\d+) (\d{1,9})$/.exec(argument) ?? [];
    if (count === "") return "-ERR a message and a number of lines";
    return this.#withMessage(number, ({ raw }) => ({
      head: "+OK",
      body: stuffed(raw, SANDBOX_LIMITS.piece, Number(count)),
    }));
  }

  delete(number: string): Reply {
    return this.#withMessage(number, (message) => {
      this.#maildrop?.mark(message);
      return "+OK marked";
    });
  }

  reset(): Reply {
    this.#maildrop?.unmarkAll();
    return "+OK";
  }

  #messages(): readonly Message[] {
    return this.#maildrop?.messages() ?? [];
  }

  #withMessage(number: string, reply: (message: Message) => Reply): Reply {
    const message = this.#maildrop?.find(number);
    return message === undefined ? "-ERR no such message" : reply(message);
  }
}

function* bytesOf(reply: Reply): Generator<Buffer> {
  const isLine = typeof reply === "string";
  yield Buffer.from(`${isLine ? reply : reply.head}\r\n`);
  if (!isLine) yield* reply.body;
}

const anyState: Readonly<Record<string, Command>> = {
  QUIT() {
    return this.quit();
  },
  CAPA() {
    return this.capabilities();
  },
};

const authorization: Readonly<Record<string, Command>> = {
  USER(name) {
    return this.user(name);
  },
  PASS(password) {
    return this.pass(password);
  },
};

const transaction: Readonly<Record<string, Command>> = {
  STAT() {
    return this.status();
  },
  LIST(number) {
    return this.listing(number, (message) => `${message.number} ${message.size}`);
  },
  UIDL(number) {
    return this.listing(number, (message) => `${message.number} vmodem-${message.id}`);
  },
  RETR(number) {
    return this.retrieve(number);
  },
  TOP(argument) {
    return this.top(argument);
  },
  DELE(number) {
    return this.delete(number);
  },
  NOOP() {
    return "+OK";
  },
  RSET() {
    return this.reset();
  },
};
