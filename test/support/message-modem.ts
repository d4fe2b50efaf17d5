import type { ModemOptions } from "../../src/modem/modem-options.ts";
import { framed, OK } from "./framing.ts";
import { modemOnMemory } from "./modem-on-memory.ts";

export const PROMPT = "\r\n> ";
export const cms = (code: number) => framed(`+CMS ERROR: ${code}`);
/** hellohello to +46708251358, with a TPDU of 23 octets. */
export const SUBMITTED = "0011000B916407281553F80000AA0AE8329BFD4697D9EC37";
/** The same as it is received at the start of the virtual clock, with a TPDU of 28 octets. */
export const DELIVERED = "07915155550501F0040B916407281553F80000012050210000000AE8329BFD4697D9EC37";
/** The time at the start of the virtual clock. */
export const NOW = '"10/02/05,12:00:00+00"';
export const OWN = "+15555550123";

/** A modem without echo and with numeric errors, and its messages. */
export async function messageModem(options: Partial<Omit<ModemOptions, "transport" | "clock" | "network">> = {}) {
  const modem = await modemOnMemory(options);
  await modem.dte.command("ATE0+CMEE=1\r", `ATE0+CMEE=1\r${OK}`);
  return { ...modem, sms: modem.modem.module.sms };
}
