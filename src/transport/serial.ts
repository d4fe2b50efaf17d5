import { SerialPort } from "serialport";
import type { Clock } from "../platform/clock.ts";
import type { Transport } from "../platform/transport.ts";
import { NullModemLines } from "./null-modem-lines.ts";
import { StreamTransport } from "./stream-transport.ts";

/**
 * Opens a real UART, with the module at its end of a null-modem cable and the host at the other. Waiting output is lost
 * at close; a UART that is unplugged is lost.
 */
export async function openSerial(
  options: { readonly path: string; readonly baudRate: number },
  clock: Clock,
): Promise<Transport> {
  const { path, baudRate } = options;
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error === null || error === undefined ? resolve() : reject(cannotOpen(path, error))));
  });
  const lines = await NullModemLines.on(port, clock);
  return new StreamTransport({
    address: path,
    lines,
    input: port,
    output: port,
    release: async () => {
      lines?.close();
      if (port.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
    },
  });
}

function cannotOpen(path: string, cause: Error): Error {
  return new Error(`cannot open ${path}: ${cause.message}`, { cause });
}
