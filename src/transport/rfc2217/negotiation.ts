import {
  BINARY,
  COM_PORT,
  DO,
  DONT,
  ECHO,
  IAC,
  SUPPRESS_GO_AHEAD,
  type Verb,
  WILL,
  WONT,
} from "../../codec/telnet/codes.ts";

/** `us`: what we do with WILL; `them`: what the host does with our DO. */
export type Side = "us" | "them";

interface SideDefinition {
  /** The options that this side may have on. */
  readonly supported: readonly number[];
  /** What we say for it to be on, and for it to be off. */
  readonly yes: Verb;
  readonly no: Verb;
}

/**
 * The module echoes (ATE), so we offer ECHO: a plain Telnet client then sends characters as they are typed. The side that
 * a client gives to COM-PORT-OPTION differs, so both are taken.
 */
const SIDES: Readonly<Record<Side, SideDefinition>> = {
  us: { supported: [BINARY, ECHO, SUPPRESS_GO_AHEAD, COM_PORT], yes: WILL, no: WONT },
  them: { supported: [BINARY, SUPPRESS_GO_AHEAD, COM_PORT], yes: DO, no: DONT },
};

/** What we ask for at once, as serial servers do. */
const REQUESTS: readonly (readonly [Side, number])[] = [
  ["us", BINARY],
  ["them", BINARY],
  ["us", SUPPRESS_GO_AHEAD],
  ["them", SUPPRESS_GO_AHEAD],
  ["us", ECHO],
  ["them", COM_PORT],
];

/** What a word of the host's is about: which side, and whether it is to be on. */
const MEANINGS: Readonly<Record<Verb, readonly [Side, boolean]>> = {
  [DO]: ["us", true],
  [DONT]: ["us", false],
  [WILL]: ["them", true],
  [WONT]: ["them", false],
};

/** Negotiates the options of one Telnet connection. Answers nothing but changes, so that no loop can arise (RFC 1143). */
export class Negotiation {
  readonly #send: (bytes: Uint8Array) => void;
  readonly #changed: (side: Side, option: number, on: boolean) => void;
  readonly #on: Readonly<Record<Side, Set<number>>> = { us: new Set(), them: new Set() };
  /** What was asked for and is not answered yet. */
  readonly #asked: Readonly<Record<Side, Set<number>>> = { us: new Set(), them: new Set() };

  constructor(send: (bytes: Uint8Array) => void, changed: (side: Side, option: number, on: boolean) => void) {
    this.#send = send;
    this.#changed = changed;
  }

  begin(): void {
    for (const [side, option] of REQUESTS) {
      this.#asked[side].add(option);
      this.#say(SIDES[side].yes, option);
    }
  }

  receive(verb: Verb, option: number): void {
    const [side, wanted] = MEANINGS[verb];
    const { supported, yes, no } = SIDES[side];
    const answered = this.#asked[side].delete(option);
    const was = this.#on[side].has(option);
    const on = wanted && supported.includes(option);
    if (on) this.#on[side].add(option);
    else this.#on[side].delete(option);
    if (!answered && (on !== was || on !== wanted)) this.#say(on ? yes : no, option);
    if (on !== was) this.#changed(side, option, on);
  }

  #say(verb: Verb, option: number): void {
    this.#send(Uint8Array.of(IAC, verb, option));
  }
}

/** What turns a client away at once: without COM-PORT-OPTION it has nothing to wait for. */
export const REFUSAL = Uint8Array.of(IAC, DONT, COM_PORT, IAC, WONT, COM_PORT);
