import type { Identity } from "../../module/identity.ts";

/** How the probes went. Times in milliseconds. */
export interface PingStatistics {
  readonly sent: number;
  readonly received: number;
  readonly least: number;
  readonly most: number;
  readonly average: number;
}

/** One probe, of a host that has that address. */
interface Probe {
  readonly address: string;
  readonly size: number;
  readonly ttl: number;
}

/** How AT+CPING reports. */
export interface PingForm {
  /** Printed before the first probe, if anything. */
  begin?(target: Omit<Probe, "ttl">): string;
  reply(probe: Probe, time: number): string;
  readonly noReply: string;
  end(address: string, statistics: PingStatistics): string;
}

/** Module.md 1.9; the sentences are those of ping programs. */
export const PING_FORMS: Readonly<Record<Identity["pingForm"], PingForm>> = {
  numbers: {
    reply: ({ address, size, ttl }, time) => `+CPING: 1,${address},${size},${time},${ttl}`,
    noReply: "+CPING: 2",
    end: (_, { sent, received, least, most, average }) =>
      `+CPING: 3,${sent},${received},${sent - received},${least},${most},${average}`,
  },
  sentences: {
    begin: ({ address, size }) => `+CPING: Pinging ${address} with ${size} bytes of data:`,
    reply: ({ address, size, ttl }, time) => `Reply from ${address}: bytes=${size} time=${time}ms TTL=${ttl}`,
    noReply: "Request timed out.",
    end: (address, { sent, received, least, most, average }) =>
      [
        `Ping statistics for ${address}:`,
        `Packets: Sent = ${sent}, Received = ${received}, Lost = ${sent - received}`,
        `Minimum = ${least}ms, Maximum = ${most}ms, Average = ${average}ms`,
      ].join("\r\n"),
  },
};
