import { SystemClock } from "../../platform/time/clock.ts";
import type { ModulePort } from "../../transport/module-port.ts";
import { explainError } from "../explain.ts";
import { isNetworkPort, openModulePort } from "../open-module-port.ts";
import { type Attachment, Lost, type Sight } from "./attachment.ts";

/** Pieces that wait to be shown; then the port is not read until there is room. */
const WAITING = 64;

/** A port with a module at its other end. This console is its host. */
export class PortAttachment implements Attachment {
  readonly name: string;
  readonly greeting: string;
  readonly tellsEntries = false;
  readonly ctl = [];
  readonly #port: ModulePort;
  readonly #waiting: Buffer[] = [];
  #lost: Error | undefined;
  #wake: () => void = () => undefined;
  #room: (() => void) | undefined;

  private constructor(name: string, address: string, port: ModulePort) {
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
    const port = await openModulePort("console", { address, baudRate: baud }, { clock: new SystemClock(), signal });
    const name = isNetworkPort(address) ? port.address : address.slice(address.lastIndexOf("/") + 1);
    return new PortAttachment(name, address, port);
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
