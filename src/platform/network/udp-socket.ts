import type { Socket } from "node:dgram";
import { isIPv4 } from "node:net";
import { onAbort } from "../abortable.ts";
import { CONNECTION_LIMITS, type Datagram, type DatagramSocket, type Endpoint } from "./network.ts";
import { ServiceError, toServiceError } from "./service-error.ts";

type Resolve = (host: string, signal: AbortSignal) => Promise<readonly string[]>;

/** Opens a UDP socket of the machine on an IPv4 address. */
export async function bindUdp(local: Endpoint, resolve: Resolve, signal: AbortSignal): Promise<DatagramSocket> {
  const { createSocket } = await import("node:dgram");
  return new Promise((opened, refused) => {
    signal.throwIfAborted();
    const socket = createSocket("udp4");
    socket.once("error", (error) => {
      socket.close();
      refused(toServiceError(error));
    });
    socket.bind({ address: local.host, port: local.port, exclusive: true }, () => {
      socket.removeAllListeners("error");
      opened(new UdpSocket(socket, resolve));
    });
  });
}

/** A {@link DatagramSocket} on a bound `dgram.Socket`. */
class UdpSocket implements DatagramSocket {
  readonly local: Endpoint;
  readonly #socket: Socket;
  readonly #resolve: Resolve;
  readonly #arrived: Datagram[] = [];
  #taker: { take(datagram: Datagram): void; fail(reason: Error): void } | undefined;
  #failure: Error | undefined;

  constructor(socket: Socket, resolve: Resolve) {
    const { address, port } = socket.address();
    this.local = { host: address, port };
    this.#socket = socket;
    this.#resolve = resolve;
    // What a peer's kernel reports of one datagram (ICMP) is no failure of the socket.
    socket.on("error", () => undefined);
    socket.on("message", (bytes, { address: host, port: from }) => {
      const datagram = { bytes, from: { host, port: from } };
      if (this.#taker !== undefined) this.#taker.take(datagram);
      else if (this.#arrived.length < CONNECTION_LIMITS.datagrams) this.#arrived.push(datagram);
    });
  }

  async send(bytes: Uint8Array, { host, port }: Endpoint, signal: AbortSignal): Promise<Endpoint> {
    const addresses = await this.#resolve(host, signal);
    const address = addresses.find(isIPv4);
    if (address === undefined) throw new ServiceError("UNREACHABLE", `${host} has no IPv4 address`);
    if (this.#failure !== undefined) throw this.#failure;
    await new Promise<void>((sent, refused) => {
      this.#socket.send(bytes, port, address, (error) => (error === null ? sent() : refused(toServiceError(error))));
    });
    return { host: address, port };
  }

  receive(signal: AbortSignal): Promise<Datagram> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const ready = this.#arrived.shift();
      if (ready !== undefined || this.#failure !== undefined) {
        if (ready === undefined) reject(this.#failure);
        else resolve(ready);
        return;
      }
      const settle = () => {
        this.#taker = undefined;
        release();
      };
      this.#taker = {
        take: (datagram) => {
          settle();
          resolve(datagram);
        },
        fail: (reason) => {
          settle();
          reject(reason);
        },
      };
      const release = onAbort(signal, () => this.#taker?.fail(signal.reason));
    });
  }

  close(reason: Error = new ServiceError("CLOSED", "the socket was closed here")): void {
    if (this.#failure !== undefined) return;
    this.#failure = reason;
    this.#arrived.length = 0;
    this.#socket.close();
    this.#taker?.fail(reason);
  }
}
