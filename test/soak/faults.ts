import type { FaultSpec } from "../../src/faults/fault.ts";
import type { SeededRandom } from "../../src/platform/crypto.ts";

/** Makes one fault of its kind; each value comes from the seed. */
type Make = (random: SeededRandom) => FaultSpec;

const between = (random: SeededRandom, low: number, high: number) => low + random.integer(high - low + 1);
const oneOf = <T>(random: SeededRandom, values: readonly T[]): T => values[random.integer(values.length)] as T;

const SERVICES = ["smtp", "ftp", "ftp-data", "http"] as const;
const network = (kind: string, fields: (random: SeededRandom) => object = () => ({})): Make => {
  return (random) => ({ kind, service: oneOf(random, SERVICES), ...fields(random) });
};
const serial = (kind: string, fields: (random: SeededRandom) => object = () => ({})): Make => {
  return (random) => ({
    kind,
    direction: oneOf(random, ["in", "out"]),
    for: between(random, 100, 2000),
    ...fields(random),
  });
};
/** Faults of the serial line that have only one direction. */
const oneWay = (kind: string, fields: (random: SeededRandom) => object = () => ({})): Make => {
  return (random) => ({ kind, for: between(random, 100, 2000), ...fields(random) });
};
const plain = (kind: string, fields: (random: SeededRandom) => object = () => ({})): Make => {
  return (random) => ({ kind, ...fields(random) });
};
const COMMANDS = ["+SMTPSEND", "+CFTPGETFILE", "+CHTTPACT", "+FSLS", "+FSMEM", "+SMTPRCPT"] as const;

/** Every kind of fault that a host can live through. */
export const MAKERS: readonly Make[] = [
  network("latency", (r) => ({ latency: between(r, 0, 300), jitter: between(r, 0, 100) })),
  network("bandwidth", (r) => ({ rate: between(r, 1, 50) })),
  network("slow_close", (r) => ({ delay: between(r, 0, 500) })),
  network("timeout", (r) => ({ timeout: between(r, 0, 800) })),
  network("reset_peer", (r) => ({ timeout: between(r, 0, 300) })),
  network("slicer", (r) => ({ average_size: between(r, 1, 200), size_variation: 0, delay: between(r, 0, 3) })),
  network("limit_data", (r) => ({ bytes: between(r, 0, 3000) })),
  network("unresolved"),
  network("refused"),
  network("unreachable"),
  network("connect_timeout"),
  network("corrupt", (r) => ({ at: between(r, 0, 500), bytes: "?" })),
  plain("link", (r) => ({ preset: oneOf(r, ["gprs", "edge", "umts", "hspa"]) })),
  (r) => ({ kind: "reply", service: "smtp", verb: oneOf(r, ["EHLO", "MAIL", "RCPT", "DATA"]), text: "451 later" }),
  (r) => ({ kind: "reply", service: "ftp", verb: oneOf(r, ["USER", "PASS", "RETR"]), text: "450 busy" }),
  (r) => ({ kind: "silence", service: "smtp", verb: oneOf(r, ["GREETING", "EHLO", "RCPT", "END"]), times: 1 }),
  (r) => ({ kind: "hang_up", service: "ftp", verb: oneOf(r, ["GREETING", "USER", "RETR"]), times: 1 }),
  serial("chunk", (r) => ({ size: between(r, 1, 20), gap: between(r, 0, 5) })),
  serial("pace", (r) => ({ baud: oneOf(r, [1200, 9600, 115_200]) })),
  serial("drop", (r) => ({ at: between(r, 0, 60), count: between(r, 1, 5) })),
  serial("duplicate", (r) => ({ at: between(r, 0, 60), count: between(r, 1, 5) })),
  serial("flip", (r) => ({ at: between(r, 0, 60), count: 1 })),
  serial("noise", (r) => ({ rate: between(r, 1, 50) / 1000 })),
  oneWay("mute"),
  oneWay("deaf"),
  serial("lag", (r) => ({ ms: between(r, 1, 300) })),
  oneWay("overrun", (r) => ({ buffer: between(r, 0, 64) })),
  oneWay("urc", (r) => ({ text: "RING", place: oneOf(r, ["before-echo", "after-echo", "before-result"]) })),
  plain("disconnect", (r) => ({ ms: between(r, 10, 400) })),
  plain("answer", (r) => ({ command: oneOf(r, COMMANDS), lines: [], result: "ERROR" })),
  plain("delay", (r) => ({ command: oneOf(r, COMMANDS), ms: between(r, 1, 800) })),
  plain("busy", (r) => ({ command: oneOf(r, COMMANDS), code: 14 })),
  plain("efs_full", (r) => ({ volume: oneOf(r, ["C:", "D:"]) })),
  plain("efs_fail", (r) => ({ operation: oneOf(r, ["read", "write", "commit"]) })),
  plain("card_pull"),
  plain("sim_pull"),
  plain("deregister"),
  plain("detach"),
  plain("lose_fix"),
  plain("reset"),
  plain("freeze"),
];

/** Some faults, from now on or after the host has given a command. */
export function someFaults(random: SeededRandom): readonly FaultSpec[] {
  return Array.from({ length: random.integer(4) }, () => {
    const fault = oneOf(random, MAKERS)(random);
    return random.integer(2) === 0 ? fault : { ...fault, on: { type: "command" }, after: random.integer(4) };
  });
}
