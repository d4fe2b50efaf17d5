import type { ListenOptions } from "../server.ts";
import type { Account, SmtpMechanism, SmtpUsers } from "./auth.ts";

const SMTP_EXTENSIONS = ["SIZE", "8BITMIME", "PIPELINING", "ENHANCEDSTATUSCODES"] as const;
export type SmtpExtension = (typeof SMTP_EXTENSIONS)[number];

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

/** What an embedded SMTP server offers, and whom it knows. */
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
