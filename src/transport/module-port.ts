import { realpathSync } from "node:fs";
import type { Receiver, SerialLine } from "../platform/serial-line.ts";
import type { Clock } from "../platform/time/clock.ts";
import { DescriptorLine } from "./flow/descriptor-line.ts";
import { ModuleLines, type ModuleOutputs } from "./module-lines.ts";

/** Terminals of which the far end is a program. */
const PTY = /^\/dev\/(pts\/|ttys)/;

/** The modem lines of a port with a module at its other end. */
export interface ModuleCircuits {
  /** What the module drives. */
  readonly outputs: ModuleOutputs;
  /** Drives what a host drives. */
  set(lines: { readonly dtr?: boolean; readonly rts?: boolean }): void;
  /** Reports what the module drives whenever it changes. */
  onChange(listener: (outputs: ModuleOutputs) => void): void;
}

/**
 * A serial port as its host has it, with a module at the other end: the byte flow of a {@link SerialLine}, and the modem lines
 * seen from the host's side.
 */
export interface ModulePort extends Pick<SerialLine, "address" | "start" | "write" | "close" | "backlog"> {
  /** Present where the medium carries modem lines. */
  readonly lines: ModuleCircuits | undefined;
  /** Sets the rate, in bit/s, once everything written before has left. One that the port does not know changes nothing. */
  setRate(rate: number): Promise<void>;
}

/** Opens the port of a module: a UART, eight bits and no parity, or a pseudo-terminal. */
export async function openModulePort(
  { path, baudRate }: { readonly path: string; readonly baudRate: number },
  clock: Clock,
): Promise<ModulePort> {
  const { autoDetect } = await import("@serialport/bindings-cpp");
  // The mark that keeps others away would stay on a pseudo-terminal, whose other end keeps it open.
  const isPty = PTY.test(realpathSync(path));
  const port = await autoDetect().open({ path, baudRate, lock: !isPty });
  const { fd } = port as typeof port & { readonly fd: number };
  const line = new DescriptorLine(fd, {});
  const lines = await ModuleLines.on(port, clock);
  let closed: Promise<void> | undefined;
  return {
    address: path,
    lines,
    start: (receiver: Receiver) => line.start(receiver),
    write: (bytes) => line.write(bytes),
    get backlog() {
      return line.backlog;
    },
    async setRate(rate) {
      await line.drained();
      await port.drain();
      await port.update({ baudRate: rate }).catch(() => undefined);
    },
    close() {
      closed ??= (async () => {
        lines?.close();
        line.close();
        await port.close();
      })();
      return closed;
    },
  };
}
