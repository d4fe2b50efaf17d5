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

/** `us`: what we do with WILL; `them`: what the other end does with our DO. */
export type Side = "us" | "them";

interface SideWords {
  /** What we say for it to be on, and for it to be off. */
  readonly yes: Verb;
  readonly no: Verb;
}

const WORDS: Readonly<Record<Side, SideWords>> = { us: { yes: WILL, no: WONT }, them: { yes: DO, no: DONT } };

/** What one end of a connection negotiates. */
interface Role {
  /** The options that each side may have on. */
  readonly supported: Readonly<Record<Side, readonly number[]>>;
  /** What it asks for at once. */
  readonly requests: readonly (readonly [Side, number])[];
}

/** What both ends ask for. */
const TRANSPARENT: Role["requests"] = [
  ["us", BINARY],
  ["them", BINARY],
  ["us", SUPPRESS_GO_AHEAD],
  ["them", SUPPRESS_GO_AHEAD],
];

/**
 * A serial port server. The module echoes (ATE), so it offers ECHO: a plain Telnet client then sends characters as they are
 * typed. The side that a client gives to COM-PORT-OPTION differs, so both are taken.
 */
export const SERVER: Role = {
  supported: { us: [BINARY, ECHO, SUPPRESS_GO_AHEAD, COM_PORT], them: [BINARY, SUPPRESS_GO_AHEAD, COM_PORT] },
  requests: [...TRANSPARENT, ["us", ECHO], ["them", COM_PORT]],
};

/** The host of such a server. */
export const CLIENT: Role = {
  supported: { us: [BINARY, SUPPRESS_GO_AHEAD, COM_PORT], them: [BINARY, ECHO, SUPPRESS_GO_AHEAD] },
  requests: [...TRANSPARENT, ["us", COM_PORT]],
};

/** What a word of the other end is about: which side, and whether it is to be on. */
const MEANINGS: Readonly<Record<Verb, readonly [Side, boolean]>> = {
  [DO]: ["us", true],
  [DONT]: ["us", false],
  [WILL]: ["them", true],
  [WONT]: ["them", false],
};

/** Negotiates the options of one Telnet connection. Answers nothing but changes, so that no loop can arise (RFC 1143). */
export class Negotiation {
  readonly #role: Role;
  readonly #send: (bytes: Uint8Array) => void;
  readonly #changed: (side: Side, option: number, on: boolean) => void;
  readonly #on: Readonly<Record<Side, Set<number>>> = { us: new Set(), them: new Set() };
  /** What was asked for and is not answered yet. */
  readonly #asked: Readonly<Record<Side, Set<number>>> = { us: new Set(), them: new Set() };

  constructor(
    role: Role,
    send: (bytes: Uint8Array) => void,
    changed: (side: Side, option: number, on: boolean) => void,
  ) {
    this.#role = role;
    this.#send = send;
    this.#changed = changed;
  }

  begin(): void {
    for (const [side, option] of this.#role.requests) {
      this.#asked[side].add(option);
      this.#say(WORDS[side].yes, option);
    }
  }

  receive(verb: Verb, option: number): void {
    const [side, wanted] = MEANINGS[verb];
    const { yes, no } = WORDS[side];
    const answered = this.#asked[side].delete(option);
    const was = this.#on[side].has(option);
    const on = wanted && this.#role.supported[side].includes(option);
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
