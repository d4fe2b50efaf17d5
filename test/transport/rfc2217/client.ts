import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { SerialLine } from "../../../src/platform/serial-line.ts";
import { bounded } from "../../support/program.ts";
import type { Host } from "../host.ts";

const [IAC, DONT, DO, WONT, WILL, SB, SE] = [255, 254, 253, 252, 251, 250, 240];
const COM_PORT = 44;

/** A host on a serial port server: Telnet with COM-PORT-OPTION, by a decoder of its own that shares nothing with ours. */
export class Rfc2217Client implements Host {
  /** Words of negotiation that came, like `WILL 0`. */
  readonly words: string[] = [];
  /** COM-PORT-OPTION messages that came: code and values. */
  readonly messages: (readonly number[])[] = [];
  readonly #socket: Socket;
  readonly #data: number[] = [];
  #rest: number[] = [];
  #look: () => void = () => undefined;
  ended = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("end", () => {
      this.ended = true;
      this.#look();
    });
    socket.on("error", () => undefined);
  }

  static async connect(line: Pick<SerialLine, "address">): Promise<Rfc2217Client> {
    const { hostname, port } = new URL(line.address);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true, allowHalfOpen: true });
    await once(socket, "connect");
    return new Rfc2217Client(socket);
  }

  /** Agrees to binary transmission both ways and to COM-PORT-OPTION, and waits for the first modem state. */
  async negotiate(): Promise<this> {
    await this.raw(IAC, WILL, COM_PORT, IAC, WILL, 0, IAC, DO, 0, IAC, WILL, 3, IAC, DO, 3);
    await this.message(107);
    return this;
  }

  write(bytes: Uint8Array | string): Promise<void> {
    const doubled = Buffer.from(bytes).toString("latin1").replaceAll("\xff", "\xff\xff");
    return this.#send(Buffer.from(doubled, "latin1"));
  }

  /** Sends bytes as they are. */
  raw(...bytes: readonly number[]): Promise<void> {
    return this.#send(Buffer.from(bytes));
  }

  /** Sends a command of COM-PORT-OPTION. */
  command(code: number, ...values: readonly number[]): Promise<void> {
    const doubled = values.flatMap((value) => (value === IAC ? [IAC, IAC] : [value]));
    return this.raw(IAC, SB, COM_PORT, code, ...doubled, IAC, SE);
  }

  /** Sends a command and gives the values of its answer. */
  async ask(code: number, ...values: readonly number[]): Promise<readonly number[]> {
    await this.command(code, ...values);
    return this.message(code + 100);
  }

  /** Takes the next message of that code. */
  message(code: number): Promise<readonly number[]> {
    return this.#until(
      () => {
        const at = this.messages.findIndex(([first]) => first === code);
        return at < 0 ? undefined : this.messages.splice(at, 1)[0]?.slice(1);
      },
      () => `message ${code} in ${JSON.stringify(this.messages)}`,
    );
  }

  readExactly(length: number): Promise<Buffer> {
    return this.#until(
      () => (this.#data.length < length ? undefined : Buffer.from(this.#data.splice(0, length))),
      () => `${length} bytes, of which ${this.#data.length} came`,
    );
  }

  /** Resolves with all data that came, when the server has closed. */
  untilEnd(): Promise<string> {
    return this.#until(
      () => (this.ended ? Buffer.from(this.#data.splice(0)).toString("latin1") : undefined),
      () => "the end",
    );
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Ends the sending direction. */
  end(): void {
    this.#socket.end();
  }

  async close(): Promise<void> {
    this.#socket.destroy();
  }

  #send(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => this.#socket.write(bytes, (error) => (error ? reject(error) : resolve())));
  }

  #until<T>(found: () => T | undefined, what: () => string): Promise<T> {
    return bounded(
      new Promise((resolve) => {
        this.#look = () => {
          const value = found();
          if (value === undefined) return;
          this.#look = () => undefined;
          resolve(value);
        };
        this.#look();
      }),
      what,
    );
  }

  #take(chunk: Buffer): void {
    const bytes = [...this.#rest, ...chunk];
    let at = 0;
    while (at < bytes.length) {
      const length = this.#takeOne(bytes, at);
      if (length === 0) break;
      at += length;
    }
    this.#rest = bytes.slice(at);
    this.#look();
  }

  /** Takes the data byte, command or message at a place, and gives its length; 0 when it is not complete. */
  #takeOne(bytes: readonly number[], at: number): number {
    const [byte, code, option] = [bytes[at], bytes[at + 1], bytes[at + 2]];
    if (byte !== IAC || code === IAC) {
      this.#data.push(byte ?? 0);
      return byte === IAC ? 2 : 1;
    }
    if (code === undefined || option === undefined) return 0;
    if (code === SB) {
      const end = bytes.findIndex((value, place) => place > at + 1 && value === SE && isCommandEnd(bytes, place));
      if (end < 0) return 0;
      const content = undouble(bytes.slice(at + 3, end - 1));
      if (option === COM_PORT) this.messages.push(content);
      return end - at + 1;
    }
    const word = { [WILL ?? 0]: "WILL", [WONT ?? 0]: "WONT", [DO ?? 0]: "DO", [DONT ?? 0]: "DONT" }[code];
    if (word === undefined) return 2;
    this.words.push(`${word} ${option}`);
    return 3;
  }
}

/** Whether the SE at a place is behind a command's IAC, not behind the second half of a doubled one. */
function isCommandEnd(bytes: readonly number[], place: number): boolean {
  let count = 0;
  while (bytes[place - 1 - count] === IAC) count++;
  return count % 2 === 1;
}

function undouble(bytes: readonly number[]): readonly number[] {
  return [...Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll("\xff\xff", "\xff"), "latin1")];
}
