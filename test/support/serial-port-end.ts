import { once } from "node:events";
import { SerialPort } from "serialport";
import { onTestFinished } from "vitest";

/** A host program that opens a port with node-serialport, for one test. */
export class SerialPortEnd {
  readonly #port: SerialPort;
  readonly #chunks: Buffer[] = [];

  private constructor(port: SerialPort) {
    this.#port = port;
    port.on("data", (chunk: Buffer) => this.#chunks.push(chunk));
  }

  static async open(path: string): Promise<SerialPortEnd> {
    const port = new SerialPort({ path, baudRate: 115200 });
    await once(port, "open");
    onTestFinished(() => new Promise<void>((resolve) => port.close(() => resolve())));
    return new SerialPortEnd(port);
  }

  /** Resolves when the port takes more. */
  async write(bytes: Uint8Array | string): Promise<void> {
    const whole = typeof bytes === "string" ? Buffer.from(bytes, "latin1") : Buffer.from(bytes);
    if (!this.#port.write(whole)) await once(this.#port, "drain");
  }

  /** Takes all that has come and was not taken yet. */
  take(): Buffer {
    return Buffer.concat(this.#chunks.splice(0));
  }
}
