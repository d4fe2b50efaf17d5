import { SerialPort } from "serialport";
import { onTestFinished } from "vitest";
import { Modem } from "../../src/modem/modem.ts";
import type { ModemOptions } from "../../src/modem/modem-options.ts";
import { openPty } from "../../src/transport/pty.ts";
import { bounded } from "./program.ts";

/** A host that talks to a modem of its own through a real pty, with node-serialport, in real time. Text is latin1. */
export interface SerialHost {
  send(input: string | Uint8Array): void;
  /** Takes all that comes up to and including `text`. */
  until(text: string): Promise<string>;
  /** Takes exactly that many bytes. */
  read(length: number): Promise<Buffer>;
}

export async function serialHost(options: Omit<ModemOptions, "transport"> = {}): Promise<SerialHost> {
  const transport = await openPty();
  const modem = new Modem({ ...options, transport });
  await modem.start();
  const port = new SerialPort({ path: transport.device, baudRate: 115200, autoOpen: false });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  onTestFinished(async () => {
    await new Promise((resolve) => port.close(resolve));
    await modem.close();
  });
  let received = Buffer.alloc(0);
  let look: () => void = () => undefined;
  port.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    look();
  });
  const take = (length: () => number | undefined, what: () => string) =>
    bounded(
      new Promise<Buffer>((resolve) => {
        look = () => {
          const enough = length();
          if (enough === undefined) return;
          look = () => undefined;
          resolve(received.subarray(0, enough));
          received = received.subarray(enough);
        };
        look();
      }),
      () => `${what()} in ${JSON.stringify(received.toString("latin1").slice(-500))}`,
    );
  return {
    send: (input) => void port.write(typeof input === "string" ? Buffer.from(input, "latin1") : input),
    until: async (text) => {
      const end = () => {
        const at = received.indexOf(text, 0, "latin1");
        return at < 0 ? undefined : at + text.length;
      };
      return (await take(end, () => JSON.stringify(text))).toString("latin1");
    },
    read: (length) =>
      take(
        () => (received.length >= length ? length : undefined),
        () => `${length} bytes`,
      ),
  };
}
