import {
  ACK,
  CAN,
  CANCEL,
  type Check,
  checksum,
  crc16,
  EOT,
  LONG_BLOCK,
  NAK,
  SHORT_BLOCK,
  SOH,
  START_CRC,
  STX,
  type XmodemOutcome,
} from "./framing.ts";
import { XMODEM_LIMITS } from "./limits.ts";
import { XmodemLine, type XmodemParts } from "./line.ts";

/** The destination of the received bytes. */
export interface XmodemSink {
  write(bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Called when the file is complete, before the last acknowledgement. */
  commit(): Promise<void>;
}

export interface ReceiveOptions {
  /** Milliseconds before the first start; a sender may cancel meanwhile. */
  readonly delay: number;
  readonly signal: AbortSignal;
}

interface Block {
  readonly number: number;
  readonly data: Buffer;
}

/** How often a CRC is asked for before starts with a checksum alternate with it. */
const CRC_ONLY_STARTS = 4;

const STARTS_OF_BLOCKS: readonly number[] = [SOH, STX, EOT];

/**
 * Receives a file by XMODEM: 128 and 1024 bytes to the block, CRC or checksum. The padding of the last block stays, since it
 * cannot be told from data. A failure of the sink is thrown, after the sender has been cancelled.
 */
export async function receiveXmodem(
  sink: XmodemSink,
  parts: XmodemParts,
  options: ReceiveOptions,
): Promise<XmodemOutcome> {
  const receiver = new XmodemReceiver(sink, new XmodemLine(parts), options);
  try {
    return await receiver.run();
  } catch (error) {
    if (!options.signal.aborted) await parts.wire.write(CANCEL);
    throw error;
  }
}

class XmodemReceiver {
  readonly #sink: XmodemSink;
  readonly #line: XmodemLine;
  readonly #options: ReceiveOptions;
  #check: Check = "crc";
  /** Number of the last good block; it does not wrap at 255. */
  #received = 0;

  constructor(sink: XmodemSink, line: XmodemLine, options: ReceiveOptions) {
    this.#sink = sink;
    this.#line = line;
    this.#options = options;
  }

  async run(): Promise<XmodemOutcome> {
    if (await this.#line.cancelledWithin(this.#options.delay)) return "cancelled";
    let first = await this.#begin();
    for (let errors = 0; first !== undefined || this.#received > 0; ) {
      if (first === CAN) return "cancelled";
      if (first === EOT) return this.#finish();
      const answer = await this.#take(first);
      errors = answer === ACK ? 0 : errors + 1;
      if (answer === CAN || errors > XMODEM_LIMITS.retries) break;
      await this.#answer(answer);
      first = await this.#line.awaitOneOf(STARTS_OF_BLOCKS, XMODEM_LIMITS.reply);
    }
    await this.#line.write(CANCEL);
    return "failed";
  }

  async #finish(): Promise<XmodemOutcome> {
    await this.#sink.commit();
    await this.#answer(ACK);
    return "done";
  }

  /** Receives the block that begins with `first`, if there is one; gives the answer to it. */
  async #take(first: number | undefined): Promise<typeof ACK | typeof NAK | typeof CAN> {
    if (first === undefined) return NAK;
    const block = await this.#readBlock(first === STX ? LONG_BLOCK : SHORT_BLOCK);
    if (block !== undefined) return (await this.#accept(block)) ? ACK : CAN;
    // The rest of a damaged block must not be mistaken for the next block.
    await this.#line.drain(XMODEM_LIMITS.reply);
    return NAK;
  }

  /** Starts the sender; gives the first byte that it sends. */
  async #begin(): Promise<number | undefined> {
    const starts = XMODEM_LIMITS.start / XMODEM_LIMITS.startInterval;
    for (let start = 0; start < starts; start++) {
      this.#check = start < CRC_ONLY_STARTS || start % 2 === 1 ? "crc" : "checksum";
      await this.#answer(this.#check === "crc" ? START_CRC : NAK);
      const first = await this.#line.awaitOneOf(STARTS_OF_BLOCKS, XMODEM_LIMITS.startInterval);
      if (first !== undefined) return first;
    }
    return undefined;
  }

  /** Reads a block after its first byte; `undefined` if it is damaged. */
  async #readBlock(size: number): Promise<Block | undefined> {
    const frame = Buffer.alloc(2 + size);
    const trailer = Buffer.alloc(1);
    if (!(await this.#line.fill(frame)) || !(await this.#line.fill(trailer))) return undefined;
    const data = frame.subarray(2);
    const [number = 0, complement = 0] = frame;
    const good = (number ^ complement) === 0xff && (await this.#checked(data, trailer[0] ?? 0));
    return good ? { number, data } : undefined;
  }

  /** Whether the check matches. A sender may have begun at an earlier start than our last one: its first block shows it. */
  async #checked(data: Buffer, trailer: number): Promise<boolean> {
    const summed = checksum(data) === trailer;
    if (this.#check === "checksum" && (summed || this.#received > 0)) return summed;
    const second = Buffer.alloc(1);
    const long = await this.#line.fill(second);
    if (this.#received === 0) this.#check = long ? "crc" : "checksum";
    return long ? crc16(data) === (trailer << 8) + (second[0] ?? 0) : this.#check === "checksum" && summed;
  }

  /** Accepts a good block; gives whether it was the next one, or the last one again. */
  async #accept({ number, data }: Block): Promise<boolean> {
    if (number === ((this.#received + 1) & 0xff)) {
      await this.#sink.write(data, this.#options.signal);
      this.#received++;
      return true;
    }
    return this.#received > 0 && number === (this.#received & 0xff);
  }

  #answer(byte: number): Promise<void> {
    return this.#line.write(Buffer.from([byte]));
  }
}
