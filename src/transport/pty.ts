import { closeSync } from "node:fs";
import { promisify } from "node:util";
import { type Log, silentLog } from "../platform/log.ts";
import type { LinePort, Receiver, SerialLine } from "../platform/serial-line.ts";
import { type Clock, SystemClock } from "../platform/time/clock.ts";
import { EchoLoopDetector } from "./flow/echo-loop.ts";
import { serialBinding } from "./native.ts";
import { type BarePty, openBarePty, UNSET_RATE } from "./pty/bare-pty.ts";
import { PtyFlow } from "./pty/flow.ts";
import type { Link } from "./pty/link.ts";
import { type PtyPermissions, setPermissions } from "./pty/permissions.ts";

/** What a pty is opened with. */
export interface PtyOptions extends PtyPermissions {
  /** A stable name: a symbolic link to the pty that exists as long as the pty does. */
  readonly link?: string | undefined;
  /** Is warned once when the host's terminal echoes what the module prints. */
  readonly log?: Log;
  /** Times how long nobody has had the pty open: real time without it, also where the module's time stands still. */
  readonly clock?: Clock;
}

/** Opens a pseudo-terminal for one module. */
export async function openPty(options: PtyOptions = {}): Promise<PtyTransport> {
  const pty = await openBarePty();
  try {
    await setPermissions(pty.path, options);
    const link = options.link === undefined ? undefined : await linkTo(pty.path, options.link);
    return new PtyTransport(pty, link, options);
  } catch (error) {
    closeSync(pty.master);
    closeSync(pty.slave);
    throw error;
  }
}

async function linkTo(device: string, path: string): Promise<Link> {
  const { placeLink } = await import("./pty/link.ts");
  return placeLink(path, device);
}

/**
 * The serial line as a pseudo-terminal, which hosts open and close as they like.
 *
 * Output that is written while no host has it open stays in the kernel, as in the buffer of a USB adapter, and the next
 * host finds it. Only when that buffer (about 20 KB) is full does it matter whether anybody is there. If nobody is, all
 * that waits, there and here, is lost, as on a wire. A host that is there but does not read holds the module back for as
 * long as it likes.
 */
export class PtyTransport implements SerialLine {
  readonly address: string;
  /** The device itself, whatever the link is called. */
  readonly device: string;
  /** A pty has none: TIOCMGET is ENOTTY. */
  readonly lines = undefined;
  readonly returnsMemory = true;
  readonly port: LinePort;
  readonly #link: Link | undefined;
  readonly #master: number;
  readonly #flow: PtyFlow;
  readonly #echo: EchoLoopDetector;
  #closed = false;

  /** Takes over the descriptors and the link. */
  constructor(pty: BarePty, link: Link | undefined, options: Pick<PtyOptions, "clock" | "log">) {
    const { clock = new SystemClock(), log = silentLog } = options;
    this.device = pty.path;
    this.address = link?.path ?? pty.path;
    this.#link = link;
    this.#master = pty.master;
    this.port = { settings: () => this.#settings() };
    this.#echo = new EchoLoopDetector(() =>
      log.warn({
        event: "echo-loop",
        port: this.address,
        detail: "the host's terminal sends back what the module prints",
        remedy: `stty -F ${this.address} raw -echo`,
      }),
    );
    this.#flow = new PtyFlow(pty, clock, this.#echo);
  }

  start(receiver: Receiver): void {
    this.#flow.line.start(receiver);
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    this.#echo.sent(bytes);
    return this.#flow.line.write(bytes);
  }

  get backlog(): number {
    return this.#flow.line.backlog;
  }

  settle(): Promise<void> {
    return this.#flow.line.settle();
  }

  /** Everything is done before it returns, so that it also serves in a process's "exit" event. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#flow.close();
    this.#link?.remove();
  }

  /** The kernel keeps the rate that a host sets on its end. */
  async #settings(): Promise<{ readonly rate?: number }> {
    try {
      const { baudRate } = await promisify(serialBinding().getBaudRate)(this.#master);
      return baudRate === UNSET_RATE ? {} : { rate: baudRate };
    } catch {
      // Only Linux tells.
      return {};
    }
  }
}
