import type { Efs } from "../../efs/efs.ts";
import { composeMail, type Mail } from "../../mime/compose/message.ts";
import type { Rtc } from "../../module/rtc.ts";
import type { Timing } from "../../module/timing.ts";
import type { Random } from "../../platform/crypto.ts";
import type { Log } from "../../platform/log.ts";
import type { Network } from "../../platform/network/network.ts";
import type { Clock } from "../../platform/time/clock.ts";
import type { WorkSet } from "../../platform/work-set.ts";
import { openSmtpSession, type SmtpEnvelope, type SmtpSession } from "../../protocols/smtp/session.ts";
import type { UnsolicitedOutput } from "../unsolicited-output.ts";
import type { OpenAttachments } from "./attachment-selection.ts";
import { type SmtpCode, smtpCode } from "./code.ts";
import { MailDraft } from "./mail-draft.ts";

export interface SmtpServiceParts {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly timing: Timing;
  readonly rtc: Rtc;
  readonly efs: Efs;
  readonly outlet: Pick<UnsolicitedOutput, "urc">;
  /** The module's own: when it aborts, everything ends and nothing is printed. */
  readonly signal: AbortSignal;
  readonly work: WorkSet;
}

/** Why a mail is not being sent: AT+SMTPSTOP ended it, or a failure with its code. */
export type SmtpFailure = SmtpCode | "STOPPED";

/** A mail that the server is ready to accept. One of the two is called, once. */
export interface SmtpDelivery {
  /** Sends it; the outcome comes as one URC. */
  start(): void;
  /** Gives it up without a word, because the module has reset. */
  abort(): Promise<void>;
}

/** One mail, from the opening of its first file to its outcome. */
interface Sending {
  readonly controller: AbortController;
  readonly authenticates: boolean;
}

/**
 * The module's SMTP client as the AT commands use it: one draft, and one mail that is being sent at a time.
 *
 * @spec manual 3, decisions 2 and 3
 */
export class SmtpService {
  /** Must not be changed while {@link busy}. */
  readonly draft: MailDraft;
  readonly #parts: SmtpServiceParts;
  #sending: Sending | undefined;

  constructor(parts: SmtpServiceParts) {
    this.#parts = parts;
    this.draft = new MailDraft(parts.efs);
    parts.signal.addEventListener("abort", () => this.#sending?.controller.abort(parts.signal.reason), { once: true });
  }

  /** Whether a mail is being sent. */
  get busy(): boolean {
    return this.#sending !== undefined;
  }

  /**
   * Begins to send the draft, which must be complete, while not {@link busy}. Resolves with the delivery when the server is
   * ready to accept the mail. Resolves with the failure otherwise; no URC follows.
   */
  send(): Promise<SmtpFailure | SmtpDelivery> {
    const sending = { controller: new AbortController(), authenticates: this.draft.credentials !== undefined };
    this.#sending = sending;
    return this.#parts.work.track(this.#start(sending));
  }

  /** Drops the connection and the mail; no URC follows. Returns `false` if no mail is being sent. */
  stop(): boolean {
    const sending = this.#sending;
    if (sending === undefined) return false;
    this.#sending = undefined;
    sending.controller.abort(new Error("stopped by AT+SMTPSTOP"));
    return true;
  }

  async #start(sending: Sending): Promise<SmtpFailure | SmtpDelivery> {
    const { draft } = this;
    const { server, login, envelope } = draft;
    const { rtc } = this.#parts;
    let files: OpenAttachments | undefined;
    try {
      files = await draft.files.open();
      const mail = draft.mail(files.attachments, rtc.now());
      const session = await openSmtpSession(this.#ports, server, login, sending.controller.signal);
      sending.controller.signal.throwIfAborted();
      const opened = files;
      return {
        start: () => void this.#parts.work.track(this.#deliver(sending, session, envelope, mail, opened)),
        abort: () => this.#parts.work.track(opened.close()),
      };
    } catch (error) {
      await files?.close();
      return this.#end(sending) ? this.#explain(error, sending) : "STOPPED";
    }
  }

  async #deliver(
    sending: Sending,
    session: SmtpSession,
    envelope: SmtpEnvelope,
    mail: Mail,
    files: OpenAttachments,
  ): Promise<void> {
    const { random, outlet } = this.#parts;
    let failure: SmtpCode | undefined;
    try {
      await session.send(envelope, composeMail(mail, random, session.eightBitMime));
      await session.quit();
    } catch (error) {
      failure = this.#explain(error, sending);
    } finally {
      await files.close();
    }
    if (!this.#end(sending)) return;
    if (failure === undefined) this.draft.clearMail();
    outlet.urc(`+SMTP: ${failure ?? "SUCCESS"}`);
  }

  /** Frees the service for the next mail. Returns `false` if this one was stopped before. */
  #end(sending: Sending): boolean {
    if (this.#sending !== sending || sending.controller.signal.aborted) return false;
    this.#sending = undefined;
    return true;
  }

  #explain(error: unknown, { controller, authenticates }: Sending): SmtpCode {
    const code = smtpCode(error, authenticates);
    if (!controller.signal.aborted) this.#parts.log.debug({ event: "smtp-failed", code, error: String(error) });
    return code;
  }

  get #ports() {
    const { network, clock, log, timing } = this.#parts;
    return { network, clock, log, timeoutScale: timing.timeoutScale };
  }
}
