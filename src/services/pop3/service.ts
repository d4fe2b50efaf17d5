import { EfsError } from "../../efs/efs-error.ts";
import { baseName, type EfsPath, parentPath, printDirectory } from "../../efs/path.ts";
import { readHeader } from "../../mime/read/header.ts";
import type { Settings } from "../../module/settings/settings.ts";
import type { Timing } from "../../module/timing.ts";
import type { Log } from "../../platform/log.ts";
import type { Network } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import type { Clock } from "../../platform/time/clock.ts";
import type { WorkSet } from "../../platform/work-set.ts";
import { type Pop3Listing, Pop3Session } from "../../protocols/pop3/session.ts";
import type { UnsolicitedOutput } from "../unsolicited-output.ts";
import { type Pop3Code, pop3Code } from "./code.ts";
import { type MailForm, type SaveMailParts, saveMail } from "./save-mail.ts";

/** How many mails AT+POP3LIST lists: about 1 MB of lines, which are printed in one piece. */
const LISTED_MAILS = 65_536;

export interface Pop3ServiceParts extends SaveMailParts {
  readonly network: Network;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly timing: Timing;
  readonly outlet: Pick<UnsolicitedOutput, "urc">;
  readonly log: Log;
  /** The module's own: when it aborts, everything ends and nothing is printed. */
  readonly signal: AbortSignal;
  readonly work: WorkSet;
}

/** What AT+POP3SRV sets; user and password are bytes, one character each. */
export interface Pop3Parameters {
  readonly server: string;
  readonly user: string;
  readonly password: string;
  readonly port: number;
}

/** Server and account as they are at power-on. @spec manual 4.1 */
export const NO_POP3_ACCOUNT: Pop3Parameters = { server: "", user: "", password: "", port: 110 };

/** Why an operation has no result: another one runs, AT+POP3STOP has ended it, or it failed. */
export type Pop3Failure = Pop3Code | "ONGOING" | "STOPPED";

/** The result of an operation, or why it has none. */
export type Pop3Outcome<T> = { readonly value: T } | { readonly failure: Pop3Failure };

/** The header fields of AT+POP3HDR: unfolded, one character for each byte, empty where the mail has none. */
export type MailSummary = Readonly<Record<"From" | "Date" | "Subject", string>>;

type Work<T> = (session: Pop3Session, signal: AbortSignal) => Promise<T>;

/**
 * The module's POP3 client as the AT commands use it: one account, one session from log-in to log-out, one operation at a
 * time.
 *
 * @spec manual 4, decisions 2 and 4
 */
export class Pop3Service {
  readonly #parts: Pop3ServiceParts;
  #parameters = NO_POP3_ACCOUNT;
  #session: { readonly server: string; readonly client: Pop3Session } | undefined;
  #running: { readonly controller: AbortController; readonly ended: Promise<unknown> } | undefined;
  #lastMail: EfsPath | undefined;

  constructor(parts: Pop3ServiceParts) {
    this.#parts = parts;
    parts.signal.addEventListener("abort", () => this.#drop(parts.signal.reason), { once: true });
  }

  /** Whether an operation runs. */
  get busy(): boolean {
    return this.#running !== undefined;
  }

  get parameters(): Pop3Parameters {
    return this.#parameters;
  }

  /** Takes effect at the next log-in. */
  set parameters(parameters: Pop3Parameters) {
    this.#parameters = parameters;
  }

  /** Whether there is a session: from log-in to log-out, or to its end by the server as far as that is known. */
  get session(): boolean {
    return this.#session !== undefined;
  }

  /** The server of the session, if there is one. */
  get sessionServer(): string | undefined {
    return this.#session?.server;
  }

  /** The path that AT+POP3GET printed last, since power-on. */
  get lastMail(): EfsPath | undefined {
    return this.#lastMail;
  }

  /** Logs in, unless there is a session that the server has not ended. */
  logIn(): Promise<Pop3Outcome<void>> {
    return this.#run(async (signal) => {
      const { network, clock, timing, log } = this.#parts;
      if (this.#session !== undefined && (await isAlive(this.#session.client))) return;
      this.#session = undefined;
      const { server, port, user, password } = this.#parameters;
      if (server === "") throw new ServiceError("UNRESOLVED", "no POP3 server is set");
      const ports = { network, clock, log, timeoutScale: timing.timeoutScale };
      const client = await Pop3Session.open(ports, { server: { host: server, port }, user, password }, signal);
      this.#session = { server, client };
    });
  }

  /** Checks, before a mail is requested, that there is a session and that no operation runs. */
  verify(): Promise<Pop3Outcome<void>> {
    return this.#withSession((session) => session.verify());
  }

  /** The number of mails and their total size in bytes. */
  count(): Promise<Pop3Outcome<{ readonly count: number; readonly size: number }>> {
    return this.#withSession((session, signal) => session.stat(signal));
  }

