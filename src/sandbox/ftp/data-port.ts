import type { Connection, Endpoint, Listener, Network, SecureOptions } from "../../platform/network/network.ts";

/** The one data connection of a session: what the client asked for, until a transfer takes it. */
export class FtpDataPort {
  readonly #network: Network;
  readonly #local: string;
  readonly #peer: string;
  #listener: Listener | undefined;
  #target: Endpoint | undefined;
  /** Present while data connections have to be secure (RFC 4217 §9). */
  protection: SecureOptions | undefined;

  /** `local` and `peer` are the control connection's addresses. Only the peer gets, or gives, data. */
  constructor(network: Network, local: string, peer: string) {
    this.#network = network;
    this.#local = local;
    this.#peer = peer;
  }

  get agreed(): boolean {
    return this.#listener !== undefined || this.#target !== undefined;
  }

  /** Listens for the client. Gives the port. */
  async listen(signal: AbortSignal): Promise<number> {
    this.close();
    this.#listener = await this.#network.listen({ host: this.#local, port: 0 }, signal);
    return this.#listener.local.port;
  }

  /** Will connect to the client. Refuses another host, and ports of well-known services there (RFC 2577 §3). */
  aim(target: Endpoint): boolean {
    // lftp 4.9 names the unspecified address when it listens on IPv6; it means its own address.
    if (target.host !== "::" && withoutMapping(target.host) !== withoutMapping(this.#peer)) return false;
    if (target.port < 1024 || target.port > 65535) return false;
    this.close();
    this.#target = { host: this.#peer, port: target.port };
    return true;
  }

  /** Opens the data connection that the client asked for; each transfer needs a new request. */
  async open(signal: AbortSignal): Promise<Connection> {
    const connection = await this.#connect(signal);
    // RFC 4217 §7: the server of FTP is that of TLS, whoever has connected.
    if (this.protection !== undefined) await connection.secure(this.protection, signal);
    return connection;
  }

  async #connect(signal: AbortSignal): Promise<Connection> {
    const listener = this.#listener;
    const target = this.#target;
    this.#listener = undefined;
    this.#target = undefined;
    if (target !== undefined) return this.#network.connect(target, signal);
    if (listener === undefined) throw new Error("nothing was agreed on");
    try {
      for (;;) {
        const connection = await listener.accept(signal);
        if (withoutMapping(connection.remote.host) === withoutMapping(this.#peer)) return connection;
        connection.close();
      }
    } finally {
      listener.close();
    }
  }

  close(): void {
    this.#listener?.close();
    this.#listener = undefined;
    this.#target = undefined;
  }
}

/** An IPv4 address that a dual-stack socket shows as `::ffff:192.0.2.1` is the IPv4 address; a zone is dropped. */
export function withoutMapping(host: string): string {
  const bare = host.split("%", 1)[0] ?? host;
  return bare.startsWith("::ffff:") && bare.includes(".") ? bare.slice("::ffff:".length) : bare;
}

/** The address in the six numbers of PORT. @rfc 959 §5.3.2 */
export function parsePort(argument: string): Endpoint | undefined {
  const words = argument.trim().split(",");
  const numbers = words.map(Number);
  if (numbers.length !== 6 || !words.every((word) => /^\d{1,3}$/.test(word)) || Math.max(...numbers) > 255)
    return undefined;
  return { host: numbers.slice(0, 4).join("."), port: (numbers[4] ?? 0) * 256 + (numbers[5] ?? 0) };
}

/** The family and the address in an EPRT argument. @rfc 2428 §2 */
export function parseExtendedPort(argument: string): { family: string; target: Endpoint } | undefined {
  const [before, family, host, port, after] = argument.trim().split(argument.trim().charAt(0));
  if (before !== "" || after !== "" || !family || !host || !/^\d{1,5}$/.test(port ?? "")) return undefined;
  return { family, target: { host: host.toLowerCase(), port: Number(port) } };
}
