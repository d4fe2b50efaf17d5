import type { PortInfo } from "@serialport/bindings-cpp";
import { type ErrorCallback, SerialPortStream, type StreamOptions } from "@serialport/stream";
import type { VirtualBinding, VirtualOpenOptions } from "./virtual-binding.ts";
import { VirtualPorts } from "./virtual-ports.ts";

/**
 * The ports that {@link SerialPort} opens. One set for a module graph, because the code under test opens its ports by
 * their paths alone.
 */
export const virtualPorts = new VirtualPorts();

/** What {@link SerialPort} takes: the options of node-serialport. */
export type SerialPortOpenOptions = Omit<StreamOptions<VirtualBinding>, "binding"> & VirtualOpenOptions;

/** The `SerialPort` of node-serialport, which opens {@link virtualPorts} instead of devices. */
export class SerialPort extends SerialPortStream<VirtualBinding> {
  static readonly binding: VirtualBinding = virtualPorts.binding;
  static readonly list: () => Promise<PortInfo[]> = virtualPorts.binding.list;

  constructor(options: SerialPortOpenOptions, openCallback?: ErrorCallback) {
    super({ binding: virtualPorts.binding, ...options }, openCallback);
  }
}