  /** The number and the size of one mail. */
  listing(id: number): Promise<Pop3Outcome<Pop3Listing>> {
    return this.#withSession((session, signal) => session.listing(id, signal));
  }

  /** All mails that are not marked as deleted. */
  list(): Promise<Pop3Outcome<readonly Pop3Listing[]>> {
    return this.#withSession(async (session, signal) => {
      const listed: Pop3Listing[] = [];
      for await (const listing of session.list(signal)) {
        if (listed.length === LISTED_MAILS) throw new ServiceError("REPLY", `more than ${LISTED_MAILS} mails`);
        listed.push(listing);
      }
      return listed;
    });
  }

  header(id: number): Promise<Pop3Outcome<MailSummary>> {
    return this.#withSession((session, signal) =>
      readHeader(session.header(id, signal), ["From", "Date", "Subject"] as const),
    );
  }

  /** Marks a mail as deleted; the server deletes it at {@link logOut}. */
  delete(id: number): Promise<Pop3Outcome<void>> {
    return this.#withSession((session, signal) => session.delete(id, signal));
  }

  logOut(): Promise<Pop3Outcome<void>> {
    return this.#withSession((session, signal) => session.quit(signal));
  }

  /** Begins to fetch a mail into the file system. The outcome comes as a URC. */
  retrieve(id: number, form: MailForm): void {
    void this.#retrieve(id, form);
  }

  /**
   * Drops the session, so that the server deletes nothing, and the operation that runs, which prints nothing more. Resolves
   * when nothing of it is left: with `false` if there was neither.
   */
  async stop(): Promise<boolean> {
    if (!this.busy && this.#session === undefined) return false;
    this.#drop(new Error("stopped by AT+POP3STOP"));
    await this.#running?.ended.catch(() => undefined);
    return true;
  }

  async #retrieve(id: number, form: MailForm): Promise<void> {
    const { outlet, log } = this.#parts;
    try {
      const outcome = await this.#withSession((session, signal) => this.#save(id, form, session, signal));
      if ("failure" in outcome) {
        if (outcome.failure !== "STOPPED") outlet.urc("+POP3: FAILURE");
      } else if (outcome.value === undefined) {
        outlet.urc("+POP3: FILE SYSTEM ERROR");
      } else {
        this.#lastMail = outcome.value;
        const directory = printDirectory(parentPath(outcome.value));
        outlet.urc(`+POP3: SUCCESS\r\n${directory}, ${baseName(outcome.value)}`);
      }
    } catch (error) {
      log.error({ event: "mail-lost", error: String(error) });
      outlet.urc("+POP3: FAILURE");
    }
  }

  /** Saves a mail and returns its path. Where the file system fails it is `undefined`, and the session ends (manual 4.6). */
  async #save(id: number, form: MailForm, session: Pop3Session, signal: AbortSignal): Promise<EfsPath | undefined> {
    const volume = this.#parts.settings.get("+FSLOCA") === 1 ? "D" : "C";
    try {
      return await saveMail(this.#parts, volume, form, session.retrieve(id, signal), signal);
    } catch (error) {
      if (!(error instanceof EfsError)) throw error;
      signal.throwIfAborted();
      this.#parts.log.debug({ event: "mail-not-saved", error: String(error) });
      session.close();
      return undefined;
    }
  }

  #withSession<T>(work: Work<T>): Promise<Pop3Outcome<T>> {
    return this.#run((signal) => {
      if (this.#session === undefined) throw new ServiceError("UNREACHABLE", "not logged in");
      return work(this.#session.client, signal);
    });
  }

  async #run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<Pop3Outcome<T>> {
    if (this.busy) return { failure: "ONGOING" };
    const controller = new AbortController();
    const ended = this.#attempt(work, controller.signal).finally(() => {
      if (controller.signal.aborted) this.#session?.client.close();
      if (this.#session?.client.isOpen === false) this.#session = undefined;
      this.#running = undefined;
    });
    this.#running = { controller, ended };
    return this.#parts.work.track(ended);
  }

  async #attempt<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<Pop3Outcome<T>> {
    try {
      signal.throwIfAborted();
      const value = await work(signal);
      return signal.aborted ? { failure: "STOPPED" } : { value };
    } catch (error) {
      if (signal.aborted) return { failure: "STOPPED" };
      const failure = pop3Code(error, this.#parts.dialect);
      this.#parts.log.debug({ event: "pop3-failed", failure, error: String(error) });
      return { failure };
    }
  }

  #drop(reason: Error): void {
    this.#running?.controller.abort(reason);
    this.#session?.client.close();
    this.#session = undefined;
  }
}

/** Whether the server has not ended the session, as far as that is known here. */
async function isAlive(session: Pop3Session): Promise<boolean> {
  try {
    await session.verify();
    return true;
  } catch (error) {
    if (error instanceof ServiceError) return false;
    throw error;
  }
}
