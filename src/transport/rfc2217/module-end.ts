import { BINARY, COM_PORT, type Verb } from "../../codec/telnet/codes.ts";
import { TelnetDecoder, type TelnetSink } from "../../codec/telnet/decoder.ts";
import { subnegotiation, TelnetEncoder } from "../../codec/telnet/encoder.ts";
import { abortable } from "../../platform/abortable.ts";
import type { Connection, Endpoint, Network } from "../../platform/network/network.ts";
import type { Receiver } from "../../platform/serial-line.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { hostAndPort } from "../flow/host-visits.ts";
import { QueuedIntake } from "../flow/queued-intake.ts";
import type { ModuleOutputs } from "../module-lines.ts";
import type { ModuleCircuits, ModulePort } from "../module-port.ts";
import { readAll } from "../tcp-port.ts";
import { COMMAND, CONTROLS, DATA_BITS, FROM_SERVER, MODEM_STATE, PARITIES, STOP_BITS } from "./com-port-codes.ts";
import { CLIENT, Negotiation, type Side } from "./negotiation.ts";
import { TelnetOutput } from "./telnet-output.ts";

/** Milliseconds in which a serial port server agrees to be one. */
const PATIENCE = 5000;

interface Rfc2217PortOptions {
  readonly baudRate: number;
  readonly network: Network;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Connects to a module at a serial port server: eight bits and no parity. */
export async function openRfc2217Port(place: Endpoint, options: Rfc2217PortOptions): Promise<ModulePort> {
  const { baudRate, network, clock, signal } = options;
  const connection = await network.connect(place, signal);
  const port = new Rfc2217Port(connection, hostAndPort(place));
  const alarm = clock.alarm(PATIENCE, () => port.fail(new Error("it is not a serial port server")));
  try {
    await abortable(port.open(baudRate), signal);
    return port;
  } catch (error) {
    await port.close();
    throw error;
  } finally {
    alarm.cancel();
  }
}

/**
 * The host's end of a port that a server has: Telnet to the outside, data and modem lines to the inside.
 *
 * @rfc 2217
 */
class Rfc2217Port implements ModulePort, ModuleCircuits, TelnetSink {
  readonly address: string;
  readonly lines: ModuleCircuits = this;
  readonly #connection: Connection;
  readonly #closing = new AbortController();
  readonly #intake = new QueuedIntake();
  readonly #decoder = new TelnetDecoder(this);
  readonly #encoder = new TelnetEncoder();
  readonly #output: TelnetOutput;
  readonly #negotiation: Negotiation;
  #outputs: ModuleOutputs = { dcd: false, dsr: true, cts: true };
  #changed: (outputs: ModuleOutputs) => void = () => undefined;
  #room: Promise<void> | undefined;
  #started: () => void = () => undefined;
  readonly #start = new Promise<void>((resolve) => {
    this.#started = resolve;
  });
  #rate = 0;
  #agreed: { resolve(): void; reject(reason: Error): void } | undefined;

  constructor(connection: Connection, address: string) {
    this.#connection = connection;
    this.address = address;
    this.#output = new TelnetOutput({
      send: (bytes) => connection.write(bytes, this.#closing.signal),
      encode: (bytes) => this.#encoder.encode(bytes),
      notification: () => undefined,
    });
    this.#negotiation = new Negotiation(
      CLIENT,
      (bytes) => this.#output.answer(bytes),
      (side, option, on) => this.#negotiated(side, option, on),
    );
  }

  /** Resolves when the server has set the rate. */
  open(rate: number): Promise<void> {
    this.#rate = rate;
    const agreed = new Promise<void>((resolve, reject) => {
      this.#agreed = { resolve, reject };
    });
    this.#negotiation.begin();
    readAll(this.#connection, this.#closing.signal, (chunk) => this.#take(chunk)).catch((error: Error) =>
      this.fail(error),
    );
    return agreed;
  }

  start(receiver: Receiver): void {
    this.#intake.start(receiver);
    this.#started();
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    return this.#output.write(bytes);
  }

  get backlog(): number {
    return this.#output.backlog;
  }

  async setRate(rate: number): Promise<void> {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(rate);
    await this.#output.drained();
    this.#command(COMMAND.baudRate, ...bytes);
  }

  get outputs(): ModuleOutputs {
    return this.#outputs;
  }

  set({ dtr, rts }: { readonly dtr?: boolean; readonly rts?: boolean }): void {
    if (dtr !== undefined) this.#command(COMMAND.control, CONTROLS.dtr.values[dtr ? 0 : 1]);
    if (rts !== undefined) this.#command(COMMAND.control, CONTROLS.rts.values[rts ? 0 : 1]);
  }

  onChange(listener: (outputs: ModuleOutputs) => void): void {
    this.#changed = listener;
  }

  /** The port is of no use any more: its receiver, once there is one, hears of it behind all data. */
  fail(reason: Error): void {
    this.#agreed?.reject(reason);
    void this.#start.then(async () => {
      await this.#intake.settled();
      this.#intake.lose(reason);
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#intake.close();
    this.#output.close();
    this.#connection.end();
    this.#connection.close();
  }

  /** @internal Of the stream. */
  data(bytes: Buffer): void {
    this.#room = this.#intake.take(bytes);
  }

  /** @internal Of the stream. */
  command(): void {
    // None means anything to the host's end.
  }

  /** @internal Of the stream. */
  negotiation(verb: Verb, option: number): void {
    this.#negotiation.receive(verb, option);
  }

  /** @internal Of the stream. */
  subnegotiation(option: number, content: Uint8Array): void {
    if (option !== COM_PORT) return;
    const [code = 0, value = 0] = content;
    switch (code - FROM_SERVER) {
      case COMMAND.baudRate:
        this.#agreed?.resolve();
        break;
      case COMMAND.modemState:
        this.#see(value);
        break;
      case COMMAND.suspend:
      case COMMAND.resume:
        this.#output.hold(code - FROM_SERVER === COMMAND.suspend);
        break;
      default:
        break;
    }
  }

  /** Holds the server back while its data wait for their reader, or our answers for the server. */
  #take(chunk: Buffer): Promise<void> | undefined {
    this.#decoder.push(chunk);
    return this.#room ?? this.#output.answersRoom();
  }

  #see(state: number): void {
    const [before, has] = [this.#outputs, (bit: number) => (state & bit) !== 0];
    const now = { dcd: has(MODEM_STATE.dcd), dsr: has(MODEM_STATE.dsr), cts: has(MODEM_STATE.cts) };
    this.#outputs = now;
    if (before.dcd !== now.dcd || before.dsr !== now.dsr || before.cts !== now.cts) this.#changed(now);
  }

  #negotiated(side: Side, option: number, on: boolean): void {
    if (option === BINARY) {
      if (side === "us") this.#encoder.binary = on;
      else this.#decoder.binary = on;
    }
    if (option !== COM_PORT || side !== "us" || !on) return;
    this.#command(COMMAND.dataSize, DATA_BITS.indexOf(8));
    this.#command(COMMAND.parity, PARITIES.indexOf("none"));
    this.#command(COMMAND.stopSize, STOP_BITS.indexOf(1));
    this.set({ dtr: true, rts: true });
    void this.setRate(this.#rate);
  }

  #command(code: number, ...values: readonly number[]): void {
    this.#output.answer(subnegotiation(COM_PORT, Uint8Array.of(code, ...values)));
  }
}
