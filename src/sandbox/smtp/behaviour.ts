import type { ListenOptions } from "../server.ts";
import type { Account, SmtpMechanism, SmtpUsers } from "./auth.ts";

const SMTP_EXTENSIONS = ["SIZE", "8BITMIME", "PIPELINING", "ENHANCEDSTATUSCODES"] as const;
export type SmtpExtension = (typeof SMTP_EXTENSIONS)[number];

/** A reply to give instead of the right one. The verb is a command, `CONNECT` for the greeting, or `END` for the message. */
export interface SmtpFault {
  /** Only for commands whose argument contains it, in any case of letters: an address, for example. */
  readonly argument?: string;
  /** "550 5.1.1 No such user"; 421 closes the connection. */
  readonly reply: string;
}

export function checkSmtpFault({ reply }: SmtpFault): void {
  if (!/^[2-5]\d\d[ -~]*$/.test(reply)) throw new RangeError("a reply is one line that begins with its code");
}

export interface SmtpServerSettings extends ListenOptions {
  readonly name?: string;
  /** False makes a server of 1982: no EHLO. */
  readonly esmtp?: boolean;
  readonly extensions?: readonly SmtpExtension[];
  /** With an account, or with guests, AUTH is offered. */
  readonly accounts?: readonly Account[];
  /** Whether users who have no account may log in, with any password. */
  readonly guests?: "nobody" | "anyone";
  readonly mechanisms?: readonly SmtpMechanism[];
  readonly requireAuth?: boolean;
}

/** How an embedded SMTP server behaves when it has no fault. */
export class SmtpServerBehaviour {
  readonly name: string;
  readonly esmtp: boolean;
  readonly users: SmtpUsers;
  readonly mechanisms: readonly SmtpMechanism[];
  readonly requireAuth: boolean;
  readonly #extensions: ReadonlySet<SmtpExtension>;

  constructor(settings: SmtpServerSettings) {
    this.name = settings.name ?? "sandbox.invalid";
    this.esmtp = settings.esmtp ?? true;
    const { accounts = [], guests = "nobody" } = settings;
    this.users = { accounts, guests };
    const anybody = accounts.length > 0 || guests === "anyone";
    this.mechanisms = anybody ? (settings.mechanisms ?? ["PLAIN", "LOGIN", "CRAM-MD5"]) : [];
    this.requireAuth = settings.requireAuth ?? false;
    this.#extensions = new Set(settings.extensions ?? SMTP_EXTENSIONS);
  }

  offers(extension: SmtpExtension): boolean {
    return this.#extensions.has(extension);
  }

  /** The lines of the reply to EHLO after the first. */
  extensionLines(sizeLimit: number): string[] {
    const lines = [...this.#extensions].map((name) => (name === "SIZE" ? `SIZE ${sizeLimit}` : name));
    return this.mechanisms.length === 0 ? lines : [...lines, `AUTH ${this.mechanisms.join(" ")}`];
  }
}
