import { describe, expect, test } from "vitest";
import type { EventBody } from "../../../src/platform/events.ts";
import { JournaledNetwork } from "../../../src/platform/network/journaled-network.ts";
import type { Network } from "../../../src/platform/network/network.ts";
import { ResolvingNetwork } from "../../../src/platform/network/resolving-network.ts";
import { TcpNetwork } from "../../../src/platform/network/tcp-network.ts";
import { type ConnectionScript, ScriptedNetwork } from "../../support/scripted-network.ts";

const { signal } = new AbortController();
const MAIL = { host: "mail", port: 25, service: "smtp" } as const;

function journaled(network: Network, options: { readonly bytes?: boolean } = {}) {
  const emitted: EventBody[] = [];
  const events = { active: true, emit: (event: EventBody) => void emitted.push(event) };
  return { emitted, network: new JournaledNetwork(network, events, options) };
}

/** What the events say besides what all of them have in common. */
function phases(emitted: readonly EventBody[]): unknown[] {
  return emitted.map((event) => {
    const { type, id, service, host, port, ...rest } = event as Extract<EventBody, { type: "connection" }>;
    expect({ type, id, service, host, port }).toEqual({ type: "connection", id: 1, ...MAIL });
    return rest;
  });
}

describe("the journal of a network", () => {
  test("shows how a connection goes, with what passed over it", async () => {
    const script = { acts: ["220 hello\r\n", { hears: "QUIT\r\n" }, "221\r\n"] };
    const { emitted, network } = journaled(new ScriptedNetwork(script));
    const connection = await network.connect(MAIL, signal);
    await connection.readLine(100, signal);
    await connection.write("QUIT\r\n", signal);
    await connection.readLine(100, signal);
    connection.close();
    connection.close();
    expect(phases(emitted)).toEqual([
      { phase: "resolve" },
      { phase: "connect" },
      { phase: "open" },
      { phase: "end", sent: 6, received: 16 },
    ]);
  });

  test("shows the bytes only when they are asked for, one code point a byte", async () => {
    const { emitted, network } = journaled(new ScriptedNetwork({ acts: [Buffer.from([0xff, 0x0a])] }), { bytes: true });
    const connection = await network.connect(MAIL, signal);
    await connection.write(Buffer.from([0x1a, 0xe9]), signal);
    await connection.readLine(10, signal);
    expect(emitted.slice(3)).toEqual([
      { type: "sent", id: 1, bytes: "\x1a\xe9" },
      { type: "received", id: 1, bytes: "\xff\n" },
    ]);
  });

  test("a look at what has come, which finds nothing, is no failure", async () => {
    const { emitted, network } = journaled(new ScriptedNetwork({ acts: ["+OK\r\n", "silence"] }), { bytes: true });
    const connection = await network.connect(MAIL, signal);
    await connection.read(signal);
    await connection.read(AbortSignal.abort()).catch(() => undefined);
    await connection.write("", signal);
    connection.close();
    expect(emitted.slice(3)).toEqual([
      { type: "received", id: 1, bytes: "+OK\r\n" },
      expect.objectContaining({ phase: "end", sent: 0, received: 5 }),
    ]);
  });

  const opened = [{ phase: "resolve" }, { phase: "connect" }, { phase: "open" }];
  test.each<[string, ConnectionScript, unknown[]]>([
    ["a refusal", { refused: "REFUSED" }, [{ phase: "resolve" }, { phase: "fail", error: "REFUSED" }]],
    [
      "a reset",
      { acts: ["ab", { fails: "RESET" }] },
      [...opened, { phase: "fail", error: "RESET", sent: 0, received: 2 }],
    ],
    ["an orderly end", { acts: ["ab"] }, [...opened, { phase: "end", sent: 0, received: 2 }]],
  ])("shows %s", async (_, script, expected) => {
    const { emitted, network } = journaled(new ScriptedNetwork(script));
    const connection = await network.connect(MAIL, signal).catch(() => undefined);
    for (let more = connection !== undefined; more; ) {
      more = (await connection?.read(signal).catch(() => undefined)) !== undefined;
    }
    connection?.close();
    expect(phases(emitted)).toEqual(expected);
  });

  test("shows that the module gave up", async () => {
    const { emitted, network } = journaled(new ScriptedNetwork({ unanswered: true }));
    const impatient = new AbortController();
    const connecting = network.connect(MAIL, impatient.signal).catch(() => undefined);
    impatient.abort(new Error("stopped"));
    await connecting;
    expect(phases(emitted)).toEqual([{ phase: "resolve" }, { phase: "fail", error: "CANCELLED" }]);
  });

  test("numbers the connections, and shows the name that was asked for", async () => {
    const tcp = new TcpNetwork();
    const listener = await tcp.listen({ host: "127.0.0.1", port: 0 }, signal);
    const rule = { name: "www", port: undefined, target: listener.local };
    const { emitted, network } = journaled(new ResolvingNetwork(tcp, [rule]));
    const named = await network.connect({ host: "www", port: 80, service: "http" }, signal);
    const literal = await network.connect({ ...listener.local, service: "ftp" }, signal);
    expect(emitted).toEqual([
      { type: "connection", id: 1, service: "http", host: "www", port: 80, phase: "resolve" },
      { type: "connection", id: 1, service: "http", host: "www", port: 80, phase: "connect" },
      { type: "connection", id: 1, service: "http", host: "www", port: 80, phase: "open" },
      { type: "connection", id: 2, service: "ftp", ...listener.local, phase: "connect" },
      { type: "connection", id: 2, service: "ftp", ...listener.local, phase: "open" },
    ]);
    for (const connection of [named, literal]) connection.close();
    listener.close();
  });

  test("shows incoming connections", async () => {
    const { emitted, network } = journaled(new TcpNetwork());
    const listener = await network.listen({ host: "127.0.0.1", port: 0, service: "ftp-data" }, signal);
    const peer = await new TcpNetwork().connect(listener.local, signal);
    const connection = await listener.accept(signal);
    connection.close();
    expect(emitted).toEqual([
      { type: "connection", id: 1, service: "ftp-data", ...peer.local, phase: "open" },
      { type: "connection", id: 1, service: "ftp-data", ...peer.local, phase: "end", sent: 0, received: 0 },
    ]);
    peer.close();
    listener.close();
  });

  test("leaves connections as they are while nobody listens", async () => {
    const inner = new ScriptedNetwork({ acts: [] });
    const events = { active: false, emit: () => expect.unreachable() };
    const connection = await new JournaledNetwork(inner, events).connect(MAIL, signal);
    expect(connection).toBe(inner.connections[0]);
  });
});
