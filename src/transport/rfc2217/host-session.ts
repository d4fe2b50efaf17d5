import { ABORT_OUTPUT, ARE_YOU_THERE, BINARY, BREAK, COM_PORT, type Verb } from "../../codec/telnet/codes.ts";
import { TelnetDecoder, type TelnetSink } from "../../codec/telnet/decoder.ts";
import { TelnetEncoder } from "../../codec/telnet/encoder.ts";
import type { Connection } from "../../platform/network/network.ts";
import type { QueuedIntake } from "../flow/queued-intake.ts";
import { ComPort } from "./com-port.ts";
import { Negotiation, SERVER, type Side } from "./negotiation.ts";
import type { SharedPort } from "./shared-port.ts";
import { TelnetOutput } from "./telnet-output.ts";

interface HostSessionParts {
  readonly connection: Connection;
  readonly signal: AbortSignal;
  readonly port: SharedPort;
  /** Takes the host's data. */
  readonly intake: QueuedIntake;
  readonly signature: string;
  /** The host has told what it is. */
  signed(text: string): void;
}

const PRESENT = Buffer.from("\r\n[the port is open]\r\n");

/** One host on its connection: Telnet to the outside, data and the port to the inside. */
export class HostSession implements TelnetSink {
  readonly #parts: HostSessionParts;
  readonly #decoder = new TelnetDecoder(this);
  readonly #encoder = new TelnetEncoder();
  readonly #output: TelnetOutput;
  readonly #comPort: ComPort;
  readonly #negotiation: Negotiation;
  /** While the intake is full. */
  #room: Promise<void> | undefined;
  #received = 0;
  #ended = false;

  constructor(parts: HostSessionParts) {
    this.#parts = parts;
    const { connection, signal, port, intake, signature, signed } = parts;
    this.#output = new TelnetOutput({
      send: (bytes) => connection.write(bytes, signal),
      encode: (bytes) => this.#encoder.encode(bytes),
      notification: () => this.#comPort.notification(),
    });
    this.#comPort = new ComPort({
      port,
      signature,
      signed,
      answer: (bytes) => this.#output.answer(bytes),
      wake: () => this.#output.wake(),
      hold: (on) => this.#output.hold(on),
      purge: (direction) => (direction === "toClient" ? this.#output.purge() : intake.clear()),
      transmitterEmpty: () => intake.length === 0,
    });
    this.#negotiation = new Negotiation(
      SERVER,
      (bytes) => this.#output.answer(bytes),
      (side, option, on) => this.#negotiated(side, option, on),
    );
  }

  /** How many bytes have come. */
  get received(): number {
    return this.#received;
  }

  /** Whether the host sends no more; it may still read. */
  get ended(): boolean {
    return this.#ended;
  }

  get backlog(): number {
    return this.#output.backlog;
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    return this.#output.write(bytes);
  }

  /** Some of the host's data have reached the module. */
  moved(): void {
    this.#comPort.lineStateChanged();
  }

  /** Serves the host to the end of what it sends. Rejects when the connection is lost. */
  async run(): Promise<void> {
    const { connection, signal, port } = this.#parts;
    port.attach(this.#comPort);
    this.#negotiation.begin();
    for (;;) {
      const chunk = await connection.read(signal);
      if (chunk === undefined) break;
      this.#received += chunk.length;
      this.#decoder.push(chunk);
      // Commands pass while the module holds data back, until so many data wait that the host must be held.
      await this.#room;
      await this.#output.answersRoom();
    }
    this.#ended = true;
  }

  /** Leaves the connection; what waits is lost. */
  leave(): void {
    const { connection } = this.#parts;
    this.#output.close();
    connection.end();
    connection.close();
  }

  /** @internal Of the stream. */
  data(bytes: Buffer): void {
    this.#room = this.#parts.intake.take(bytes);
    this.#comPort.lineStateChanged();
  }

  /** @internal Of the stream. */
  command(code: number): void {
    if (code === BREAK) this.#parts.port.hostBreak();
    else if (code === ABORT_OUTPUT) this.#output.purge();
    else if (code === ARE_YOU_THERE) this.#output.answer(PRESENT);
  }

  /** @internal Of the stream. */
  negotiation(verb: Verb, option: number): void {
    this.#negotiation.receive(verb, option);
  }

  /** @internal Of the stream. */
  subnegotiation(option: number, content: Uint8Array): void {
    if (option === COM_PORT) this.#comPort.receive(content);
  }

  #negotiated(side: Side, option: number, on: boolean): void {
    if (option === BINARY) {
      if (side === "us") this.#encoder.binary = on;
      else this.#decoder.binary = on;
    }
    if (option === COM_PORT && on) this.#comPort.activate();
  }
}
