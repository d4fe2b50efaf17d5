import { TcpNetwork } from "../../platform/network/tcp-network.ts";
import { UsageError } from "../../platform/usage-error.ts";
import { type HostPort, openHostSerial, openHostTcp } from "../../transport/host-port.ts";
import { explainError } from "../explain.ts";
import { type Attachment, Lost, type Sight } from "./attachment.ts";

/** Pieces that wait to be shown; then the port is not read until there is room. */
const WAITING = 64;

/** A port with a module at its other end: a UART, a pseudo-terminal or a TCP port. This console is its host. */
export class PortAttachment implements Attachment {
  readonly name: string;
  readonly greeting: string;
  readonly tellsEntries = false;
  readonly ctl = [];
  readonly #port: HostPort;
  readonly #waiting: Buffer[] = [];
  #lost: Error | undefined;
  #wake: () => void = () => undefined;
  #room: (() => void) | undefined;

  private constructor(name: string, address: string, port: HostPort) {
    this.name = name;
    this.greeting = `Attached to ${address}.`;
    this.#port = port;
    port.start({
      data: (chunk) => this.#take(chunk),
      lost: (reason) => {
        this.#lost = reason;
        this.#wake();
      },
    });
  }

  /** @throws UsageError where the port cannot be opened */
  static async open(address: string, baud: number, signal: AbortSignal): Promise<PortAttachment> {
    const [, host, tcpPort] = /^tcp:(?:\/\/)?(?:(.+):)?(\d{1,5})\/?$/.exec(address) ?? [];
    try {
      if (tcpPort === undefined) {
        const name = address.slice(address.lastIndexOf("/") + 1);
        return new PortAttachment(name, address, await openHostSerial(address, baud));
      }
      const place = { host: host ?? "127.0.0.1", port: Number(tcpPort) };
      const port = await openHostTcp(place, new TcpNetwork(), signal);
      return new PortAttachment(`${place.host}:${place.port}`, address, port);
    } catch (error) {
      signal.throwIfAborted();
      const reason = explainError(error) ?? (error instanceof Error ? error.message : String(error));
      throw new UsageError(`console ${address}: ${reason}`, { cause: error });
    }
  }

  async *sights(signal: AbortSignal): AsyncGenerator<Sight> {
    signal.addEventListener("abort", () => this.#wake(), { once: true });
    while (!signal.aborted) {
      const chunk = this.#waiting.shift();
      if (chunk !== undefined) {
        this.#room?.();
        this.#room = undefined;
        yield { type: "module", bytes: chunk.toString("latin1") };
      } else if (this.#lost !== undefined) {
        throw new Lost(`the port is gone (${explainError(this.#lost) ?? this.#lost.message})`);
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  async send(bytes: Buffer): Promise<string | undefined> {
    // A module that takes nothing any more shows when more is sent than its line holds.
    await this.#port.write(bytes);
    return undefined;
  }

  async close(): Promise<void> {
    await this.#port.close();
  }

  #take(chunk: Buffer): Promise<void> | undefined {
    this.#waiting.push(chunk);
    this.#wake();
    if (this.#waiting.length < WAITING) return undefined;
    return new Promise((resolve) => {
      this.#room = resolve;
    });
  }
}
