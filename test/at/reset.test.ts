import { expect, test } from "vitest";
import { SERIAL_LIMITS } from "../../src/platform/serial-line.ts";
import { OK } from "../support/framing.ts";
import { modemOnMemory } from "../support/modem-on-memory.ts";
import { yieldToIo } from "../support/session-on-memory.ts";

type Bench = Awaited<ReturnType<typeof modemOnMemory>>;
const LAUNCH = 'AT+CHTTPACT="a",80\r';
const REQUEST = "\r\n+CHTTPACT: REQUEST\r\n";

async function enterRequest({ dte }: Bench): Promise<void> {
  dte.send(LAUNCH);
  await dte.expect(REQUEST);
}

/** Each brings a modem without echo into a state in which something waits. */
const states: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  "nothing runs": async () => undefined,
  "a line is being typed": async ({ dte }) => dte.send("AT+CM"),
  "a connection is being made": async ({ dte, network }) => {
    network.script({ unanswered: true });
    dte.send(LAUNCH);
  },
  "the input is full": async ({ dte, host, network }) => {
    network.script({ unanswered: true });
    dte.send(LAUNCH);
    await yieldToIo();
    while (host.write("AT+CMEE?\r".repeat(100)) === undefined);
  },
  "a prompt is up": async (bench) => {
    bench.network.script({ acts: [] });
    await enterRequest(bench);
  },
  "data are being entered": async (bench) => {
    bench.network.script({ acts: [] });
    await enterRequest(bench);
    bench.dte.send("GET / HTTP/1.1\r\n");
  },
  "the server takes no data": async (bench) => {
    bench.network.script({ acts: [], takesNothing: true });
    await enterRequest(bench);
    bench.dte.send("POST / HTTP/1.1\r\n\r\nabc");
    await yieldToIo();
    bench.dte.send("x".repeat(2 * SERIAL_LIMITS.hostBuffer));
  },
  "the server takes none of the last data": async (bench) => {
    bench.network.script({ acts: [], takesNothing: true });
    await enterRequest(bench);
    bench.dte.send("POST / HTTP/1.1\r\n\r\nabc\x1a");
  },
  "a response is awaited": async (bench) => {
    bench.network.script({ acts: ["silence"] });
    await enterRequest(bench);
    bench.dte.send("GET / HTTP/1.1\r\n\r\n\x1a");
    await bench.dte.expect(OK);
  },
  "a response is half printed": async (bench) => {
    bench.network.script({ acts: [`HTTP/1.1 200 OK\r\n\r\n${"x".repeat(2000)}`, "silence"] });
    await enterRequest(bench);
    bench.dte.send("GET / HTTP/1.1\r\n\r\n\x1a");
    await bench.dte.expect(`${OK}\r\n+CHTTPACT: DATA, 1024\r\n`);
    await yieldToIo();
    bench.dte.take();
  },
  "a packet waits for a line being typed": async (bench) => {
    bench.network.script({ acts: [`HTTP/1.1 200 OK\r\n\r\n${"x".repeat(2000)}`, "silence"] });
    await enterRequest(bench);
    bench.dte.send("GET / HTTP/1.1\r\n\r\n\x1aAT+CM");
    await bench.dte.expect(OK);
  },
  "the host does not read": async (bench) => {
    bench.host.pause();
    while (bench.host.write("AT&V\r".repeat(10)) === undefined);
    await yieldToIo();
  },
};

test.each(Object.entries(states))("a reset while %s leaves a module like new", async (_, reach) => {
  const bench = await modemOnMemory();
  const { dte, host, modem, clock, network } = bench;
  await dte.command("ATE0&W\r", `ATE0&W\r${OK}`);
  await reach(bench);
  await yieldToIo();
  await modem.reset();
  host.resume();
  await yieldToIo();
  await yieldToIo();
  dte.take();
  expect(clock.pendingAlarms).toBe(0);
  expect(network.connections.map(({ closed }) => closed)).toEqual(network.connections.map(() => true));
  await dte.command("AT+CMEE?\r", `\r\n+CMEE: 2\r\n${OK}`);
  await dte.expectNothing(200_000);
});

test.each(Object.entries(states))("closing while %s leaves nothing behind", async (_, reach) => {
  const bench = await modemOnMemory();
  const { dte, modem, clock, network } = bench;
  await dte.command("ATE0\r", `ATE0\r${OK}`);
  await reach(bench);
  await yieldToIo();
  await modem.close();
  await yieldToIo();
  dte.take();
  expect(clock.pendingAlarms).toBe(0);
  expect(network.connections.every(({ closed }) => closed)).toBe(true);
  dte.send("AT\r");
  await dte.expectNothing(200_000);
});
