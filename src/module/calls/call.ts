/** The states of a call, as `<stat>` of AT+CLCC counts them (27.007 7.18); 6 is SIMCom's own, for a call that has just ended. */
export const CALL_STATES = {
  active: 0,
  held: 1,
  dialing: 2,
  alerting: 3,
  incoming: 4,
  waiting: 5,
  ended: 6,
} as const;
export type CallState = keyof typeof CALL_STATES;

/** Why a call ends, or is not made, and the text of it in AT+CEER (module.md 6). */
export const CALL_ENDS = {
  host: "Client ended call",
  "far end": "Normal call clearing",
  busy: "User busy",
  "no answer": "User alerting, no answer",
  "no service": "No service available",
  offline: "Phone is offline",
  network: "Network ended call",
  number: "Invalid/incomplete number",
  "no sim": "UIM not present",
} as const;
export type CallEnd = keyof typeof CALL_ENDS;

/** A voice call, as it is at a moment. */
export interface Call {
  /** From 1; the lowest that is free. */
  readonly id: number;
  readonly direction: "outgoing" | "incoming";
  readonly state: CallState;
  /** Empty where the caller hides it. */
  readonly number: string;
  /** Whose number it is, as the network tells or the phone book knows. */
  readonly name: string | undefined;
  readonly multiparty: boolean;
  /** The keys that the host has pressed (AT+VTS). */
  readonly dtmf: string;
  /** When it was answered, in milliseconds of the monotonic clock. */
  readonly answered: number | undefined;
}

/** Prints a line of the response of the command that has caused a change. */
export type PrintLine = (text: string) => void;

/** A call has changed its state. */
export interface CallChange {
  readonly call: Call;
  /** Its state before; none for a new call. */
  readonly before: CallState | undefined;
  /** Why it has ended, and how many milliseconds it was answered, if it was. */
  readonly ending?: { readonly why: CallEnd; readonly talk: number | undefined };
  /** Present where a command has caused the change. */
  readonly print: PrintLine | undefined;
}

/** What the far end of an outgoing call does. */
export const FAR_ENDS = ["answer", "busy", "no-answer", "ring"] as const;
export type FarEnd = (typeof FAR_ENDS)[number];

interface Step {
  /** Milliseconds after the step before. */
  readonly after: number;
  readonly to: "alerting" | "active" | Extract<CallEnd, "busy" | "no answer">;
}

const REACHED: Step = { after: 1000, to: "alerting" };

/** The course of an outgoing call, by what its far end does. */
export const COURSES: Readonly<Record<FarEnd, readonly Step[]>> = {
  answer: [REACHED, { after: 2000, to: "active" }],
  busy: [{ after: 1000, to: "busy" }],
  "no-answer": [REACHED, { after: 30_000, to: "no answer" }],
  ring: [REACHED],
};

/** Milliseconds from RING to RING. */
export const RING_PERIOD = 4000;
