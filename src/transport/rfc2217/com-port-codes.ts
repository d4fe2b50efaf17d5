import type { LineSettings } from "../../platform/serial-line.ts";

/** Commands of a client; the server's answers and notifications are {@link FROM_SERVER} higher. @rfc 2217 §3 */
export const COMMAND = {
  signature: 0,
  baudRate: 1,
  dataSize: 2,
  parity: 3,
  stopSize: 4,
  control: 5,
  lineState: 6,
  modemState: 7,
  suspend: 8,
  resume: 9,
  lineStateMask: 10,
  modemStateMask: 11,
  purge: 12,
} as const;

export const FROM_SERVER = 100;

/** The values of a framing, by the number that stands for them; 0 asks. */
export const DATA_BITS: readonly (LineSettings["dataBits"] | undefined)[] = [
  undefined,
  undefined,
  undefined,
  undefined,
  undefined,
  5,
  6,
  7,
  8,
];
export const PARITIES: readonly (LineSettings["parity"] | undefined)[] = [
  undefined,
  "none",
  "odd",
  "even",
  "mark",
  "space",
];
export const STOP_BITS: readonly (LineSettings["stopBits"] | undefined)[] = [undefined, 1, 2, 1.5];

/** Bits of the modem state: circuits 109, 125, 107 and 106, and what has changed since the last notification. */
export const MODEM_STATE = { dcd: 128, ri: 64, dsr: 32, cts: 16 } as const;
export const MODEM_CHANGE = { dcd: 8, riEnded: 4, dsr: 2, cts: 1 } as const;

/** Bits of the line state. */
export const LINE_STATE = { transmitterEmpty: 64 + 32, breakDetected: 16 } as const;

/** Kinds of PURGE-DATA, as bits: what is on its way to the client, and what is on its way to the module. */
export const PURGE = { toClient: 1, toModule: 2 } as const;
export const PURGE_ALL = PURGE.toClient | PURGE.toModule;

/** SET-CONTROL: values that set, and the value that asks for the one in force. */
export const CONTROLS = {
  outboundFlow: { ask: 0, values: [1, 2, 3, 17, 19] },
  breakState: { ask: 4, values: [5, 6] },
  dtr: { ask: 7, values: [8, 9] },
  rts: { ask: 10, values: [11, 12] },
  inboundFlow: { ask: 13, values: [14, 15, 16, 18] },
} as const satisfies Record<string, { readonly ask: number; readonly values: readonly number[] }>;

export type ControlName = keyof typeof CONTROLS;
