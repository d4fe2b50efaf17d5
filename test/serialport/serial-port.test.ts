import { once } from "node:events";
import * as real from "serialport";
import { afterEach, expect, test, vi } from "vitest";
import * as ours from "../../src/serialport/index.ts";
import { bounded } from "../support/program.ts";

vi.mock("serialport", () => import("../../src/serialport/index.ts"));

const { virtualPorts } = ours;

const OK = "\r\nOK\r\n";

afterEach(() => virtualPorts.clear());

/** Collects what a port receives until `done` holds of it. */
function receive(port: real.SerialPort, done: (received: string) => boolean): Promise<string> {
  let received = "";
  return bounded(
    new Promise((resolve) =>
      port.on("data", (chunk: Buffer) => {
        received += chunk.toString("latin1");
        if (done(received)) resolve(received);
      }),
    ),
    () => JSON.stringify(received.slice(-200)),
  );
}

/** Code under test: it knows node-serialport only. */
async function ask(path: string, line: string): Promise<string> {
  const port = new real.SerialPort({ path, baudRate: 115_200 });
  port.write(`${line}\r`);
  const answer = await receive(port, (received) => received.endsWith("\r\nOK\r\n"));
  await new Promise((resolve) => port.close(resolve));
  return answer;
}

async function open(path: string) {
  const port = new real.SerialPort({ path, baudRate: 115_200 });
  await once(port, "open");
  return port;
}

test("unchanged code opens a virtual port by its path, again and again", async () => {
  const { modem } = await virtualPorts.create("/dev/ttyUSB0");
  await modem.patch({ radio: { rssi: 7 } });
  expect(await ask("/dev/ttyUSB0", "ATE0+CSQ")).toBe("ATE0+CSQ\r\r\n+CSQ: 7,0\r\n\r\nOK\r\n");
  expect(await ask("/dev/ttyUSB0", "AT")).toBe("\r\nOK\r\n");
});

test("it exports all that node-serialport exports", async () => {
  const original = await vi.importActual<Record<string, unknown>>("serialport");
  expect(Object.keys(ours)).toEqual(expect.arrayContaining(Object.keys(original)));
});

test("list() shows the ports with manufacturer and ids", async () => {
  expect(await real.SerialPort.list()).toEqual([]);
  await virtualPorts.create("/dev/ttyUSB0");
  await virtualPorts.create("COM7", { info: { serialNumber: "42", productId: "9001" } });
  const shown = { manufacturer: "SimTech, Incorporated", vendorId: "05c6", productId: "9000" };
  expect(await real.SerialPort.list()).toMatchObject([
    { path: "/dev/ttyUSB0", ...shown },
    { path: "COM7", ...shown, serialNumber: "42", productId: "9001" },
  ]);
});

test("a path that there is not is an error of the port", async () => {
  const port = new real.SerialPort({ path: "/dev/ttyUSB9", baudRate: 9600 });
  const [error] = await once(port, "error");
  expect(String(error)).toContain("No such file or directory, cannot open /dev/ttyUSB9");
});

test("set() drives the lines that the module sees, and get() gives those that it drives", async () => {
  const { modem } = await virtualPorts.create("/dev/ttyUSB0");
  expect(modem.state().lines).toMatchObject({ dtr: false, rts: false });
  const port = await open("/dev/ttyUSB0");
  expect(modem.state().lines).toMatchObject({ dtr: true, rts: true });
  await new Promise((resolve) => port.set({ dtr: false }, resolve));
  expect(modem.state().lines).toMatchObject({ dtr: false, rts: true });
  modem.lines?.set({ dcd: false });
  const status = await new Promise((resolve) => port.get((_, lines) => resolve(lines)));
  expect(status).toEqual({ cts: true, dsr: true, dcd: false });
  await new Promise((resolve) => port.close(resolve));
  expect(modem.state().lines).toMatchObject({ dtr: false, rts: false });
});

test("with AT+IFC=2 the module waits while the program has dropped RTS", async () => {
  const { modem } = await virtualPorts.create("/dev/ttyUSB0");
  await ask("/dev/ttyUSB0", "ATE0+IFC=2,2");
  const port = await open("/dev/ttyUSB0");
  await new Promise((resolve) => port.set({ rts: false }, resolve));
  const received = receive(port, (text) => text.endsWith("OK\r\n"));
  port.write("AT\r");
  await vi.waitFor(() => expect(modem.state().host.backlog).toBe(OK.length));
  await new Promise((resolve) => port.set({ rts: true }, resolve));
  expect(await received).toBe(OK);
});

test("with hupcl: false the lines stay when the port is closed", async () => {
  const { modem } = await virtualPorts.create("/dev/ttyUSB0");
  const port = new real.SerialPort({ path: "/dev/ttyUSB0", baudRate: 115_200, hupcl: false } as never);
  await once(port, "open");
  await new Promise((resolve) => port.close(resolve));
  expect(modem.state().lines).toMatchObject({ dtr: true, rts: true });
});

test("a rate that differs from AT+IPR is found", async () => {
  const { rig } = await virtualPorts.create("/dev/ttyUSB0");
  const port = await open("/dev/ttyUSB0");
  port.update({ baudRate: 9600 });
  port.write("AT\r");
  await rig.expect({ type: "lint", rule: "baud" });
});

test("a port that is taken away closes as an adapter that is unplugged does", async () => {
  const virtual = await virtualPorts.create("/dev/ttyUSB0");
  const port = await open("/dev/ttyUSB0");
  port.resume();
  const closed = once(port, "close");
  await virtual.remove();
  const [error] = await closed;
  expect(error).toMatchObject({ disconnected: true });
  expect(await real.SerialPort.list()).toEqual([]);
});

test("a host that does not read holds the module back, and gets everything when it does", async () => {
  const { modem } = await virtualPorts.create("/dev/ttyUSB0");
  const port = await open("/dev/ttyUSB0");
  for (let count = 0; count < 3000; count++) modem.urc(`+X: ${String(count).padStart(60, "0")}`);
  const last = `+X: ${"2999".padStart(60, "0")}\r\n`;
  expect(await receive(port, (received) => received.endsWith(last))).toContain(last);
});

test("a path is given once, and free again when its port is gone", async () => {
  const first = await virtualPorts.create("/dev/ttyUSB0");
  await expect(virtualPorts.create("/dev/ttyUSB0")).rejects.toThrow("there is such a port already");
  await first.remove();
  await first.remove();
  const second = await virtualPorts.create("/dev/ttyUSB0");
  await first.remove();
  expect(await real.SerialPort.list()).toHaveLength(1);
  await virtualPorts.create("/dev/ttyUSB1", { rig: second.rig });
  expect(second.rig.modems).toHaveLength(2);
});

test("a wrong option leaves no port behind", async () => {
  await expect(virtualPorts.create("/dev/ttyUSB0", { identity: "nokia" as never })).rejects.toThrow("identity");
  expect(await real.SerialPort.list()).toEqual([]);
});
