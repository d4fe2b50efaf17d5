import type { CmeError } from "../../at/cme-error.ts";
import { cmeError } from "../../at/cme-error.ts";
import type { Result } from "../../at/result-code.ts";
import { quoted } from "../../codec/quoted-string.ts";
import type { Identity } from "../../module/identity.ts";
import { PIN_WORDS } from "../../module/reports.ts";
import { isPin, type PinOutcome, type SimCard, type SimState } from "../../module/sim.ts";
import { type Command, defineCommand } from "../modem-context.ts";
import { whenStored } from "../stored.ts";

const ts27007 = (section: string) => ({ document: "27.007", section }) as const;
const field = { document: "field", section: "7" } as const;

/** The answer to a PIN or PUK (27.007 9.2): operation not allowed where none is asked for (decisions 10). */
const ANSWERS: Readonly<Record<PinOutcome, "OK" | CmeError>> = {
  accepted: "OK",
  wrong: cmeError(16),
  "not-asked": cmeError(3),
};

/** Answers when NVRAM keeps the outcome, the tries that are left included. */
function answer(outcome: Promise<PinOutcome>): Promise<Result> {
  return whenStored(outcome, (known) => ANSWERS[known]);
}

/** The error of a command that needs no PIN, but a SIM that can be read. */
export function unreadable(state: SimState): CmeError | undefined {
  switch (state) {
    case "absent":
      return cmeError(10);
    case "blocked":
      return cmeError(13);
    case "busy":
      return cmeError(14);
    case "ready":
    case "pin":
    case "puk":
      return undefined;
  }
}

const pin = defineCommand({
  name: "+CPIN",
  summary: "SIM state; enters the PIN, or the PUK and a new PIN",
  spec: ts27007("8.3"),
  kind: "synchronous",
  needsPin: false,
  parameters: [
    { kind: "string", name: "pin", maxLength: 8, bare: true, secret: true },
    { kind: "string", name: "newPin", maxLength: 8, bare: true, secret: true, optional: true },
  ],
  read({ line, sim }) {
    const error = unreadable(sim.state);
    if (error !== undefined) return error;
    line.info(`+CPIN: ${PIN_WORDS[sim.state]}`);
    return "OK";
  },
  // Hosts send a PIN although none is asked for, and ignore the answer (decisions 10).
  write({ pin, newPin }, { sim }) {
    const error = unreadable(sim.state);
    if (error !== undefined) return error;
    if (sim.state !== "puk") {
      return newPin === undefined || sim.state === "ready" ? answer(sim.enterPin(pin)) : ANSWERS.wrong;
    }
    // 27.007 8.3: where a PUK is asked for, the new PIN is not optional.
    if (newPin === undefined || !isPin(newPin)) return ANSWERS.wrong;
    return answer(sim.enterPuk(pin, newPin));
  },
});

const secondPin = defineCommand({
  name: "+CPIN2",
  summary: "State of PIN2; no command asks for it",
  spec: field,
  kind: "synchronous",
  needsPin: true,
  parameters: [],
  read({ line }) {
    line.info("+CPIN2: READY");
    return "OK";
  },
});

const remainingTries = defineCommand({
  name: "+SPIC",
  summary: "Remaining tries of PIN, PUK, PIN2 and PUK2",
  spec: field,
  kind: "synchronous",
  needsPin: false,
  parameters: [],
  execute({ line, sim }) {
    const { card } = sim;
    if (card === undefined) return cmeError(10);
    line.info(`+SPIC: ${card.pinTries},${card.pukTries},3,10`);
    return "OK";
  },
});

const facility = { kind: "word", name: "facility", values: ["SC"] } as const;

const lock = defineCommand({
  name: "+CLCK",
  summary: "Whether the SIM asks for its PIN at power-on",
  spec: ts27007("7.4"),
  kind: "synchronous",
  needsPin: true,
  parameters: [
    facility,
    { kind: "int", name: "mode", min: 0, max: 2 },
    { kind: "string", name: "password", maxLength: 8, bare: true, secret: true, optional: true },
    { kind: "int", name: "class", min: 1, max: 255, optional: true },
  ],
  test: () => ['+CLCK: ("SC")'],
  write({ mode, password }, { line, sim }) {
    if (mode === 2) {
      line.info(`+CLCK: ${sim.locked ? 1 : 0}`);
      return "OK";
    }
    return password === undefined ? ANSWERS.wrong : answer(sim.setLock(mode === 1, password));
  },
});

const password = defineCommand({
  name: "+CPWD",
  summary: "Changes the PIN",
  spec: ts27007("7.5"),
  kind: "synchronous",
  needsPin: true,
  parameters: [
    facility,
    { kind: "string", name: "old", maxLength: 8, bare: true, secret: true },
    { kind: "string", name: "new", maxLength: 8, bare: true, secret: true },
  ],
  test: () => ['+CPWD: ("SC",8)'],
  write(values, { sim }) {
    return isPin(values.new) ? answer(sim.changePin(values.old, values.new)) : ANSWERS.wrong;
  },
});

/** Defines an execution command that prints something of the card. */
function cardCommand(
  name: string,
  needsPin: boolean,
  spec: Command["spec"],
  summary: string,
  describe: (card: SimCard, identity: Identity) => string,
): Command {
  return defineCommand({
    name,
    summary,
    spec,
    kind: "synchronous",
    needsPin,
    parameters: [],
    execute({ line, sim, identity }) {
      const { card } = sim;
      const error = unreadable(sim.state);
      if (card === undefined || error !== undefined) return error ?? cmeError(10);
      line.info(describe(card, identity));
      return "OK";
    },
  });
}

/** 20 digits, as the card stores them: a shorter identity is filled up (module.md 10). */
function storedIccid({ iccid }: SimCard): string {
  return iccid.padEnd(20, "F");
}

/** The SIM: its secrets, and what is written on it. */
export const simCommands: readonly Command[] = [
  pin,
  secondPin,
  remainingTries,
  lock,
  password,
  cardCommand("+CIMI", true, ts27007("5.6"), "Subscriber identity (IMSI)", ({ imsi }) => imsi),
  cardCommand("+CICCID", false, field, "Identity of the card (ICCID)", (card) => `+ICCID: ${storedIccid(card)}`),
  cardCommand("+CCID", false, field, "Identity of the card (ICCID)", (card, { iccidForm }) =>
    iccidForm === "bare" ? `+ICCID: ${storedIccid(card)}` : `+CCID: ${quoted(storedIccid(card))}`,
  ),
];
