import type { Connection, Listener } from "../../platform/network/network.ts";
import { type ListenOptions, SandboxServer, type ServerParts } from "../server.ts";
import { DatagramServer } from "./datagrams.ts";

/** What the server does with the bytes that come: sends them back (RFC 862), or throws them away (RFC 863). */
type Answer = "echo" | "discard";

/** An echo or discard server of the sandbox, on TCP, with TLS where the client begins it, and on UDP. */
export class EchoServer extends SandboxServer {
  /** The same on UDP. */
  readonly datagrams: DatagramServer;
  readonly #answer: Answer;

  private constructor(
    parts: ServerParts,
    listener: Listener,
    options: ListenOptions,
    answer: Answer,
    datagrams: DatagramServer,
  ) {
    super(parts, listener, options, { name: answer, refusal: "", hasTls: true });
    this.#answer = answer;
    this.datagrams = datagrams;
  }

  /** Listens on TCP and UDP, and serves from then on. The signal bounds only the start. */
  static async start(
    parts: ServerParts,
    answer: Answer,
    signal: AbortSignal,
    options: ListenOptions = {},
  ): Promise<EchoServer> {
    const listener = await SandboxServer.listen(parts, options, signal);
    try {
      const datagrams = await DatagramServer.start(parts, answer === "echo", signal);
      return new EchoServer(parts, listener, options, answer, datagrams);
    } catch (error) {
      listener.close();
      throw error;
    }
  }

  override async close(): Promise<void> {
    await Promise.all([super.close(), this.datagrams.close()]);
  }

  protected async serve(connection: Connection, signal: AbortSignal): Promise<void> {
    for (let bytes = await connection.read(signal); bytes !== undefined; bytes = await connection.read(signal)) {
      if (this.#answer === "echo") await connection.write(bytes, signal);
    }
  }

  protected restore(): void {
    // It keeps nothing.
  }
}
