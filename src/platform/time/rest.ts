import { hookConnection } from "../network/hooked-connection.ts";
import type { Connection, DatagramSocket, Network } from "../network/network.ts";

/** Turns of the event loop without a move after which all is at rest: a reply takes two from one end to the other. */
const QUIET_TURNS = 6;
/** How long the kernel may take to carry what a host has written to a pty before, in milliseconds of real time. */
const PTY_TIME = 5;
/** How long a wait may take in real time, in milliseconds: of what never rests, a server that sends without end, and in all. */
const PATIENCE = { busy: 2000, pending: 250 } as const;
/** What Node calls an operation that it has begun outside the event loop and that ends by itself. */
const OPERATION = /^(FSReq|GetAddrInfoReq|TCPConnect|CloseReq|Shutdown)/;

/**
 * Knows whether anything moves in a rig: bytes on its connections, events, and operations of the system that are under way.
 * A caller that moves a clock by hand waits for it, so that the effects of the last alarm are complete.
 */
export class Rest {
  #moves = 0;

  /** Something has happened. */
  moved(): void {
    this.#moves++;
  }

  /** The same network, of which each byte in either direction is a move. */
  watch(network: Network): Network {
    const hook = (connection: Connection) => this.#watchConnection(connection);
    return {
      connect: async (target, signal, resolved) => hook(await network.connect(target, signal, resolved)),
      listen: async (local, signal) => {
        const listener = await network.listen(local, signal);
        return {
          local: listener.local,
          accept: async (accepting) => hook(await listener.accept(accepting)),
          close: () => listener.close(),
        };
      },
      bind: async (local, signal) => this.#watchSocket(await network.bind(local, signal)),
      resolve: (host, signal) => network.resolve(host, signal),
      nameOf: (address, signal) => network.nameOf(address, signal),
    };
  }

  /** Resolves when what a host has sent before is here, and all that it sets off has happened. */
  begin(): Promise<void> {
    return this.settle(PTY_TIME);
  }

  /** Resolves when nothing has moved for some turns of the event loop, and no operation of the system is under way. */
  async settle(quietTime = 0): Promise<void> {
    const start = performance.now();
    let before = this.#moves;
    let lastMove = start;
    for (let quiet = 0; quiet < QUIET_TURNS || performance.now() - lastMove < quietTime; ) {
      await new Promise(setImmediate);
      const now = performance.now();
      const hasMoved = this.#moves !== before;
      const isPending = process.getActiveResourcesInfo().some((name) => OPERATION.test(name));
      if (hasMoved) lastMove = now;
      if (hasMoved || (isPending && now - lastMove < PATIENCE.pending)) quiet = 0;
      else quiet++;
      before = this.#moves;
      if (now - start > PATIENCE.busy) return;
    }
  }

  #watchConnection(connection: Connection): Connection {
    const watched = hookConnection(connection, {
      received: (bytes) => this.#passed(bytes),
      sent: (bytes) => this.#passed(bytes),
      failed: () => this.moved(),
      closed: () => this.moved(),
    });
    // What is peeked at has not been read: no hook has seen it.
    const peek = connection.peek?.bind(connection);
    return peek === undefined ? watched : Object.assign(watched, { peek });
  }

  #watchSocket(socket: DatagramSocket): DatagramSocket {
    return {
      local: socket.local,
      send: async (bytes, target, signal) => this.#passed(await socket.send(bytes, target, signal)),
      receive: async (signal) => this.#passed(await socket.receive(signal)),
      close: (reason) => socket.close(reason),
    };
  }

  #passed<T>(bytes: T): T {
    this.moved();
    return bytes;
  }
}
