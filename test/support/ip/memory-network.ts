import type { Connection, DatagramSocket, Endpoint, Network } from "../../../src/platform/network/network.ts";
import { ServiceError, type ServiceErrorCode } from "../../../src/platform/network/service-error.ts";

/** The far end of a connection in memory. What the near side sends is taken only as fast as `takes` says. */
export class MemoryConnection implements Connection {
  readonly local: Endpoint = { host: "10.0.0.1", port: 1 };
  readonly remote: Endpoint;
  readonly received: Buffer[] = [];
  /** What our near side reads; `undefined` ends it. */
  readonly #sent: (Buffer | undefined)[] = [];
  #wake: () => void = () => undefined;
  #takes: () => void = () => undefined;
  /** While it is `false`, a write of the near side waits. */
  reads = true;
  ended = false;
  closed: Error | true | undefined;

  constructor(remote: Endpoint) {
    this.remote = remote;
  }

  /** Sends from the far end; `undefined` ends its direction. */
  send(bytes: Buffer | undefined): void {
    this.#sent.push(bytes);
    this.#wake();
  }

  /** Takes what waits, and all that comes. */
  resume(): void {
    this.reads = true;
    this.#takes();
  }

  async read(): Promise<Buffer | undefined> {
    while (this.#sent.length === 0 && this.closed === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.closed !== undefined) throw new ServiceError("CLOSED", "closed");
    return this.#sent.shift();
  }

  async write(bytes: Uint8Array | string): Promise<void> {
    this.received.push(Buffer.from(bytes as Uint8Array));
    if (this.reads) return;
    await new Promise<void>((resolve) => {
      this.#takes = resolve;
    });
  }

  end(): void {
    this.ended = true;
  }

  close(reason?: Error): void {
    this.closed ??= reason ?? true;
    this.#wake();
    this.#takes();
  }

  readLine = unsupported;
  readExactly = unsupported;
  secure = unsupported;
}

/** A network in memory: each connection is kept, and names resolve as given. UDP sockets send back what they get. */
export class MemoryNetwork implements Network {
  readonly connections: MemoryConnection[] = [];
  readonly names: Readonly<Record<string, readonly string[]>>;
  refusal: ServiceErrorCode | undefined;
  openSockets = 0;

  constructor(names: Readonly<Record<string, readonly string[]>> = {}) {
    this.names = names;
  }

  async connect(target: Endpoint): Promise<Connection> {
    if (this.refusal !== undefined) throw new ServiceError(this.refusal, "as asked");
    const connection = new MemoryConnection(target);
    this.connections.push(connection);
    return connection;
  }

  async bind(local: Endpoint): Promise<DatagramSocket> {
    this.openSockets++;
    const arrived: { readonly bytes: Buffer; readonly from: Endpoint }[] = [];
    let wake = () => {};
    let failure: Error | undefined;
    return {
      local,
      send: async (bytes, target) => {
        if (this.refusal !== undefined) throw new ServiceError(this.refusal, "as asked");
        arrived.push({ bytes: Buffer.from(bytes), from: target });
        wake();
        return target;
      },
      receive: async () => {
        while (arrived.length === 0 && failure === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        const datagram = arrived.shift();
        if (datagram === undefined) throw failure;
        return datagram;
      },
      close: (reason = new ServiceError("CLOSED", "closed")) => {
        if (failure === undefined) this.openSockets--;
        failure = reason;
        wake();
      },
    };
  }

  async resolve(host: string): Promise<readonly string[]> {
    if (this.refusal !== undefined) throw new ServiceError(this.refusal, "as asked");
    const addresses = this.names[host];
    if (addresses === undefined) throw new ServiceError("UNRESOLVED", `no address for ${host}`);
    return addresses;
  }

  listen = unsupported;
  nameOf = unsupported;
}

function unsupported(): never {
  throw new Error("a test of the gateway needs none of this");
}
