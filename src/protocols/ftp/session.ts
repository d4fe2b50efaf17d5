import type { Network } from "../../platform/network/network.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { ServerTimer } from "../../platform/time/server-timer.ts";
import { openActive } from "./active-data-connection.ts";
import { ControlConnection, isFtpArgument, refusal } from "./control-connection.ts";
import type { DataPort } from "./data-port.ts";
import { Download } from "./download.ts";
import { FtpError } from "./error.ts";
import { openPassive } from "./passive-data-connection.ts";
import { givenUp, Transfer } from "./transfer.ts";
import { Upload } from "./upload.ts";

/** What a session needs of the world. */
export interface FtpPorts {
  readonly network: Network;
  readonly clock: Clock;
  /** Every time-out is multiplied by it; 1 without it. */
  readonly timeoutScale?: number;
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
   * both ways. A module has no line ends of its own to convert from or to, and its hosts, who use `A` and `I` alike,
   * compare what comes back byte for byte. What `A` does change is what the server makes of it.
   */
  readonly type: "A" | "I";
}

/** Where a transfer starts, in bytes from the file's beginning; 0 without it. */
export interface FtpRange {
  readonly offset?: number;
}

/**
 * Connects and logs in. Paths are byte strings: each character, below U+0100, is the byte that goes out. Every failure is
 * an {@link FtpError}; when `signal` aborts, at any time of the session, its reason is thrown instead and all is closed.
 * (A reason that is a `ServiceError`, such as an outer deadline's, comes as the `FtpError` that it means.)
 *
 * @rfc 959 §5.4
 */
export async function openSession(ports: FtpPorts, settings: FtpSettings, signal: AbortSignal): Promise<FtpSession> {
  signal.throwIfAborted();
  if (!isFtpArgument(settings.user) || !isFtpArgument(settings.password)) {
    throw new FtpError("ARGUMENT", "user and password cannot hold CR, LF, NUL or characters that are no bytes");
  }
  const life = new AbortController();
  const onAbort = () => life.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const patience = new ServerTimer(ports.clock, ports.timeoutScale ?? 1, life.signal);
  const release = () => {
    signal.removeEventListener("abort", onAbort);
    patience.dispose();
  };
  try {
    const control = await ControlConnection.connect(ports.network, settings, patience);
    const session = new FtpSession(control, ports.network, settings, patience, life, release);
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
  const greeting = await control.greeting();
  if (greeting.code !== 220) throw refusal(greeting, "PROTOCOL");
  const user = await control.command("USER", settings.user);
  if (user.code === 230) return;
  // RFC 959 §5.4: 332 asks for an account, which a module does not have.
  if (user.code !== 331) throw refusal(user, user.code >= 500 || user.code === 332 ? "LOGIN" : "PROTOCOL");
  const password = await control.command("PASS", settings.password);
  if (password.code === 230 || password.code === 202) return;
  throw refusal(password, password.code >= 500 || password.code === 332 ? "LOGIN" : "PROTOCOL");
}

/**
 * A session with one server. One operation at a time. A refused operation leaves the session usable; after any other
 * failure only {@link quit} and {@link close} make sense. Its owner calls one of them in the end.
 */
export class FtpSession {
  readonly #control: ControlConnection;
  readonly #network: Network;
  readonly #settings: FtpSettings;
  readonly #patience: ServerTimer;
  readonly #life: AbortController;
  readonly #release: () => void;
  #type: "A" | "I" = "A";
  #typeSent = false;

  constructor(
    control: ControlConnection,
    network: Network,
    settings: FtpSettings,
    patience: ServerTimer,
    life: AbortController,
    release: () => void,
  ) {
    this.#control = control;
    this.#network = network;
    this.#settings = settings;
    this.#patience = patience;
    this.#life = life;
    this.#release = release;
    // A time-out, too, ends the session at once.
    patience.signal.addEventListener("abort", () => control.close(patience.signal.reason), { once: true });
  }

  /** Begins to fetch a file: the server has accepted and the data connection stands when it resolves. */
  async retrieve(path: string, { offset = 0 }: FtpRange = {}): Promise<Download> {
    return new Download(await this.#transfer("RETR", path, this.#settings.type, offset), () => this.close());
  }

  /** Begins to send a file: the server has accepted and the data connection stands when it resolves. */
  async store(path: string, { offset = 0 }: FtpRange = {}): Promise<Upload> {
    return new Upload(await this.#transfer("STOR", path, this.#settings.type, offset), () => this.close());
  }

  /** Begins to fetch the server's listing of a directory, or of the current one. */
  async list(path?: string): Promise<Download> {
    // RFC 959 §4.1.3: a listing is text, whatever the type of the files.
    return new Download(await this.#transfer("LIST", path, "A", 0), () => this.close());
  }

  async makeDirectory(path: string): Promise<void> {
    await this.#control.expect(2, "REFUSED", "MKD", path);
  }

  async removeDirectory(path: string): Promise<void> {
    await this.#control.expect(2, "REFUSED", "RMD", path);
  }

  async remove(path: string): Promise<void> {
    await this.#control.expect(2, "REFUSED", "DELE", path);
  }

  /** Says goodbye and closes. Never fails, takes a few seconds at most, and gives whether the server answered in time. */
  async quit(): Promise<boolean> {
    const answered = this.#patience.signal.aborted || (await this.#control.quit());
    this.close();
    return answered;
  }

  /** Drops everything at once: whoever waits gets an error. */
  close(): void {
    const reason = givenUp();
    this.#life.abort(reason);
    this.#control.close(reason);
    this.#release();
  }

  async #transfer(verb: string, path: string | undefined, type: "A" | "I", offset: number): Promise<Transfer> {
    if (path !== undefined && !isFtpArgument(path)) {
      throw new FtpError("ARGUMENT", "a path cannot hold CR, LF, NUL or characters that are no bytes");
    }
    await this.#setType(type);
    const port = await this.#dataPort();
    try {
      // RFC 959 §4.1.3: REST is followed at once by the command that it concerns.
      if (offset > 0) await this.#control.expect(3, "PROTOCOL", "REST", String(offset));
    } catch (error) {
      port.close();
      throw error;
    }
    return Transfer.begin(this.#control, port, this.#patience, verb, path);
  }

  async #setType(type: "A" | "I"): Promise<void> {
    if (this.#typeSent && this.#type === type) return;
    await this.#control.expect(2, "PROTOCOL", "TYPE", type);
    this.#type = type;
    this.#typeSent = true;
  }

  #dataPort(): Promise<DataPort> {
    const open = this.#settings.passive ? openPassive : openActive;
    return open(this.#control, this.#network, this.#patience);
  }
}
