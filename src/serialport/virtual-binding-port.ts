import type {
  BindingPortInterface,
  OpenOptions,
  PortStatus,
  SetOptions,
  UpdateOptions,
} from "@serialport/bindings-cpp";
import type { VirtualLine } from "./virtual-line.ts";

/** An open virtual port, as the real binding gives one. */
export class VirtualBindingPort implements BindingPortInterface {
  readonly openOptions: Required<OpenOptions>;
  isOpen = true;
  readonly #line: VirtualLine;
  readonly #unlock: () => void;
  #rate: number;

  constructor(line: VirtualLine, openOptions: Required<OpenOptions>, unlock: () => void) {
    this.#line = line;
    this.openOptions = openOptions;
    this.#unlock = unlock;
    this.#rate = openOptions.baudRate;
  }

  async close(): Promise<void> {
    this.#checkOpen();
    this.isOpen = false;
    this.#unlock();
    this.#line.leave(this.openOptions.hupcl);
    this.#line.wake();
  }

  async read(buffer: Buffer, offset: number, length: number): Promise<{ buffer: Buffer; bytesRead: number }> {
    if (!Buffer.isBuffer(buffer)) throw new TypeError('"buffer" is not a Buffer');
    checkInteger("offset", offset);
    checkInteger("length", length);
    if (buffer.length < offset + length) throw new Error("buffer is too small");
    this.#checkOpen();
    for (;;) {
      const bytesRead = this.#line.take(buffer, offset, length);
      if (bytesRead > 0) return { buffer, bytesRead };
      this.#checkPlugged();
      await this.#line.change();
      if (!this.isOpen) throw Object.assign(new Error("Port is not open"), { canceled: true });
    }
  }

  async write(buffer: Buffer): Promise<void> {
    if (!Buffer.isBuffer(buffer)) throw new TypeError('"buffer" is not a Buffer');
    this.#checkOpen();
    this.#checkPlugged();
    if (buffer.length > 0) await this.#line.send(buffer);
  }

  async update(options: UpdateOptions): Promise<void> {
    checkObject(options);
    if (typeof options.baudRate !== "number") throw new TypeError('"options.baudRate" is not a number');
    this.#checkOpen();
    this.#rate = options.baudRate;
    this.#line.configure({ rate: options.baudRate });
  }

  /** A circuit that is not named goes off, as with the real binding. */
  async set(options: SetOptions): Promise<void> {
    checkObject(options);
    this.#checkOpen();
    const { dtr = false, rts = false, brk = false } = options;
    this.#line.drive("dtr", dtr);
    this.#line.drive("rts", rts);
    this.#line.setBreak(brk);
  }

  async get(): Promise<PortStatus> {
    this.#checkOpen();
    const { cts, dsr, dcd } = this.#line.outputs;
    return { cts, dsr, dcd };
  }

  async getBaudRate(): Promise<{ baudRate: number }> {
    this.#checkOpen();
    return { baudRate: this.#rate };
  }

  async flush(): Promise<void> {
    this.#checkOpen();
    this.#line.flush();
  }

  async drain(): Promise<void> {
    this.#checkOpen();
    await this.#line.drained();
  }

  #checkOpen(): void {
    if (!this.isOpen) throw new Error("Port is not open");
  }

  /** node-serialport closes the port at an error that is not marked as canceled. */
  #checkPlugged(): void {
    if (this.#line.gone) throw Object.assign(new Error(`${this.#line.address} is gone`), { disconnect: true });
  }
}

function checkObject(options: unknown): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError('"options" is not an object');
  }
}

function checkInteger(name: string, value: unknown): void {
  if (typeof value === "number" && !Number.isNaN(value)) return;
  const got = Number.isNaN(Number(value)) ? "NaN" : typeof value;
  throw new TypeError(`"${name}" is not an integer got "${got}"`);
}
