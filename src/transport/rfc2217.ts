import { packageVersion } from "../platform/disk/files.ts";
import { type Log, silentLog } from "../platform/log.ts";
import type { Connection, Endpoint, Listener, Network } from "../platform/network/network.ts";
import { TcpNetwork } from "../platform/network/tcp-network.ts";
import type { LinePort, ModemLines, Receiver, SerialLine } from "../platform/serial-line.ts";
import { type Clock, SystemClock } from "../platform/time/clock.ts";
import { untilQuiet } from "../platform/yield-to-io.ts";
import { hostAndPort, serveVisits } from "./flow/host-visits.ts";
import { QueuedIntake } from "./flow/queued-intake.ts";
import { HostSession } from "./rfc2217/host-session.ts";
import { REFUSAL } from "./rfc2217/negotiation.ts";
import { SharedPort } from "./rfc2217/shared-port.ts";

/** How long a client that was turned away may take to close its end, in milliseconds. */
const FAREWELL = 1000;

/** What the port is opened with besides its address. */
interface Rfc2217Options {
  readonly network?: Network;
  /** Times breaks of the module and the farewell to clients that are turned away: real time without it. */
  readonly clock?: Clock;
  /** Hears of clients that are turned away, and of the signatures of hosts. */
  readonly log?: Log;
}

/** Listens for the one host of a module, as a serial port server. Port 0 picks a free one; the address tells which. */
export async function openRfc2217(local: Endpoint, options: Rfc2217Options = {}): Promise<SerialLine> {
  const { network = new TcpNetwork(), clock = new SystemClock(), log = silentLog } = options;
  const closing = new AbortController();
  return new Rfc2217Transport(await network.listen(local, closing.signal), closing, clock, log);
}

/**
 * The serial line as a port that hosts reach over Telnet and drive from afar: rate, framing, break, modem lines, flow. One
 * host at a time: another is told who has the port, and turned away. What is written while no host is connected is lost, as
 * on a wire.
 *
 * @rfc 2217
 */
class Rfc2217Transport implements SerialLine {
  readonly address: string;
  readonly #listener: Listener;
  readonly #closing: AbortController;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #port: SharedPort;
  readonly #intake = new QueuedIntake(() => this.#host?.moved());
  #host: HostSession | undefined;
  #hostAddress = "";

  constructor(listener: Listener, closing: AbortController, clock: Clock, log: Log) {
    this.address = `rfc2217://${hostAndPort(listener.local)}`;
    this.#listener = listener;
    this.#closing = closing;
    this.#clock = clock;
    this.#log = log;
    this.#port = new SharedPort(clock);
  }

  get lines(): ModemLines {
    return this.#port;
  }

  get port(): LinePort {
    return this.#port.line;
  }

  start(receiver: Receiver): void {
    this.#intake.start(receiver);
    void serveVisits({
      listener: this.#listener,
      signal: this.#closing.signal,
      received: () => this.#host?.received ?? 0,
      isTaken: () => this.#host !== undefined && !this.#host.ended,
      refuse: (connection) => void this.#refuse(connection),
      admit: (connection) => this.#admit(connection),
    });
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    return this.#host?.write(bytes);
  }

  get backlog(): number {
    return this.#host?.backlog ?? 0;
  }

  async settle(): Promise<void> {
    if (this.#intake.ready) await untilQuiet(() => this.#host?.received ?? 0);
  }

  async close(): Promise<void> {
    this.#intake.close();
    this.#closing.abort();
    this.#listener.close();
    if (this.#host !== undefined) this.#leave(this.#host);
  }

  #admit(connection: Connection): () => Promise<void> {
    if (this.#host !== undefined) this.#leave(this.#host);
    const host = new HostSession({
      connection,
      signal: this.#closing.signal,
      port: this.#port,
      intake: this.#intake,
      signature: `vmodem ${packageVersion()}`,
      signed: (text) => this.#log.info({ event: "host-signature", text }),
    });
    this.#host = host;
    this.#hostAddress = hostAndPort(connection.remote);
    return () => this.#serve(host);
  }

  async #serve(host: HostSession): Promise<void> {
    this.#intake.opened();
    try {
      await host.run();
    } catch {
      this.#leave(host);
    }
    await this.#intake.settled();
    this.#intake.closed();
    this.#port.attach(undefined);
  }

  #leave(host: HostSession): void {
    host.leave();
    if (this.#host === host) this.#host = undefined;
  }

  /** Says why, and lets the client read it: a connection closed over unread input would be reset. */
  async #refuse(connection: Connection): Promise<void> {
    const reason = `the port is in use by ${this.#hostAddress}`;
    this.#log.warn({ event: "host-refused", port: this.address, host: hostAndPort(connection.remote), reason });
    const { signal } = this.#closing;
    const late = this.#clock.alarm(FAREWELL, () => connection.close());
    try {
      await connection.write(Buffer.concat([Buffer.from(`\r\n${reason}\r\n`), REFUSAL]), signal);
      connection.end();
      while ((await connection.read(signal)) !== undefined);
    } catch {
      // It has gone.
    }
    late.cancel();
    connection.close();
  }
}
