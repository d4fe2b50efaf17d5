import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { TcpNetwork } from "../../../src/platform/network/tcp-network.ts";
import type { LineSettings } from "../../../src/platform/serial-line.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import type { ModulePort } from "../../../src/transport/module-port.ts";
import { openRfc2217Port } from "../../../src/transport/rfc2217/module-end.ts";
import { openRfc2217 } from "../../../src/transport/rfc2217.ts";
import { until } from "../../support/program.ts";

const { signal } = new AbortController();

function connect(port: number, clock = new VirtualClock()): Promise<ModulePort> {
  return openRfc2217Port({ host: "127.0.0.1", port }, { baudRate: 9600, network: new TcpNetwork(), clock, signal });
}

/** A module at a serial port server, and its port as a host has it. */
async function startBoth() {
  const module = await openRfc2217({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => module.close());
  const settings: Partial<LineSettings>[] = [];
  const [heard, said]: Buffer[][] = [[], []];
  const lost: string[] = [];
  module.port?.onSettings?.((told) => void settings.push(told));
  module.start({ data: (chunk) => void heard?.push(Buffer.from(chunk)), lost: () => undefined });
  const port = await connect(Number(new URL(module.address).port));
  onTestFinished(() => port.close());
  port.start({ data: (chunk) => void said?.push(Buffer.from(chunk)), lost: ({ message }) => void lost.push(message) });
  const all = (pieces: readonly Buffer[] | undefined) => Buffer.concat(pieces ?? []);
  return { module, port, settings, lost, heard: () => all(heard), said: () => all(said) };
}

test("all bytes pass unchanged, both ways", async () => {
  const { module, port, heard, said } = await startBoth();
  const bytes = Buffer.from([...Array(256).keys(), 13, 0, 13, 10, 255, 255]);
  void port.write(bytes);
  void module.write(bytes);
  await until(() => heard().length >= bytes.length && said().length >= bytes.length, "the bytes");
  expect(heard()).toEqual(bytes);
  expect(said()).toEqual(bytes);
});

test("the module hears of the rate and of DTR, and the host of DCD and CTS", async () => {
  const { module, port, settings } = await startBoth();
  expect(settings.at(-1)).toEqual({ rate: 9600 });
  expect(module.lines?.inputs).toEqual({ dtr: true, rts: true });
  const outputs: unknown[] = [];
  port.lines?.onChange((changed) => void outputs.push(changed));
  port.lines?.set({ dtr: false });
  await port.setRate(115_200);
  module.lines?.set({ dcd: true });
  await until(() => settings.at(-1)?.rate === 115_200 && outputs.length > 0, "the rate and DCD");
  expect(module.lines?.inputs).toEqual({ dtr: false, rts: true });
  expect(outputs).toEqual([{ dcd: true, dsr: true, cts: true }]);
  expect(port.lines?.outputs).toEqual(outputs[0]);
});

test("a server that goes away is told", async () => {
  const { module, lost } = await startBoth();
  await module.close();
  await until(() => lost.length > 0, "the loss");
  expect(lost).toEqual(["the module has closed the connection"]);
});

test("a server that is none, and one whose port is in use, are refused", async () => {
  const silent = createServer(() => undefined).listen(0, "127.0.0.1");
  onTestFinished(() => void silent.close());
  await new Promise((resolve) => silent.once("listening", resolve));
  const clock = new VirtualClock();
  const connecting = connect((silent.address() as { readonly port: number }).port, clock);
  connecting.catch(() => undefined);
  await until(() => clock.pendingAlarms > 0, "the time-out");
  await clock.advance(5000);
  await expect(connecting).rejects.toThrow("it is not a serial port server");
  const { module } = await startBoth();
  await expect(connect(Number(new URL(module.address).port))).rejects.toThrow("closed the connection");
});
