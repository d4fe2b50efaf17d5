import type { BindingInterface, OpenOptions, PortInfo } from "@serialport/bindings-cpp";
import type { LineSettings } from "../platform/serial-line.ts";
import { VirtualBindingPort } from "./virtual-binding-port.ts";
import type { VirtualLine } from "./virtual-line.ts";

/** The options of the real binding on Linux and macOS. */
export interface VirtualOpenOptions extends OpenOptions {
  readonly vmin?: number;
  readonly vtime?: number;
}

/** A binding of node-serialport whose ports are virtual. */
export type VirtualBinding = BindingInterface<VirtualBindingPort, VirtualOpenOptions>;

/** The virtual ports as a binding sees them. */
interface PortTable {
  line(path: string): VirtualLine | undefined;
  list(): readonly PortInfo[];
}

const DEFAULTS = {
  vmin: 1,
  vtime: 0,
  dataBits: 8,
  lock: true,
  stopBits: 1,
  parity: "none",
  rtscts: false,
  xon: false,
  xoff: false,
  xany: false,
  hupcl: true,
} as const;

/** Makes the binding of some virtual ports. It refuses what the real one refuses, with the same words. */
export function virtualBinding(ports: PortTable): VirtualBinding {
  const locked = new WeakSet<VirtualLine>();
  return {
    list: async () => [...ports.list()],
    async open(given) {
      if (typeof given !== "object" || given === null || Array.isArray(given)) {
        throw new TypeError('"options" is not an object');
      }
      if (!given.path) throw new TypeError('"path" is not a valid port');
      if (!given.baudRate) throw new TypeError('"baudRate" is not a valid baudRate');
      const options = { ...DEFAULTS, ...given };
      const line = ports.line(options.path);
      if (line === undefined) throw new Error(`Error: No such file or directory, cannot open ${options.path}`);
      if (options.lock && locked.has(line)) {
        throw new Error("Error Resource temporarily unavailable Cannot lock port");
      }
      if (options.lock) locked.add(line);
      line.open(settingsOf(options));
      return new VirtualBindingPort(line, options, () => {
        if (options.lock) locked.delete(line);
      });
    },
  };
}

function settingsOf({ baudRate, dataBits, stopBits, parity }: Required<OpenOptions>): LineSettings {
  return { rate: baudRate, dataBits, stopBits, parity: parity as LineSettings["parity"] };
}
