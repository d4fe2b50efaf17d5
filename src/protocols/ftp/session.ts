import type { Network, SecureOptions } from "../../platform/network/network.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { ReplyError } from "../reply-error.ts";
import { openActive } from "./active-data-connection.ts";
import {
  ControlConnection,
  digitOf,
  type FtpChange,
  type FtpVerb,
  isFtpArgument,
  refusal,
} from "./control-connection.ts";
import { Download, emptyDownload } from "./download.ts";
import { PassivePorts } from "./passive-data-connection.ts";
import { FtpTimer } from "./timer.ts";
import { givenUp, Transfer } from "./transfer.ts";
import { Upload } from "./upload.ts";

/** The ports of the platform that a session uses. */
export interface FtpPorts {
  readonly network: Network;
  readonly clock: Clock;
  /** Every time-out is multiplied by it. */
  readonly timeoutScale: number;
}

/** The server, the account and the manner of transfer. User and password are byte strings like the paths. */
export interface FtpSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Whether we connect to the server for data, or let it connect to us. */
  readonly passive: boolean;
  /**
   * The representation type that TYPE announces (RFC 959 §3.1.1). Deviation: with `A` too the bytes go through unchanged
   * both ways. A module has no line ends of its own to convert from or to, and hosts use `A` and `I` alike and compare
   * what comes back byte for byte. Only the server's treatment of the bytes changes with `A`.
   */
  readonly type: "A" | "I";
  /** How the session becomes secure; without it nothing is. */
  readonly security?: FtpSecurity;
  /** Whether passive data connections go to the address in the reply to PASV instead of the server's own. */
  readonly followsReply?: boolean;
  /** Milliseconds that the server may take for a connection, a reply or data, instead of the usual ones. */
  readonly patience?: number;
}

/** How control and data connections become secure. @rfc 4217 */
export interface FtpSecurity {
  /** What begins TLS on the control connection: a command, or the connection itself. */
  readonly begin: "AUTH SSL" | "AUTH TLS" | "implicit";
  readonly tls: SecureOptions;
}

/** Where a transfer starts, in bytes from the beginning of the file; 0 if absent. */
export interface FtpRange {
  readonly offset?: number;
}

/**
 * Connects and logs in. Paths, user and password are byte strings that {@link isFtpArgument} accepts: each character,
 * below U+0100, is the byte that goes out. Every failure of the network or the server is a `ServiceError`: a
 * {@link ReplyError}, a `ReplyTooLarge`, or an `FtpFailure` with its phase. When `signal` aborts, at any time of the
 * session, its reason is thrown instead and everything is closed; a reason that is a `ServiceError` gets a phase too.
 *
 * @rfc 959 §5.4
 */
