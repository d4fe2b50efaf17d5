import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { onTestFinished } from "vitest";
import type { Endpoint } from "../../src/platform/network/network.ts";

/** What a server does to a connection. */
export type Mishap = "reset" | "silence" | "garbage" | "cut";

/** When it does so: instead of a handshake, in the middle of it, right after it, or after the answer's first bytes. */
export type Moment = "handshake" | "hello" | "request" | "response";

export interface HostilePlan {
  readonly key: string;
  readonly certificate: string;
  readonly at?: Moment;
  readonly mishap?: Mishap;
  /** What the server says to the first bytes that come; `hello` without it. */
  readonly answer?: string;
}

const MISHAPS: Readonly<Record<Mishap, (plain: Socket) => void>> = {
  reset: (plain) => void plain.resetAndDestroy(),
  silence: () => undefined,
  garbage: (plain) => void plain.write("220 what is no TLS\r\n"),
  // Without a word of TLS: the stream is cut off.
  cut: (plain) => void plain.end(),
};

/** A server that speaks TLS until its plan says otherwise. It ends with the test. */
export async function hostileServer({
  key,
  certificate,
  at,
  mishap,
  answer = "hello",
}: HostilePlan): Promise<Endpoint> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (plain) => {
    sockets.add(plain);
    plain.on("error", () => undefined);
    const strike = () => mishap !== undefined && MISHAPS[mishap](plain);
    if (at === "handshake") {
      strike();
      plain.resume();
      return;
    }
    if (at === "hello") {
      plain.once("data", strike);
      return;
    }
    const secure = new TLSSocket(plain, { isServer: true, key, cert: certificate });
    secure.on("error", () => undefined);
    secure.once("secure", () => at === "request" && strike());
    secure.once("data", () => {
      secure.write(answer, () => at === "response" && strike());
    });
    secure.on("end", () => mishap === undefined && secure.end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  return { host: "127.0.0.1", port: typeof address === "object" && address !== null ? address.port : 0 };
}
