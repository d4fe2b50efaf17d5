import type { Alarm, Clock } from "../../platform/time/clock.ts";
import { Listeners } from "../listeners.ts";
import type { Radio } from "../radio/radio.ts";
import type { UssdAnswer, UssdTable } from "./ussd-table.ts";

/** How a dialogue goes on, as `<m>` of AT+CUSD counts it (27.007 7.15). */
export const USSD_STATUS = { done: 0, asks: 1, ended: 2, unsupported: 4, timeout: 5 } as const;
export type UssdStatus = keyof typeof USSD_STATUS;

/** What the network says. */
export interface UssdReply {
  readonly status: UssdStatus;
  readonly text?: string;
}

/** Milliseconds until the network answers, and until it gives up a host that does not. */
const ANSWER_AFTER = 1000;
const PATIENCE = 120_000;

/** Supplementary services by text: the codes that the network knows, and the dialogue that is open. */
export class Ussd {
  readonly #clock: Clock;
  readonly #radio: Radio;
  /** What the network knows; none of it is kept. */
  table: UssdTable = {};
  /** What the host may answer in the dialogue that is open. */
  #answers: UssdTable | undefined;
  #alarm: Alarm | undefined;
  readonly replied = new Listeners<UssdReply>();

  constructor(clock: Clock, radio: Radio) {
    this.#clock = clock;
    this.#radio = radio;
  }

  /** Sends a code, or the answer in the dialogue that is open; returns whether there is a network. */
  send(text: string): boolean {
    if (!this.#radio.registered) return false;
    const answers = this.#answers;
    this.#answers = undefined;
    const table = answers ?? this.table;
    const found = Object.hasOwn(table, text) ? table[text] : undefined;
    const unknown: UssdReply = { status: answers === undefined ? "unsupported" : "ended" };
    this.#schedule(ANSWER_AFTER, () => (found === undefined ? this.#tell(unknown) : this.#reply(found)));
    return true;
  }

  /** Ends the dialogue without a word, and forgets what was asked. */
  cancel(): void {
    this.#alarm?.cancel();
    this.#alarm = undefined;
    this.#answers = undefined;
  }

  #reply(answer: UssdAnswer): void {
    if (typeof answer === "string") {
      this.#tell({ status: "done", text: answer });
      return;
    }
    const { text, answers } = answer;
    this.#answers = answers;
    this.#schedule(PATIENCE, () => {
      this.#answers = undefined;
      this.#tell({ status: "timeout" });
    });
    this.replied.tell({ status: "asks", text });
  }

  #tell(reply: UssdReply): void {
    this.replied.tell(reply);
  }

  #schedule(ms: number, act: () => void): void {
    this.#alarm?.cancel();
    this.#alarm = this.#clock.alarm(ms, () => {
      this.#alarm = undefined;
      act();
    });
  }
}
