import type { DatagramSocket, Endpoint, Network } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import { bindPort } from "../sockets/udp-link.ts";
import type { Stream } from "./session.ts";

/** One peer on UDP, used like a connection: each write is a datagram, each read gives one, and there is no end. */
export class DatagramPeer implements Stream {
  readonly #socket: DatagramSocket;
  readonly #peer: Endpoint;
  /** Where the peer is, an address. */
  readonly #address: string;

  private constructor(socket: DatagramSocket, peer: Endpoint, address: string) {
    this.#socket = socket;
    this.#peer = peer;
    this.#address = address;
  }

  /** Rejects with the failure of the network where the peer's name has no address. */
  static async open(network: Network, peer: Endpoint, localPort: number, signal: AbortSignal): Promise<DatagramPeer> {
    const [address] = await network.resolve(peer.host, signal);
    if (address === undefined) throw new ServiceError("UNRESOLVED", `no address for ${peer.host}`);
    return new DatagramPeer(await bindPort(network, localPort, signal), { ...peer, service: "udp" }, address);
  }

  /** What others than the peer send is dropped. */
  async read(signal: AbortSignal): Promise<Buffer> {
    for (;;) {
      const { bytes, from } = await this.#socket.receive(signal);
      if (from.host === this.#address && from.port === this.#peer.port) return bytes;
    }
  }

  async write(bytes: Uint8Array | string, signal: AbortSignal): Promise<void> {
    await this.#socket.send(Buffer.from(bytes as Uint8Array), this.#peer, signal);
  }

  end(): void {
    this.#socket.close();
  }

  close(reason?: Error): void {
    this.#socket.close(reason);
  }
}
