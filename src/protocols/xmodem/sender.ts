import {
  ACK,
  CAN,
  CANCEL,
  type Check,
  EOT,
  frameBlock,
  LONG_BLOCK,
  NAK,
  SHORT_BLOCK,
  START_CRC,
  type XmodemOutcome,
} from "./framing.ts";
import { XMODEM_LIMITS } from "./limits.ts";
import { XmodemLine, type XmodemParts } from "./line.ts";

/** The source of the bytes to send. */
export interface XmodemSource {
  readonly size: number;
  /** Gives the next bytes, or `undefined` after the last. */
  read(signal: AbortSignal): Promise<Uint8Array | undefined>;
}

export interface SendOptions {
  /** Blocks of 1024 bytes where they save time and the receiver takes a CRC (XMODEM-1K). */
  readonly long: boolean;
  readonly signal: AbortSignal;
}

/** Cuts a source into pieces of chosen sizes. */
class Pieces {
  readonly #source: XmodemSource;
  readonly #signal: AbortSignal;
  #rest: Uint8Array = Buffer.alloc(0);
  #left: number;

  constructor(source: XmodemSource, signal: AbortSignal) {
    this.#source = source;
    this.#signal = signal;
    this.#left = source.size;
  }

  /** Bytes not taken yet. */
  get left(): number {
    return this.#left;
  }

  async take(count: number): Promise<Buffer> {
    const taken = Buffer.alloc(Math.min(count, this.#left));
    for (let filled = 0; filled < taken.length; ) {
      if (this.#rest.length === 0) this.#rest = (await this.#source.read(this.#signal)) ?? taken.subarray(filled);
      const part = this.#rest.subarray(0, taken.length - filled);
      taken.set(part, filled);
      filled += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
    this.#left -= taken.length;
    return taken;
  }
}

/** Sends a file by XMODEM, with checksum or CRC as the receiver's start asks for. A failure of the source is thrown. */
export async function sendXmodem(
  source: XmodemSource,
  parts: XmodemParts,
  { long, signal }: SendOptions,
): Promise<XmodemOutcome> {
  const line = new XmodemLine(parts);
  const start = await line.awaitOneOf([START_CRC, NAK], XMODEM_LIMITS.start);
  if (start === undefined) return "failed";
  if (start === CAN) return "cancelled";
  const check: Check = start === START_CRC ? "crc" : "checksum";
  // The receiver may have sent several starts before this command.
  line.discard();
  try {
    const pieces = new Pieces(source, signal);
    for (let number = 1; pieces.left > 0; number++) {
      // A long block that is mostly padding takes longer than the short ones that it replaces.
      const size = long && check === "crc" && pieces.left > 7 * SHORT_BLOCK ? LONG_BLOCK : SHORT_BLOCK;
      const frame = frameBlock(number, await pieces.take(size), size, check);
      const outcome = await deliver(line, frame, number === 1 ? [ACK, NAK, START_CRC] : [ACK, NAK], signal);
      if (outcome !== "done") return outcome;
    }
    return await deliver(line, Buffer.from([EOT]), [ACK, NAK], signal);
  } catch (error) {
    if (!signal.aborted) await line.write(CANCEL);
    throw error;
  }
}

/** Sends a frame until it is acknowledged. A receiver that missed the first block starts again. */
async function deliver(
  line: XmodemLine,
  frame: Buffer,
  replies: readonly number[],
  signal: AbortSignal,
): Promise<XmodemOutcome> {
  for (let attempt = 0; attempt <= XMODEM_LIMITS.retries; attempt++) {
    await line.pause(signal);
    if (attempt > 0) line.discard();
    await line.write(frame);
    const reply = await line.awaitOneOf(replies, XMODEM_LIMITS.reply);
    if (reply === ACK) return "done";
    if (reply === CAN) return "cancelled";
  }
  await line.write(CANCEL);
  return "failed";
}
