import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { autoDetect } from "@serialport/bindings-cpp";
import type { LinePort, LineSettings, ModemLines, Receiver, SerialLine } from "../platform/serial-line.ts";
import type { Clock } from "../platform/time/clock.ts";
import { DescriptorLine } from "./flow/descriptor-line.ts";
import { serialBinding } from "./native.ts";
import { NullModemLines } from "./null-modem-lines.ts";

/** An open port of serialport's on Linux and macOS, which also tells its descriptor. */
type Port = Awaited<ReturnType<ReturnType<typeof autoDetect>["open"]>> & { readonly fd: number };

/** What a UART is opened with. */
interface SerialOptions {
  readonly path: string;
  readonly baudRate: number;
}

/**
 * Opens a real UART, eight bits and no parity, with the module at its end of a null-modem cable and the host at the other.
 *
 * serialport opens and configures it, and no more: its streams hear nothing from a host that does not read, and spin
 * when a device is unplugged at the wrong moment.
 */
export async function openSerial(options: SerialOptions, clock: Clock): Promise<SerialLine> {
  // Says what to do where the native module does not load.
  serialBinding();
  try {
    const { autoDetect } = await import("@serialport/bindings-cpp");
    const port = (await autoDetect().open(options)) as Port;
    return new SerialTransport(options, port, await NullModemLines.on(port, clock));
  } catch (error) {
    // The binding's messages begin with a name that says nothing.
    const reason = (error as Error).message.replace(/^Error: /, "");
    throw new Error(`cannot open ${options.path}: ${reason}`, { cause: error });
  }
}

/** `stty`'s words for a framing. A UART has no other stop bits than 1 and 2. */
function sttyWords({ dataBits, parity, stopBits }: Partial<LineSettings>): readonly string[] {
  const words: string[] = [];
  if (dataBits !== undefined) words.push(`cs${dataBits}`);
  if (parity === "none") words.push("-parenb");
  if (parity === "odd") words.push("parenb", "parodd");
  if (parity === "even") words.push("parenb", "-parodd");
  if (stopBits !== undefined) words.push(stopBits === 1 ? "-cstopb" : "cstopb");
  return words;
}

/** The serial line as a UART. One that is unplugged is lost. */
class SerialTransport implements SerialLine {
  readonly address: string;
  readonly returnsMemory = true;
  readonly #port: Port;
  readonly #lines: NullModemLines | undefined;
  readonly #line: DescriptorLine;
  readonly port: LinePort;
  #settings: Partial<LineSettings>;
  #closed: Promise<void> | undefined;

  constructor({ path, baudRate }: SerialOptions, port: Port, lines: NullModemLines | undefined) {
    this.address = path;
    this.#port = port;
    this.#lines = lines;
    this.#line = new DescriptorLine(port.fd, {});
    this.#settings = { rate: baudRate, dataBits: 8, parity: "none", stopBits: 1 };
    this.port = {
      settings: async () => this.#settings,
      set: (settings) => this.#set(settings),
      ...(lines === undefined ? {} : { sendBreak: (ms: number) => lines.sendBreak(ms) }),
    };
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

  /** Sets rate and framing once the output so far, a result code for one, has left at the old ones. */
  async #set(settings: Partial<LineSettings>): Promise<void> {
    const { rate = this.#settings.rate } = settings;
    try {
      await this.#line.drained();
      await this.#port.drain();
      if (rate !== undefined && rate !== this.#settings.rate) await this.#port.update({ baudRate: rate });
      const words = sttyWords(settings);
      if (words.length > 0) {
        const option = process.platform === "darwin" ? "-f" : "-F";
        await promisify(execFile)("stty", [option, this.address, ...words]);
      }
      this.#settings = { ...this.#settings, ...settings };
    } catch {
      // A rate that the UART does not know, or a port that is going away: the line stays as it is.
    }
  }

  async #release(): Promise<void> {
    this.#lines?.close();
    this.#line.close();
    await this.#port.close();
  }
}
