import { expect, test } from "vitest";
import { AT_LIMITS } from "../../src/at/limits.ts";
import { SERIAL_LIMITS } from "../../src/platform/serial-line.ts";
import { OK } from "../support/framing.ts";
import { modemOnMemory } from "../support/modem-on-memory.ts";
import { sessionOnMemory, yieldToIo } from "../support/session-on-memory.ts";

test("1000 pipelined lines are all answered", async () => {
  const { dte } = await modemOnMemory();
  dte.send("AT\r".repeat(1000));
  await dte.expect(`AT\r${OK}`.repeat(1000));
  await dte.expectNothing();
});

test("a host that writes without reading loses echo, and no answer", async () => {
  const { dte, host } = await modemOnMemory();
  host.pause();
  for (let line = 0; line < 1000; line++) dte.send("AT\r");
  await yieldToIo();
  host.resume();
  const got = dte.take();
  expect(got.split(OK).length - 1).toBe(1000);
  expect(got.replaceAll(OK, "").length).toBeLessThanOrEqual(AT_LIMITS.echoBacklog);
  await dte.command("AT\r", `AT\r${OK}`);
});

test("a host that writes for ever without reading is held back, memory stays bounded, nothing is lost", async () => {
  const { dte, host, module } = sessionOnMemory([]);
  host.pause();
  let sent = 0;
  let room: Promise<void> | undefined;
  for (; room === undefined && sent < 1_000_000; sent++) room = host.write("AT+N\r");
  expect(room).toBeInstanceOf(Promise);
  expect(module.backlog).toBeLessThan(2 * SERIAL_LIMITS.hostBuffer);
  expect(sent * "AT+N\r".length).toBeLessThan(4 * SERIAL_LIMITS.hostBuffer);
  host.resume();
  await room;
  await dte.expect(OK.repeat(sent));
  await dte.expectNothing();
});

test("unsolicited packets wait for the host, and are all there in the end", async () => {
  const { dte, host, module, session } = sessionOnMemory([]);
  host.pause();
  const payload = Buffer.alloc(1000, "x");
  let printed = 0;
  const sender = (async () => {
    for (; printed < 500; printed++) await session.packets([{ head: "+DATA", payload }]);
  })();
  await yieldToIo();
  expect(printed).toBeLessThan(500);
  expect(module.backlog).toBeLessThan(SERIAL_LIMITS.hostBuffer + 2000);
  host.resume();
  await sender;
  await dte.expect(`\r\n+DATA\r\n${payload.toString()}`.repeat(500));
});

test("the host's data go on to the server although it does not read its echo", async () => {
  const { dte, host, network } = await modemOnMemory();
  network.script({ acts: ["HTTP/1.1 204 No Content\r\n\r\n"] });
  await dte.command('AT+CHTTPACT="a",80\r', 'AT+CHTTPACT="a",80\r\r\n+CHTTPACT: REQUEST\r\n');
  host.pause();
  const request = `POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n${"x".repeat(1_000_000)}`;
  for (let at = 0; at < request.length; at += 1000) {
    dte.send(request.slice(at, at + 1000));
    await yieldToIo();
  }
  dte.send("\x1a");
  const [server] = network.connections;
  for (let turns = 0; turns < 5000 && server?.written !== request; turns++) await yieldToIo();
  expect(server?.written === request).toBe(true);
  host.resume();
  await yieldToIo();
  expect(dte.take()).toMatch(
    /\r\nOK\r\n\r\n\+CHTTPACT: DATA, 27\r\nHTTP\/1.1 204 No Content\r\n\r\n\r\n\+CHTTPACT: 0\r\n$/,
  );
});
