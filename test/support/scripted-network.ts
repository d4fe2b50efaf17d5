import type { Connection, DatagramSocket, Endpoint, Listener, Network } from "../../src/platform/network/network.ts";
import { ServiceError, type ServiceErrorCode } from "../../src/platform/network/service-error.ts";

/** What the peer does next: sends bytes in one piece, waits until it has heard a text, breaks the connection, or says nothing any more. */
export type PeerAct =
  | string
  | Uint8Array
  | { readonly hears: string }
  | { readonly fails: ServiceErrorCode }
  | "silence";

/** How the next connection goes: a failure, no answer at all, or what the peer does, act by act, and then ends. */
export type ConnectionScript =
  | { readonly refused: ServiceErrorCode }
  | { readonly unanswered: true }
  | { readonly acts: readonly PeerAct[]; readonly takesNothing?: true };

/** A network without a network: its connections go as scripted, one script each, in order. */
export class ScriptedNetwork implements Network {
  readonly #scripts: ConnectionScript[];
  /** Where the module has connected to. */
  readonly targets: Endpoint[] = [];
  readonly connections: ScriptedConnection[] = [];

  constructor(...scripts: readonly ConnectionScript[]) {
    this.#scripts = [...scripts];
  }

  /** Adds a script for a later connection. */
  script(script: ConnectionScript): void {
    this.#scripts.push(script);
  }

  async connect(target: Endpoint, signal: AbortSignal): Promise<Connection> {
    signal.throwIfAborted();
    this.targets.push(target);
    const script = this.#scripts.shift() ?? { refused: "REFUSED" };
    if ("refused" in script) throw new ServiceError(script.refused, "as scripted");
    if ("unanswered" in script) return forever(signal);
    const connection = new ScriptedConnection(target, script.acts, script.takesNothing === true);
    this.connections.push(connection);
    return connection;
  }

  async listen(): Promise<Listener> {
    throw new ServiceError("UNKNOWN", "nobody can reach a scripted network");
  }

  async bind(): Promise<DatagramSocket> {
    throw new ServiceError("UNKNOWN", "a scripted network has no UDP");
  }

  async resolve(host: string): Promise<readonly string[]> {
    if (host.endsWith(".invalid")) throw new ServiceError("UNRESOLVED", "as scripted");
    return ["192.0.2.2"];
  }

  async nameOf(): Promise<string> {
    return "server.example";
  }
}

/** A connection whose peer does what it is told. */
export class ScriptedConnection implements Connection {
  readonly local: Endpoint = { host: "192.0.2.1", port: 49152 };
  readonly remote: Endpoint;
  readonly #acts: PeerAct[];
  readonly #takesNothing: boolean;
  readonly #closed = new AbortController();
  #rest = Buffer.alloc(0);
  #heard = 0;
  /** Whether the module has sent anything since the peer's last act; before that a peer has nothing to say at once. */
  #asked = true;
  /** What the module has sent, in latin1. */
  written = "";

  constructor(target: Endpoint, acts: readonly PeerAct[], takesNothing: boolean) {
    this.remote = { host: "192.0.2.2", port: target.port };
    this.#acts = [...acts];
    this.#takesNothing = takesNothing;
  }

  get closed(): boolean {
    return this.#closed.signal.aborted;
  }

  async read(signal: AbortSignal): Promise<Buffer | undefined> {
    this.#closed.signal.throwIfAborted();
    if (this.#rest.length > 0) return this.#takeRest(this.#rest.length);
    if (signal.aborted && !this.#asked) throw signal.reason;
    const act = this.#acts[0];
    if (act === undefined) return undefined;
    if (act === "silence") return forever(AbortSignal.any([signal, this.#closed.signal]));
    if (typeof act === "object" && "hears" in act) {
      await this.#hear(act.hears, signal);
      return this.read(signal);
    }
    this.#acts.shift();
    this.#asked = false;
    if (typeof act === "string") return Buffer.from(act, "latin1");
    if (act instanceof Uint8Array) return Buffer.from(act);
    throw new ServiceError(act.fails, "as scripted");
  }

  async readLine(limit: number, signal: AbortSignal): Promise<Buffer> {
    const end = await this.#fill((rest) => rest.indexOf("\n") + 1, signal);
    if (end > limit) throw new ServiceError("REPLY", "the line is too long");
    const line = this.#takeRest(end);
    return line.subarray(0, line.at(-2) === 0x0d ? -2 : -1);
  }

  async readExactly(length: number, signal: AbortSignal): Promise<Buffer> {
    await this.#fill((rest) => (rest.length >= length ? length : 0), signal);
    return this.#takeRest(length);
  }

  async write(bytes: Uint8Array | string, signal: AbortSignal): Promise<void> {
    this.#closed.signal.throwIfAborted();
    this.#asked = true;
    if (this.#takesNothing) await forever(AbortSignal.any([signal, this.#closed.signal]));
    this.written += typeof bytes === "string" ? bytes : Buffer.from(bytes).toString("latin1");
  }

  async secure(): Promise<void> {
    throw new ServiceError("UNKNOWN", "a scripted peer does not speak TLS");
  }

  end(): void {
    // The peer does what its script says, whatever we do.
  }

  close(reason: Error = new ServiceError("CLOSED", "closed")): void {
    this.#closed.abort(reason);
  }

  /** Waits for a text after what was heard before, and makes an end of the act that waits for it. */
  async #hear(text: string, signal: AbortSignal): Promise<void> {
    while (this.written.indexOf(text, this.#heard) < 0) {
      signal.throwIfAborted();
      this.#closed.signal.throwIfAborted();
      await new Promise(setImmediate);
    }
    this.#heard = this.written.indexOf(text, this.#heard) + text.length;
    this.#acts.shift();
  }

  /** Reads until `measure` finds what is wanted, and gives its length. */
  async #fill(measure: (rest: Buffer) => number, signal: AbortSignal): Promise<number> {
    for (;;) {
      const length = measure(this.#rest);
      if (length > 0) return length;
      const kept = this.#takeRest(this.#rest.length);
      const more = await this.read(signal);
      if (more === undefined) throw new ServiceError("CLOSED", "the peer has ended");
      this.#rest = Buffer.concat([kept, more]);
    }
  }

  #takeRest(length: number): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }
}

/** Waits for nothing but the signal. */
function forever(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
