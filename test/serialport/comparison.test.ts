import { autoDetect, type BindingInterface, type BindingPortInterface } from "@serialport/bindings-cpp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type VirtualPort, VirtualPorts } from "../../src/serialport/virtual-ports.ts";
import { openPty, type PtyTransport } from "../../src/transport/pty.ts";
import { bounded } from "../support/program.ts";

/** A binding with one port that a module is at, and a module that echoes. */
interface Bench {
  readonly binding: BindingInterface;
  readonly path: string;
}

const UNKNOWN = "/dev/vmodem-nowhere";
let pty: PtyTransport;
let ports: VirtualPorts;
let virtual: VirtualPort;

beforeEach(async () => {
  pty = await openPty();
  pty.start({ data: (chunk) => pty.write(chunk), lost: () => undefined });
  ports = new VirtualPorts();
  virtual = await ports.create("/dev/ttyUSB0");
});

afterEach(async () => {
  await ports.clear();
  await pty.close();
});

const benches = (): readonly Bench[] => [
  { binding: autoDetect() as unknown as BindingInterface, path: pty.device },
  { binding: ports.binding as unknown as BindingInterface, path: virtual.path },
];

/** What a call has come to: its value, or the kind and the words of its error. */
async function outcome(call: () => Promise<unknown>, path: string): Promise<unknown> {
  try {
    return { value: await bounded(call(), () => "a call") };
  } catch (error) {
    const { name, message, canceled } = error as Error & { canceled?: boolean };
    return { name: name === "TypeError" ? name : "Error", message: message.replaceAll(path, "PATH"), canceled };
  }
}

/** Makes the same calls with the real binding on a pty and with ours. */
async function compare(calls: (bench: Bench) => readonly (() => Promise<unknown>)[]): Promise<readonly unknown[]> {
  const [real, ours] = await Promise.all(
    benches().map(async (bench) => {
      const outcomes: unknown[] = [];
      for (const call of calls(bench)) outcomes.push(await outcome(call, bench.path));
      return outcomes;
    }),
  );
  expect(ours).toEqual(real);
  return real ?? [];
}

// What a program in JavaScript may give.
const anything = (value: unknown) => value as never;

test.each<readonly [string, (path: string) => unknown]>([
  ["nothing", () => undefined],
  ["a list", () => []],
  ["no path", () => ({ baudRate: 9600 })],
  ["no rate", (path) => ({ path })],
  ["an unknown path", () => ({ path: UNKNOWN, baudRate: 9600 })],
  ["an empty path", () => ({ path: "", baudRate: 9600 })],
])("open() with %s", async (_, options) => {
  const [refusal] = await compare(({ binding, path }) => [() => binding.open(anything(options(path)))]);
  expect(refusal).toHaveProperty("message");
});

/** Opens the port, makes calls on it, and closes it if they have not. */
async function onPort(
  calls: (port: BindingPortInterface, bench: Bench) => readonly (() => Promise<unknown>)[],
): Promise<void> {
  await compare((bench) => {
    let port: BindingPortInterface | undefined;
    const opened = () => {
      if (port === undefined) throw new Error("not open");
      return port;
    };
    const open = async () => {
      port = await bench.binding.open({ path: bench.path, baudRate: 9600 });
    };
    const later = new Proxy({} as BindingPortInterface, {
      get: (_, name) => {
        const value = Reflect.get(opened(), name);
        return typeof value === "function" ? value.bind(port) : value;
      },
    });
    const close = async () => (opened().isOpen ? opened().close() : undefined);
    return [open, ...calls(later, bench), close];
  });
}

const buffer = () => Buffer.alloc(10);

describe("an open port", () => {
  test("has the options that it was opened with, and the defaults", async () => {
    await onPort((port) => [async () => ({ ...port.openOptions, path: "" }), async () => port.isOpen]);
  });

  test.each<readonly [string, (port: BindingPortInterface) => Promise<unknown>]>([
    ["read() into no buffer", (port) => port.read(anything("x"), 0, 1)],
    ["read() at a text", (port) => port.read(buffer(), anything("0"), 1)],
    ["read() at no number", (port) => port.read(buffer(), Number.NaN, 1)],
    ["read() of nothing", (port) => port.read(buffer(), 0, anything(undefined))],
    ["read() past the end", (port) => port.read(buffer(), 5, 6)],
    ["write() of a text", (port) => port.write(anything("x"))],
    ["write() of no byte", (port) => port.write(Buffer.alloc(0))],
    ["write() of bytes", (port) => port.write(Buffer.from("x"))],
    ["update() without options", (port) => port.update(anything(undefined))],
    ["update() to a text", (port) => port.update(anything({ baudRate: "x" }))],
    ["update() to a rate", (port) => port.update({ baudRate: 19_200 })],
    ["update() to an odd rate", (port) => port.update({ baudRate: 12_345 })],
    ["set() without options", (port) => port.set(anything(undefined))],
    ["set() of a list", (port) => port.set(anything([]))],
    ["getBaudRate()", (port) => port.getBaudRate()],
    ["flush()", (port) => port.flush()],
    ["drain()", (port) => port.drain()],
  ])("%s", (_, call) => onPort((port) => [() => call(port), () => port.getBaudRate(), async () => port.isOpen]));

  test("cannot be opened again, but with lock: false", () =>
    onPort((_, { binding, path }) => [
      () => binding.open({ path, baudRate: 9600 }),
      async () => (await binding.open({ path, baudRate: 9600, lock: false })).close(),
    ]));

  test("gives what has come in pieces as long as they are asked for", () =>
    onPort((port) => [
      async () => {
        await port.write(Buffer.from("AT"));
        const bytes = buffer();
        let read = 0;
        while (read < 2) read += (await port.read(bytes, 3 + read, 1)).bytesRead;
        return bytes.toString();
      },
    ]));

  test("forgets what has come when it is flushed", () =>
    onPort((port) => [
      async () => {
        await port.write(Buffer.from("AT"));
        // The echo comes in one piece: when its first character is there, the other one waits.
        await port.read(buffer(), 0, 1);
        await port.flush();
        const bytes = buffer();
        const { bytesRead } = await writeUntilRead(port, bytes);
        return bytes.toString("latin1", bytesRead - 1, bytesRead);
      },
    ]));

  test("ends a read that waits when it is closed, as canceled", () =>
    onPort((port) => [
      async () => {
        const reading = port.read(buffer(), 0, 10);
        reading.catch(() => undefined);
        await port.close();
        return reading;
      },
    ]));
});

async function writeUntilRead(port: BindingPortInterface, bytes: Buffer) {
  const reading = port.read(bytes, 0, 10);
  await port.write(Buffer.from("x"));
  return reading;
}

describe("a closed port", () => {
  test.each<readonly [string, (port: BindingPortInterface) => Promise<unknown>]>([
    ["close()", (port) => port.close()],
    ["read()", (port) => port.read(buffer(), 0, 1)],
    ["write()", (port) => port.write(buffer())],
    ["update()", (port) => port.update({ baudRate: 9600 })],
    ["set()", (port) => port.set({})],
    ["get()", (port) => port.get()],
    ["getBaudRate()", (port) => port.getBaudRate()],
    ["flush()", (port) => port.flush()],
    ["drain()", (port) => port.drain()],
  ])("%s", (_, call) => onPort((port) => [() => port.close(), () => call(port), async () => port.isOpen]));

  test("can be opened again", () =>
    onPort((port, { binding, path }) => [
      () => port.close(),
      async () => {
        const again = await binding.open({ path, baudRate: 9600 });
        await again.close();
        return again.isOpen;
      },
    ]));
});
