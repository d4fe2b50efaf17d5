import type { PortInfo } from "@serialport/bindings-cpp";
import { UsageError } from "../platform/usage-error.ts";
import { Rig } from "../rig/rig.ts";
import type { RigModem } from "../rig/rig-modem.ts";
import type { RigModemStart, RigStart } from "../rig/rig-start.ts";
import { type VirtualBinding, virtualBinding } from "./virtual-binding.ts";
import { VirtualLine } from "./virtual-line.ts";

/** What a virtual port is made with: the options of its modem, and what it belongs to. */
export interface VirtualPortOptions
  extends Omit<
    RigModemStart,
    "transport" | "link" | "mode" | "group" | "tcp" | "rfc2217" | "serial" | "baud" | "stdio"
  > {
  /** The rig that the modem joins, or the options of one of its own, which keeps a journal. */
  readonly rig?: Rig | Omit<RigStart, "modems"> | undefined;
  /** What `SerialPort.list()` shows; without it what a SIM5320 on USB shows. */
  readonly info?: Partial<Omit<PortInfo, "path">> | undefined;
}

/** What USB tells of these modules. */
const INFO: Omit<PortInfo, "path"> = {
  manufacturer: "SimTech, Incorporated",
  serialNumber: undefined,
  pnpId: undefined,
  locationId: undefined,
  vendorId: "05c6",
  productId: "9000",
};

/** A path that node-serialport opens, with a modem behind it. */
export interface VirtualPort {
  readonly path: string;
  readonly info: PortInfo;
  readonly modem: RigModem;
  readonly rig: Rig;
  /** Takes the port away, as an adapter that is unplugged, and its modem with it. */
  remove(): Promise<void>;
}

interface Entry {
  readonly line: VirtualLine;
  readonly info: PortInfo;
  /** Resolves when the modem behind it is ready. */
  readonly port: Promise<VirtualPort>;
}

/** The virtual ports of a program under test. */
export class VirtualPorts {
  /** Opens them for node-serialport. */
  readonly binding: VirtualBinding = virtualBinding({
    line: (path) => this.#entries.get(path)?.line,
    list: () => [...this.#entries.values()].map(({ info }) => info),
  });
  readonly #entries = new Map<string, Entry>();

  /**
   * Makes a port with a modem behind it; resolves when the modem is ready. A path that there is already is a
   * {@link UsageError}.
   *
   * @example
   * const { modem, rig } = await virtualPorts.create("/dev/ttyUSB0", { identity: "sim5320", rig: { sandbox: true } });
   */
  async create(path: string, options: VirtualPortOptions = {}): Promise<VirtualPort> {
    if (typeof path !== "string" || path === "") throw new UsageError("path: not a path", { option: "path" });
    if (this.#entries.has(path)) throw new UsageError(`${path}: there is such a port already`, { option: "path" });
    const line = new VirtualLine(path);
    const info = { ...INFO, ...options.info, path };
    const port = this.#start(path, line, info, options);
    this.#entries.set(path, { line, info, port });
    port.catch(() => this.#entries.delete(path));
    return port;
  }

  /** Takes every port away; what a test calls at its end. */
  async clear(): Promise<void> {
    const ports = await Promise.allSettled([...this.#entries.values()].map(({ port }) => port));
    await Promise.all(ports.map((port) => (port.status === "fulfilled" ? port.value.remove() : undefined)));
  }

  async #start(
    path: string,
    line: VirtualLine,
    info: PortInfo,
    { rig: given = {}, info: _, ...modemOptions }: VirtualPortOptions,
  ): Promise<VirtualPort> {
    const start = { ...modemOptions, transport: line };
    const joins = given instanceof Rig;
    const rig = joins ? given : await Rig.start({ journal: true, ...given, modems: [start] });
    const modem = joins ? await rig.addModem(start) : rig.modem("m1");
    const remove = async () => {
      if (this.#entries.get(path)?.line !== line) return;
      this.#entries.delete(path);
      if (joins) await rig.removeModem(modem.id);
      else await rig.close();
    };
    return { path, info, modem, rig, remove };
  }
}
