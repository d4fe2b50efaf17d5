import { autoDetect } from "@serialport/bindings-cpp";
import type { ModemLines, Receiver, SerialLine } from "../platform/serial-line.ts";
import type { Clock } from "../platform/time/clock.ts";
import { DescriptorLine } from "./descriptor-line.ts";
import { NullModemLines } from "./null-modem-lines.ts";

/** An open port of serialport's on Linux and macOS, which also tells its descriptor. */
type Port = Awaited<ReturnType<ReturnType<typeof autoDetect>["open"]>> & { readonly fd: number };

/**
 * Opens a real UART, eight bits and no parity, with the module at its end of a null-modem cable and the host at the other.
 *
 * serialport opens and configures it, and no more: its streams hear nothing from a host that does not read, and spin
 * when a device is unplugged at the wrong moment.
 */
export async function openSerial(
  options: { readonly path: string; readonly baudRate: number },
  clock: Clock,
): Promise<SerialLine> {
  try {
    const port = (await autoDetect().open(options)) as Port;
    return new SerialTransport(options.path, port, await NullModemLines.on(port, clock));
  } catch (error) {
    // The binding's messages begin with a name that says nothing.
    const reason = (error as Error).message.replace(/^Error: /, "");
    throw new Error(`cannot open ${options.path}: ${reason}`, { cause: error });
  }
}

/** The serial line as a UART. One that is unplugged is lost. */
class SerialTransport implements SerialLine {
  readonly address: string;
  readonly #port: Port;
  readonly #lines: NullModemLines | undefined;
  readonly #line: DescriptorLine;
  #closed: Promise<void> | undefined;

  constructor(address: string, port: Port, lines: NullModemLines | undefined) {
    this.address = address;
    this.#port = port;
    this.#lines = lines;
    const nothing = () => undefined;
    this.#line = new DescriptorLine(port.fd, { stalled: nothing, flowing: nothing, hungUp: () => false });
  }

  get lines(): ModemLines | undefined {
    return this.#lines;
  }

  start(receiver: Receiver): void {
    this.#line.start(receiver);
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    return this.#line.write(bytes);
  }

  get backlog(): number {
    return this.#line.backlog;
  }

  settle(): Promise<void> {
    return this.#line.settle();
  }

  close(): Promise<void> {
    this.#closed ??= this.#release();
    return this.#closed;
  }

  async #release(): Promise<void> {
    this.#lines?.close();
    this.#line.close();
    await this.#port.close();
  }
}
