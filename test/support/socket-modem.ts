import { onTestFinished } from "vitest";
import { Modem } from "../../src/modem/modem.ts";
import type { ModemOptions } from "../../src/modem/modem-options.ts";
import type { Endpoint } from "../../src/platform/network/network.ts";
import { type ResolveRule, ResolvingNetwork } from "../../src/platform/network/resolving-network.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { EchoServer } from "../../src/sandbox/echo/server.ts";
import { memoryPair } from "../../src/transport/memory.ts";
import { Dte } from "./dte.ts";
import { framed, OK } from "./framing.ts";
import { HandServer, until } from "./loopback.ts";
import { RecordingNetwork } from "./recording-network.ts";
import { serverParts } from "./server-parts.ts";

export interface SocketModemOptions extends Partial<Omit<ModemOptions, "transport" | "clock" | "network">> {
  /** Where each name leads on TCP. */
  readonly server?: Endpoint;
  readonly rules?: readonly ResolveRule[];
}

/** A modem without echo on a line without a medium, on the real loopback network. */
export async function socketModem({ server, rules = [], ...options }: SocketModemOptions = {}) {
  const clock = new VirtualClock();
  const recording = new RecordingNetwork();
  const everywhere: readonly ResolveRule[] =
    server === undefined ? [] : [{ name: "*", port: undefined, transport: "tcp", target: server }];
  const network = new ResolvingNetwork(recording, [...rules, ...everywhere]);
  const { module, host } = memoryPair();
  const modem = new Modem({ ...options, transport: module, clock, network });
  await modem.start();
  const dte = new Dte(host, clock, "network");
  onTestFinished(async () => {
    await modem.close();
    await until(() => clock.pendingAlarms === 0, "no alarm to be left");
  });
  await dte.command("ATE0\r", `ATE0\r${OK}`);
  return { modem, clock, recording, host, dte };
}

export type SocketModem = Awaited<ReturnType<typeof socketModem>>;

/** A server that a test plays by hand. */
export async function handServer(): Promise<HandServer> {
  const server = await HandServer.listen();
  onTestFinished(() => server.close());
  return server;
}

/** An echo server on TCP and UDP, and the rules that lead port 7 of every name to it. */
export async function echoServer() {
  const server = await EchoServer.start(serverParts(), "echo", new AbortController().signal);
  onTestFinished(() => server.close());
  const rules: readonly ResolveRule[] = [
    { name: "*", port: 7, transport: "tcp", target: server.endpoint },
    { name: "*", port: 7, transport: "udp", target: server.datagrams.endpoint },
  ];
  return { server, rules };
}

/** Opens the network with the later command set. */
export async function openNetwork({ dte }: Pick<SocketModem, "dte">): Promise<void> {
  await dte.command("AT+NETOPEN\r", OK + framed("+NETOPEN: 0"));
}

/** Opens a link of the later set, and gives the server's end of it. */
export async function openLink({ dte }: Pick<SocketModem, "dte">, server: HandServer, link = 0) {
  dte.send(`AT+CIPOPEN=${link},"TCP","server.example",80\r`);
  const peer = await server.accept();
  await dte.expect(OK + framed(`+CIPOPEN: ${link},0`));
  return peer;
}
