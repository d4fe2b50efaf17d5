import { closeSync } from "node:fs";
import { expect, test } from "vitest";
import { SystemClock } from "../../src/platform/time/clock.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { openBarePty } from "../../src/transport/pty/bare-pty.ts";
import { openSerial } from "../../src/transport/serial.ts";
import { transportContract } from "./contract.ts";
import { FdStream } from "./fd-stream.ts";
import { duplexHost } from "./host.ts";
import { Recorder } from "./recorder.ts";

async function openOnPty(baudRate = 115200) {
  const pty = await openBarePty();
  const transport = await openSerial({ path: pty.path, baudRate }, new SystemClock());
  closeSync(pty.slave);
  return { transport, host: duplexHost(new FdStream(pty.master)) };
}

transportContract("serial, on a pty for want of a UART", () => openOnPty());

test("a device without modem lines has none, and that is no error", async () => {
  const { transport, host } = await openOnPty(9600);
  expect(transport.lines).toBeUndefined();
  await transport.close();
  await host.close();
});

test("a device that goes is a loss, reported once", async () => {
  const { transport, host } = await openOnPty();
  const recorder = new Recorder();
  transport.start(recorder);
  await host.write("x");
  await recorder.received(1);
  await host.close();
  await recorder.until(() => recorder.losses.length > 0);
  expect(transport.write(Buffer.alloc(1000))).toBeUndefined();
  await transport.close();
  expect(recorder.losses).toHaveLength(1);
});

test.each(["/dev/no-such-device", "/etc/passwd"])("%s cannot be opened, and the error names it", async (path) => {
  await expect(openSerial({ path, baudRate: 9600 }, new VirtualClock())).rejects.toThrow(`cannot open ${path}: `);
});
