import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { onTestFinished } from "vitest";
import { Modem } from "../../src/modem/modem.ts";
import type { ModemOptions } from "../../src/modem/modem-options.ts";
import { openPty } from "../../src/transport/pty.ts";

/** How long a host waits for an answer, in milliseconds. */
const PATIENCE = 20_000;

/** A modem on a pseudo-terminal, in real time, that ends with the test. */
export async function modemOnPty(options: Omit<ModemOptions, "transport"> = {}) {
  const pty = await openPty();
  const modem = new Modem({ ...options, transport: pty });
  await modem.start();
  onTestFinished(() => modem.close());
  return { modem, path: pty.address, host: new PtyDialogue(pty.address) };
}

/** A host on a pseudo-terminal. It takes no byte more than it waits for, so that another program can go on from there. */
export class PtyDialogue {
  readonly #descriptor: number;
  #open = true;

  constructor(path: string) {
    this.#descriptor = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    onTestFinished(() => this.close());
  }

  close(): void {
    if (this.#open) closeSync(this.#descriptor);
    this.#open = false;
  }

  /** Writes everything, however slowly the module takes it. */
  async send(bytes: Uint8Array | string): Promise<void> {
    const rest = Buffer.from(bytes as string, "latin1");
    for (let at = 0; at < rest.length; ) {
      at += await this.#retry(() => writeSync(this.#descriptor, rest, at));
    }
  }

  /** Takes this many bytes. */
  async take(length: number): Promise<Buffer> {
    const taken = Buffer.alloc(length);
    for (let at = 0; at < length; )
      at += await this.#retry(() => readSync(this.#descriptor, taken, at, length - at, null));
    return taken;
  }

  /** Takes what has come by now. */
  takeWhatCame(): string {
    let taken = "";
    const piece = Buffer.alloc(4096);
    for (;;) {
      try {
        const length = readSync(this.#descriptor, piece, 0, piece.length, null);
        if (length === 0) return taken;
        taken += piece.toString("latin1", 0, length);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EAGAIN") return taken;
        throw error;
      }
    }
  }

  /** Takes the answer, which must be exactly this. */
  async expect(answer: string): Promise<void> {
    const taken = (await this.take(answer.length)).toString("latin1");
    if (taken !== answer) throw new Error(`${JSON.stringify(taken)} instead of ${JSON.stringify(answer)}`);
  }

  async command(line: string, answer: string): Promise<void> {
    await this.send(line);
    await this.expect(answer);
  }

  async #retry(work: () => number): Promise<number> {
    const end = performance.now() + PATIENCE;
    for (;;) {
      try {
        const done = work();
        if (done > 0) return done;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      }
      if (performance.now() > end) throw new Error("the module has fallen silent");
      await new Promise(setImmediate);
    }
  }
}
