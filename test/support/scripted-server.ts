import { createServer, type Socket } from "node:net";
import type { Endpoint } from "../../src/platform/network/network.ts";

/** One client as a script sees it. */
export interface ScriptedPeer {
  say(bytes: string): void;
  /** The next line of the client, or `undefined` when it has gone. */
  hear(): Promise<string | undefined>;
  /** Ends our direction in order, after some last bytes. */
  close(last?: string): void;
  /** Breaks the connection. */
  reset(): void;
  /** Stops reading, so that the client's writes get stuck. */
  stopReading(): void;
}

/** A server on loopback that does what a script says, right or wrong, and keeps every line it has heard. */
export class ScriptedServer {
  readonly heard: string[] = [];
  readonly #server = createServer({ allowHalfOpen: true }, (socket) => this.#serve(socket));
  readonly #sockets = new Set<Socket>();
  readonly #script: (peer: ScriptedPeer) => Promise<void>;
  #failure: unknown;

  private constructor(script: (peer: ScriptedPeer) => Promise<void>) {
    this.#script = script;
  }

  static async start(script: (peer: ScriptedPeer) => Promise<void>): Promise<ScriptedServer> {
    const server = new ScriptedServer(script);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get address(): Endpoint {
    const address = this.#server.address();
    return { host: "127.0.0.1", port: typeof address === "object" ? (address?.port ?? 0) : 0 };
  }

  /** Resolves when every client has closed or broken its connection. */
  async abandoned(): Promise<void> {
    await Promise.all([...this.#sockets].map((socket) => new Promise((resolve) => socket.once("close", resolve))));
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    if (this.#failure !== undefined) throw this.#failure;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => undefined);
    socket.on("close", () => this.#sockets.delete(socket));
    let buffer = "";
    let ended = false;
    let wake = (): void => undefined;
    socket.on("data", (chunk) => {
      buffer += chunk.toString("latin1");
      wake();
    });
    const end = () => {
      ended = true;
      wake();
    };
    socket.on("end", () => {
      end();
      socket.end();
    });
    socket.on("close", end);
    const hear = async () => {
      for (;;) {
        const at = buffer.indexOf("\r\n");
        if (at >= 0) {
          const line = buffer.slice(0, at);
          buffer = buffer.slice(at + 2);
          this.heard.push(line);
          return line;
        }
        if (ended) return undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    };
    const peer = {
      say: (bytes: string) => void (socket.destroyed || socket.write(bytes, "latin1")),
      hear,
      close: (last = "") => void socket.end(last, "latin1"),
      reset: () => void socket.resetAndDestroy(),
      stopReading: () => void socket.pause(),
    };
    this.#script(peer).catch((error) => {
      this.#failure = error;
    });
  }
}