export async function openSession(ports: FtpPorts, settings: FtpSettings, signal: AbortSignal): Promise<FtpSession> {
  signal.throwIfAborted();
  if (!isFtpArgument(settings.user) || !isFtpArgument(settings.password)) throw notSendable("user and password");
  const life = new AbortController();
  const onAbort = () => life.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const timer = new FtpTimer(ports.clock, ports.timeoutScale, life.signal, settings.patience);
  const release = () => {
    signal.removeEventListener("abort", onAbort);
    timer.dispose();
  };
  try {
    const control = await ControlConnection.connect(ports.network, settings, timer);
    const session = new FtpSession({ control, network: ports.network, settings, timer, life, release });
    try {
      await logIn(control, settings);
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  } catch (error) {
    release();
    throw error;
  }
}

async function logIn(control: ControlConnection, settings: FtpSettings): Promise<void> {
  const { security } = settings;
  if (security?.begin === "implicit") await control.secure(security.tls);
  const greeting = await control.greeting();
  if (digitOf(greeting) !== 2) throw refusal("GREETING", greeting);
  if (security !== undefined && security.begin !== "implicit") {
    // RFC 4217 §4: a refusal ends the session before anything of the log-in is sent.
    await control.expect(2, "AUTH", security.begin === "AUTH SSL" ? "SSL" : "TLS");
    await control.secure(security.tls);
  }
  await sendAccount(control, settings);
  if (security === undefined) return;
  // RFC 4217 §9: PROT needs PBSZ before it.
  await control.expect(2, "PBSZ", "0");
  await control.expect(2, "PROT", "P");
}

async function sendAccount(control: ControlConnection, settings: FtpSettings): Promise<void> {
  const user = await control.command("USER", settings.user);
  if (digitOf(user) === 2) return;
  // RFC 959 §5.4: 332 asks for an account, which a module does not have.
  if (digitOf(user) !== 3 || user.code === 332) throw refusal("USER", user);
  await control.expect(2, "PASS", settings.password);
}

interface SessionParts {
  readonly control: ControlConnection;
  readonly network: Network;
  readonly settings: FtpSettings;
  readonly timer: FtpTimer;
  readonly life: AbortController;
  /** Ends what {@link openSession} has begun. */
  readonly release: () => void;
}

/**
 * A session with one server. One operation at a time. A refused operation leaves the session usable; after any other
 * failure only {@link quit} and {@link close} make sense. The owner calls one of them in the end.
 */
export class FtpSession {
  readonly #parts: SessionParts;
  readonly #passive: PassivePorts;
  #type: "A" | "I" | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const { control, network, timer } = parts;
    this.#passive = new PassivePorts(control, network, timer);
    // A time-out, too, ends the session at once.
    timer.signal.addEventListener("abort", () => control.close(timer.signal.reason), { once: true });
  }

  /** Begins to fetch a file: when it resolves the server has accepted and the data connection is established. */
  async retrieve(path: string, { offset = 0 }: FtpRange = {}): Promise<Download> {
    return new Download(await this.#transfer("RETR", path, this.#parts.settings.type, offset), () => this.close());
  }

  /** Begins to send a file: when it resolves the server has accepted and the data connection is established. */
  async store(path: string, { offset = 0 }: FtpRange = {}): Promise<Upload> {
    return new Upload(await this.#transfer("STOR", path, this.#parts.settings.type, offset), () => this.close());
  }

  /**
   * Begins to fetch the server's listing of a directory, or of the current one. The replies `emptyOn` mean that nothing is
   * listed: many servers answer so for an empty directory.
   */
  async list(
    path?: string,
    emptyOn: readonly number[] = NOTHING_LISTED,
  ): Promise<Pick<Download, "read" | "finish" | "abort">> {
    try {
      // RFC 959 §4.1.3: a listing is text, whatever the type of the files.
      return new Download(await this.#transfer("LIST", path, "A", 0), () => this.close());
    } catch (error) {
      if (error instanceof ReplyError && error.verb === "LIST" && emptyOn.includes(error.reply ?? 0))
        return emptyDownload;
      throw error;
    }
  }

  /** Makes or removes a directory, or removes a file. */
  async change(verb: FtpChange, path: string): Promise<void> {
    await this.#parts.control.expect(2, verb, path);
  }

  /** Asks for something, and gives the text of the reply. */
  async ask(verb: "PWD" | "SIZE", path?: string): Promise<string> {
    const { lines } = await this.#parts.control.expect(2, verb, path);
    return lines[0] ?? "";
  }

  /** Calls `over` when the server ends the session before the next operation. */
  watch(over: () => void): void {
    this.#parts.control.watch(over);
  }

  /** Says goodbye and closes. Never fails, takes a few seconds at most, and gives whether the server reacted in time. */
  async quit(): Promise<boolean> {
    const { timer, control } = this.#parts;
    const answered = timer.signal.aborted || (await control.quit());
    this.close();
    return answered;
  }

  /** Drops everything at once: whatever waits on the session rejects. */
  close(): void {
    const reason = givenUp();
    this.#parts.life.abort(reason);
    this.#parts.control.close(reason);
    this.#parts.release();
  }

  async #transfer(verb: FtpVerb, path: string | undefined, type: "A" | "I", offset: number): Promise<Transfer> {
    if (path !== undefined && !isFtpArgument(path)) throw notSendable("a path");
    const { control, network, settings, timer } = this.#parts;
    await this.#setType(type);
    const port = settings.passive
      ? await this.#passive.open(settings.followsReply === true)
      : await openActive(control, network, timer);
    try {
      // RFC 959 §4.1.3: REST is followed at once by the command that it concerns.
      if (offset > 0) await control.expect(3, "REST", String(offset));
    } catch (error) {
      port.close();
      throw error;
    }
    return Transfer.begin({ control, port, timer, tls: settings.security?.tls }, verb, path);
  }

  async #setType(type: "A" | "I"): Promise<void> {
    if (this.#type === type) return;
    await this.#parts.control.expect(2, "TYPE", type);
    this.#type = type;
  }
}

/** Replies to LIST that mean an empty listing. */
const NOTHING_LISTED: readonly number[] = [450, 550];

function notSendable(what: string): RangeError {
  return new RangeError(`${what} cannot hold CR, LF, NUL or characters that are not bytes`);
}
