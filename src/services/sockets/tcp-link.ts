import { eitherSignal } from "../../platform/abortable.ts";
import type { Connection, Endpoint } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import { Deadline } from "../../platform/time/deadline.ts";
import { closeGently } from "./close-gently.ts";
import { Link, type LinkParts, plainAddress } from "./link.ts";
import type { TransparentLink } from "./parts.ts";

/** A connection of TCP, opened by the host or accepted by a server. */
export class TcpLink extends Link {
  #connection: Connection | undefined;
  /** Present while the peer takes no more; resolves with whether it has taken all. */
  #stalled: Promise<boolean> | undefined;
  /** Runs while bytes are under way. One for the link: a host sends many small parts. */
  #deadline: Deadline | undefined;

  constructor(parts: LinkParts, accepted?: Connection) {
    super(parts);
    this.#connection = accepted;
  }

  async open(signal: AbortSignal): Promise<void> {
    const { network, settings } = this.parts;
    const { peer } = this.request;
    if (peer === undefined) throw new ServiceError("UNRESOLVED", "no peer to connect to");
    const either = eitherSignal(signal, this.life.signal);
    try {
      const target = { ...peer, service: "tcp", ...keepAliveOf(settings) } as const;
      const connection = await network.connect(target, either.signal);
      if (either.signal.aborted) connection.close();
      either.signal.throwIfAborted();
      this.#connection = connection;
    } finally {
      either.release();
    }
  }

  start(): void {
    const connection = this.#begin();
    const { work } = this.parts;
    const from = this.#peerOf(connection);
    const receive = async () => {
      const bytes = await connection.read(this.life.signal);
      return bytes && { bytes, from };
    };
    void work.track(
      this.pump(receive).then(
        () => this.#over(undefined),
        (error: unknown) => this.#over(error),
      ),
    );
  }

  /** Gives the connection to online data mode instead of {@link start}. */
  transparent(): TransparentLink {
    const connection = this.#begin();
    this.isTransparent = true;
    return {
      write: async (bytes) => {
        await connection.write(bytes, this.life.signal);
        this.sent += bytes.length;
      },
      read: async () => {
        try {
          const bytes = await connection.read(this.life.signal);
          this.received += bytes?.length ?? 0;
          if (bytes === undefined) this.#over(undefined);
          return bytes;
        } catch (error) {
          this.#over(error);
          throw error;
        }
      },
      close: () => this.close(),
    };
  }

  async send(bytes: Buffer, confirmed: boolean): Promise<number> {
    const connection = this.#connection;
    if (this.state !== "open" || connection === undefined) return -1;
    if (this.#stalled !== undefined) return 0;
    const sending = this.#write(connection, bytes);
    this.#stalled = sending;
    const taken = () => {
      this.#stalled = undefined;
    };
    void sending.then(taken, taken);
    // Unconfirmed, the bytes are the buffer's; the next ones are refused until the peer has taken these.
    const isTaken = confirmed ? await sending : true;
    return isTaken && this.#isOpen() ? bytes.length : -1;
  }

  close(): void {
    const connection = this.#connection;
    const wasOpen = this.state === "open";
    this.state = "closed";
    this.inbox.clear();
    this.life.abort(new Error("the host has closed the link"));
    if (connection === undefined) return;
    const { clock, signal, work } = this.parts;
    if (wasOpen) void work.track(closeGently(connection, clock, signal));
    else connection.close();
  }

  override lose(): void {
    super.lose();
    this.#connection?.close();
  }

  #begin(): Connection {
    if (this.#connection === undefined) throw new Error("the link has no connection");
    this.state = "open";
    return this.#connection;
  }

  #isOpen(): boolean {
    return this.state === "open";
  }

  /** Sends within AT+CIPTIMEOUT's time, or ends the connection. Gives whether the peer has taken all. */
  async #write(connection: Connection, bytes: Buffer): Promise<boolean> {
    const { clock, settings, timing } = this.parts;
    const period = settings.get("+CIPTIMEOUT:2") * timing.timeoutScale;
    this.#deadline ??= new Deadline(clock, period, this.life.signal);
    const deadline = this.#deadline;
    deadline.restart(period);
    try {
      this.sent += bytes.length;
      await connection.write(bytes, deadline.signal);
      return true;
    } catch {
      if (deadline.signal.aborted && !this.life.signal.aborted) {
        this.end("sendTimeout");
        connection.close(new ServiceError("RESET", "the peer does not take what was sent"));
        this.life.abort();
      }
      return false;
    } finally {
      deadline.suspend();
    }
  }

  /** The peer has ended or broken the connection; nothing of that is news once we have closed it. */
  #over(error: unknown): void {
    if (this.state !== "open") return;
    this.end(error instanceof ServiceError && error.code === "RESET" ? "reset" : "peer");
    this.#connection?.close();
    this.life.abort();
  }

  /** Who the data come from: the address, and the port that the host has asked for. */
  #peerOf(connection: Connection): Endpoint {
    const { host, port } = connection.remote;
    const { server, peer } = this.request;
    return { host: plainAddress(host), port: server < 0 ? (peer?.port ?? port) : port };
  }
}

/** The keepalive of AT+CTCPKA, which counts the silence before a probe in minutes. */
export function keepAliveOf(settings: LinkParts["settings"]): Pick<Endpoint, "keepAliveAfter"> {
  return settings.get("+CTCPKA") === 1 ? { keepAliveAfter: settings.get("+CTCPKA:1") * 60_000 } : {};
}
