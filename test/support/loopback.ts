import type { Connection, Endpoint, Listener } from "../../src/platform/network/network.ts";
import { TcpNetwork } from "../../src/platform/network/tcp-network.ts";
import { Rest } from "../../src/platform/time/rest.ts";

/** How long a test waits for what must happen. */
const PATIENCE = 10_000;

/** Waits, without a sleep, until the condition holds. */
export async function until(condition: () => boolean, what = condition.toString()): Promise<void> {
  const start = performance.now();
  while (!condition()) {
    if (performance.now() - start > PATIENCE) throw new Error(`waited in vain: ${what}`);
    await new Promise(setImmediate);
  }
}

/** Lets the event loop turn some times, so that what is not to happen has had its chance. */
export async function turns(count = 50): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
}

/** The same, and waits for the operations of the system that are under way: on a busy machine they take more turns. */
export async function atRest(count = 30): Promise<void> {
  await turns(count);
  await new Rest().settle();
}

/** A server on the loopback that a test plays by hand. */
export class HandServer {
  readonly signal = AbortSignal.timeout(PATIENCE);
  readonly #listener: Listener;
  readonly #accepted: Connection[] = [];

  private constructor(listener: Listener) {
    this.#listener = listener;
  }

  static async listen(): Promise<HandServer> {
    const anywhere = { host: "127.0.0.1", port: 0 };
    return new HandServer(await new TcpNetwork().listen(anywhere, new AbortController().signal));
  }

  get local(): Endpoint {
    return this.#listener.local;
  }

  async accept(): Promise<Connection> {
    const connection = await this.#listener.accept(this.signal);
    this.#accepted.push(connection);
    return connection;
  }

  close(): void {
    this.#listener.close();
    for (const connection of this.#accepted) connection.close();
  }
}

/** Reads until the peer ends. */
export async function readAll(connection: Connection, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = await connection.read(signal);
    if (chunk === undefined) return Buffer.concat(chunks);
    chunks.push(chunk);
  }
}
