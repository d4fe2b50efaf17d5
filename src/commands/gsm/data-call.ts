import type { Result } from "../../at/result-code.ts";
import { CONTEXTS } from "../../module/radio/packet-service.ts";
import { type Command, defineCommand, type ModemContext } from "../modem-context.ts";

/** 27.007 10.2.1.1: the service code of the packet domain, with an address, a protocol and the number of a context. */
const SERVICE_CODE = /^\*99(?:\*[^*#]*(?:\*[^*#]*(?:\*(\d*))?)?)?#$/;

/** The context that a dialled number asks for a data call in; `undefined` for another number. */
export function dataCallContext(number: string): number | undefined {
  const found = SERVICE_CODE.exec(number);
  return found === null ? undefined : Number(found[1] || CONTEXTS.min);
}

/** Leads the line to a data call in a context (module.md 9). */
export function dialData(context: number, { line, dataCalls }: ModemContext): Result {
  if (context < CONTEXTS.min || context > CONTEXTS.max) return "ERROR";
  const call = dataCalls.dial(context);
  if (call === undefined) return "NO CARRIER";
  line.online(call);
  return "CONNECT";
}

const enterDataState = defineCommand({
  name: "+CGDATA",
  summary: "Begins a data call",
  spec: { document: "27.007", section: "10.1.12" },
  kind: "synchronous",
  needsPin: true,
  parameters: [
    { kind: "string", name: "protocol", maxLength: 10 },
    { kind: "int", name: "cid", ...CONTEXTS, optional: true },
  ],
  test: () => ['+CGDATA: ("PPP")'],
  execute: (context) => dialData(CONTEXTS.min, context),
  write: ({ protocol, cid = CONTEXTS.min }, context) =>
    protocol.toUpperCase() === "PPP" ? dialData(cid, context) : "ERROR",
});

/** Data calls. */
export const dataCallCommands: readonly Command[] = [enterDataState];
