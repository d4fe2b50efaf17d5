import { ServiceError } from "../../platform/network/service-error.ts";
import type { Credentials } from "../tls/credentials.ts";
import { TLS_LIMITS } from "../tls/limits.ts";
import { connectSecurely, TlsSession, type TlsSessionParts } from "../tls/session.ts";
import type { UnsolicitedOutput } from "../unsolicited-output.ts";

/** How AT+CHTTPSSEND ends (module.md 2.1). */
const HTTPS_CODES = { ok: 0, unknown: 1, busy: 2, closed: 3, timeout: 4, transfer: 5, network: 8 } as const;

type HttpsCode = (typeof HTTPS_CODES)[keyof typeof HTTPS_CODES];

/** What AT+CHTTPSSTATE shows. */
const STATES = { idle: 0, started: 4, opening: 6, open: 7 } as const;

export interface HttpsServiceParts extends TlsSessionParts {
  readonly outlet: UnsolicitedOutput;
  readonly credentials: Credentials;
}

/**
 * The HTTPS client as AT+CHTTPS drives it: one session, over which the host speaks HTTP itself.
 *
 * @spec module.md 2.1
 */
export class HttpsService {
  readonly #parts: HttpsServiceParts;
  #isStarted = false;
  #isOpening = false;
  #session: TlsSession | undefined;
  /** What the host has entered and not sent. */
  #collected: Buffer[] = [];
  #collectedBytes = 0;

  constructor(parts: HttpsServiceParts) {
    this.#parts = parts;
  }

  get state(): number {
    if (this.#session !== undefined) return STATES.open;
    if (this.#isOpening) return STATES.opening;
    return this.#isStarted ? STATES.started : STATES.idle;
  }

  start(): void {
    this.#isStarted = true;
  }

  /** Ends the session too; `false` where nothing was started. */
  stop(): boolean {
    if (!this.#isStarted) return false;
    this.close();
    this.#isStarted = false;
    return true;
  }

  /** Connects to a server, with TLS or without; gives whether that was possible. */
  async open(host: string, port: number, isSecure: boolean): Promise<boolean> {
    const { credentials, network, signal, log, outlet } = this.#parts;
    if (!this.#isStarted || this.#session !== undefined || this.#isOpening) return false;
    this.#isOpening = true;
    try {
      const secure = isSecure ? await credentials.secureOptions(host, signal) : undefined;
      const target = { host, port, service: "http" } as const;
      const session = await TlsSession.open(
        this.#parts,
        (opening) => connectSecurely(network, target, secure, opening),
        {
          arrived: () => outlet.urc("+CHTTPS: RECV EVENT"),
          ended: () => outlet.urc("+CHTTPSNOTIFY: PEER CLOSED"),
        },
      );
      this.#session = session;
      session.start();
      return true;
    } catch (error) {
      signal.throwIfAborted();
      log.debug({ event: "https-session-not-opened", error: String(error) });
      return false;
    } finally {
      this.#isOpening = false;
    }
  }

  /** Whether there is a session, be its server still there or not. */
  get hasSession(): boolean {
    return this.#session !== undefined;
  }

  /** Bytes that were entered and not sent. */
  get unsent(): number {
    return this.#collectedBytes;
  }

  /** Whether so many bytes more can be entered. */
  hasRoom(count: number): boolean {
    return this.#session?.isOpen === true && this.#collectedBytes + count <= TLS_LIMITS.collected;
  }

  /** Takes what the host has entered, for {@link send}. */
  collect(bytes: Buffer): void {
    this.#collected.push(bytes);
    this.#collectedBytes += bytes.length;
  }

  /** Sends what was collected. */
  async send(): Promise<HttpsCode> {
    const session = this.#session;
    const bytes = Buffer.concat(this.#collected);
    this.#collected = [];
    this.#collectedBytes = 0;
    if (session === undefined) return HTTPS_CODES.unknown;
    if (!session.isOpen) return HTTPS_CODES.closed;
    try {
      await session.send(bytes);
      return HTTPS_CODES.ok;
    } catch (error) {
      this.#parts.signal.throwIfAborted();
      const isTimeout = error instanceof ServiceError && error.code === "TIMEOUT";
      return isTimeout ? HTTPS_CODES.timeout : HTTPS_CODES.transfer;
    }
  }

  /** Bytes that wait for the host. */
  get waiting(): number {
    return this.#session?.waiting ?? 0;
  }

  /** Gives up to `count` of the bytes that wait. */
  take(count: number): Buffer {
    return this.#session?.take(count) ?? Buffer.alloc(0);
  }

  /** Tells that data are left. */
  remind(): void {
    if (this.waiting > 0) this.#parts.outlet.urc("+CHTTPS: RECV EVENT");
  }

  /** Ends the session; `false` where there is none. */
  close(): boolean {
    if (this.#session === undefined) return false;
    this.#session.close();
    this.#session = undefined;
    this.#collected = [];
    this.#collectedBytes = 0;
    return true;
  }
}
