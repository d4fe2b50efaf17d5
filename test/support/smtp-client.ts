import { type Log, silentLog } from "../../src/platform/log.ts";
import { TcpNetwork } from "../../src/platform/network/tcp-network.ts";
import type { Clock } from "../../src/platform/time/clock.ts";
import { SystemClock } from "../../src/platform/time/clock.ts";
import type { SmtpPorts } from "../../src/protocols/smtp/dialogue.ts";
import type { SmtpMessage } from "../../src/protocols/smtp/transmit.ts";

export function smtpPorts(changes: { clock?: Clock; log?: Log; timeoutScale?: number } = {}): SmtpPorts {
  return { network: new TcpNetwork(), clock: new SystemClock(), log: silentLog, timeoutScale: 1, ...changes };
}

export function messageOf(...chunks: readonly string[]): SmtpMessage {
  const buffers = chunks.map((chunk) => Buffer.from(chunk, "latin1"));
  return {
    size: Buffer.concat(buffers).length,
    needs8Bit: buffers.some((chunk) => chunk.some((byte) => byte > 0x7f)),
    async *read() {
      yield* buffers;
    },
  };
}
