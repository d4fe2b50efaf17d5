import { cmeError } from "../../at/cme-error.ts";
import { DIRECTORIES } from "../../module/sim-files/files.ts";
import { INSTRUCTIONS, type SimResponse } from "../../module/sim-files/sim-access.ts";
import { type Command, defineCommand } from "../modem-context.ts";
import { unreadable } from "./sim.ts";

const ts27007 = (section: string) => ({ document: "27.007", section }) as const;

/** 27.007 9.2: incorrect parameters. */
const WRONG = cmeError(50);

const { readBinary, readRecord, getResponse, updateBinary, updateRecord, status } = INSTRUCTIONS;
/** In the order of module.md 10. */
const RESTRICTED = [readBinary, readRecord, getResponse, updateBinary, updateRecord, status];

const octet = { kind: "int", min: 0, max: 255, optional: true } as const;
const hex = { kind: "string", bare: true, optional: true } as const;

function describe({ status: word, data }: SimResponse): string {
  const bytes = data === undefined ? "" : `,"${data.toString("hex").toUpperCase()}"`;
  return `${word >> 8},${word & 0xff}${bytes}`;
}

const restrictedAccess = defineCommand({
  name: "+CRSM",
  summary: "Reads a file of the card",
  spec: ts27007("8.18"),
  kind: "synchronous",
  needsPin: false,
  parameters: [
    { kind: "int", name: "command", min: 0, max: 255, values: RESTRICTED },
    { kind: "int", name: "file", min: 0, max: 65535, optional: true },
    { ...octet, name: "p1" },
    { ...octet, name: "p2" },
    { ...octet, name: "p3" },
    { ...hex, name: "data", maxLength: 512 },
    { ...hex, name: "path", maxLength: 16 },
  ],
  test: () => [],
  write({ command, file, p1 = 0, p2 = 0, p3 = 0 }, { line, sim, simAccess }) {
    const error = unreadable(sim.state);
    if (error !== undefined) return error;
    if (file === undefined && command !== status) return WRONG;
    line.info(`+CRSM: ${describe(simAccess.access(command, file ?? DIRECTORIES.master, { p1, p2, p3 }))}`);
    return "OK";
  },
});

const genericAccess = defineCommand({
  name: "+CSIM",
  summary: "Sends a command to the card as it stands",
  spec: ts27007("8.17"),
  kind: "synchronous",
  needsPin: false,
  parameters: [
    { kind: "int", name: "length", min: 8, max: 520 },
    { kind: "string", name: "command", minLength: 8, maxLength: 520, bare: true },
  ],
  test: () => [],
  write({ length, command }, { line, sim, simAccess }) {
    const error = unreadable(sim.state);
    if (error !== undefined) return error;
    if (command.length !== length || !/^([0-9a-f]{2})+$/i.test(command)) return WRONG;
    const { status: word, data = Buffer.alloc(0) } = simAccess.transmit(Buffer.from(command, "hex"));
    const answer = Buffer.concat([data, Buffer.of(word >> 8, word & 0xff)])
      .toString("hex")
      .toUpperCase();
    line.info(`+CSIM: ${answer.length}, ${answer}`);
    return "OK";
  },
});

/** The card itself, past what the module makes of it. */
export const simAccessCommands: readonly Command[] = [restrictedAccess, genericAccess];
