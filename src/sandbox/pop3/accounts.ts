import { SANDBOX_LIMITS } from "../limits.ts";
import { mailboxOf } from "../mail-store.ts";

/** A name that is never an account, for tests of a refused USER. */
const NO_ACCOUNT = "nobody";

/** Who may log in to the embedded POP3 server. An account is a user's name, or an address of theirs. */
export class Pop3Accounts {
  readonly #first: ReadonlyMap<string, string>;
  readonly #guests: "nobody" | "anyone";
  #passwords: Map<string, string>;

  /** Passwords by user. With guests any other user becomes an account at the first log-in, with the password given then. */
  constructor(passwords: ReadonlyMap<string, string>, guests: "nobody" | "anyone") {
    this.#first = new Map([...passwords].map(([user, password]) => [mailboxOf(user), password]));
    this.#passwords = new Map(this.#first);
    this.#guests = guests;
    this.reset();
  }

  /** Forgets the accounts of guests. */
  reset(): void {
    this.#passwords = new Map(this.#first);
  }

  knows(user: string): boolean {
    const name = mailboxOf(user);
    if (this.#passwords.has(name)) return true;
    const room = this.#passwords.size < SANDBOX_LIMITS.pop3.accounts;
    return this.#guests === "anyone" && room && name !== "" && name !== NO_ACCOUNT;
  }

  /** Whether that is the user's password. The first password of a guest is accepted. */
  admits(user: string, password: string): boolean {
    const name = mailboxOf(user);
    const right = this.#passwords.get(name);
    if (right !== undefined) return right === password;
    if (!this.knows(user) || password === "") return false;
    this.#passwords.set(name, password);
    return true;
  }
}
