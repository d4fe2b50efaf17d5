import type { DatagramSocket, Network } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import { Link } from "./link.ts";
import type { TransparentLink } from "./parts.ts";

const ANYWHERE = "0.0.0.0";

/**
 * Opens a UDP socket at a port, 0 for any. The port is the module's, and the network may show another one, as NAT does: one
 * that is taken here is no failure.
 */
export async function bindPort(network: Network, localPort: number, signal: AbortSignal): Promise<DatagramSocket> {
  const bind = (port: number) => network.bind({ host: ANYWHERE, port, service: "udp" }, signal);
  return bind(localPort).catch((error: unknown) => {
    if (localPort === 0 || !(error instanceof ServiceError) || error.code !== "UNKNOWN") throw error;
    return bind(0);
  });
}

/** A UDP socket. Data go to the peer that a command names, or to the fixed one. */
export class UdpLink extends Link {
  #socket: DatagramSocket | undefined;

  async open(signal: AbortSignal): Promise<void> {
    this.#socket = await bindPort(this.parts.network, this.request.localPort, signal);
  }

  start(): void {
    const socket = this.#begin();
    const { work } = this.parts;
    void work.track(
      this.pump(() => socket.receive(this.life.signal)).catch(() => {
        this.end("reset");
        socket.close();
      }),
    );
  }

  /** Gives the socket to online data mode instead of {@link start}: each piece of the host's data is a datagram. */
  transparent(): TransparentLink {
    const socket = this.#begin();
    this.isTransparent = true;
    return {
      write: async (bytes) => {
        await this.send(bytes, false, this.request.peer);
      },
      read: async () => {
        const { bytes } = await socket.receive(this.life.signal);
        this.received += bytes.length;
        return bytes;
      },
      close: () => this.close(),
    };
  }

  async send(bytes: Buffer, _confirmed: boolean, target = this.request.peer): Promise<number> {
    const socket = this.#socket;
    if (this.state !== "open" || socket === undefined || target === undefined) return -1;
    try {
      await socket.send(bytes, { ...target, service: "udp" }, this.life.signal);
      this.sent += bytes.length;
      return bytes.length;
    } catch {
      return -1;
    }
  }

  close(): void {
    this.state = "closed";
    this.inbox.clear();
    this.life.abort(new Error("the host has closed the link"));
    this.#socket?.close();
  }

  override lose(): void {
    super.lose();
    this.#socket?.close();
  }

  #begin(): DatagramSocket {
    if (this.#socket === undefined) throw new Error("the link has no socket");
    this.state = "open";
    return this.#socket;
  }
}
