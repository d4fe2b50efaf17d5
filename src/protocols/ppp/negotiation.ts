import type { Alarm, Clock } from "../../platform/time/clock.ts";
import { type NegotiationAction, type NegotiationEvent, type NegotiationState, transition } from "./automaton.ts";
import {
  CODES,
  type ControlPacket,
  type Option,
  readOptions,
  writeControlPacket,
  writeOptions,
} from "./control-packet.ts";
import { PPP_LIMITS } from "./limits.ts";

const NOTHING = Buffer.alloc(0);

/** What the options of a peer's request are worth: all are taken, or some get other values or are refused. */
export interface Verdict {
  readonly code: typeof CODES.configureAck | typeof CODES.configureNak | typeof CODES.configureReject;
  readonly options: readonly Option[];
}

/** What a protocol negotiates. */
export interface Negotiable {
  /** The options of our next request. */
  request(): readonly Option[];
  /** Judges the peer's request. */
  judge(options: readonly Option[]): Verdict;
  /** The peer has taken our request. */
  agreed?(): void;
  /** The peer proposes other values for options of our request. */
  proposed?(options: readonly Option[]): void;
  /** The peer refuses options of our request. */
  refused?(options: readonly Option[]): void;
}

export interface NegotiationParts {
  readonly clock: Clock;
  readonly options: Negotiable;
  send(packet: Buffer): void;
  /** The peer's request is taken and ours too: the layer above may begin. */
  up(): void;
  down(): void;
  /** The peer does not answer, or the link is closed. */
  finished(): void;
}

/** The parts of RFC 1661 that LCP and the network control protocols share: negotiates, terminates and repeats. */
export class Negotiation {
  readonly #parts: NegotiationParts;
  #state: NegotiationState = "initial";
  /** How often the restart timer may still run out, and the timer. */
  #tries = 0;
  #timer: Alarm | undefined;
  /** The number of the next packet of ours; a module counts its requests from 0. */
  #nextId = 0;
  #requestId: number | undefined;
  #requested: Buffer = NOTHING;
  /** Configure-Naks one after the other. */
  #failures = 0;
  #over = false;

  readonly #actions: Readonly<Record<NegotiationAction, (answer?: () => Buffer) => void>>;

  constructor(parts: NegotiationParts) {
    this.#parts = parts;
    const reply = (answer?: () => Buffer) => {
      if (answer !== undefined) parts.send(answer());
    };
    this.#actions = {
      tlu: () => parts.up(),
      tld: () => parts.down(),
      tls: () => undefined,
      tlf: () => parts.finished(),
      irc: () => this.#initializeTries(),
      zrc: () => this.#zeroTries(),
      scr: () => this.#request(),
      str: () => this.#requestEnd(),
      sca: reply,
      scn: reply,
      sta: reply,
      scj: reply,
      // LCP echoes beside the automaton.
      ser: () => undefined,
    };
  }

  get state(): NegotiationState {
    return this.#state;
  }

  /** The layer below is up and the link is wanted, or the opposite of one of these. */
  happen(event: "Up" | "Down" | "Open" | "Close" | "RXJ-"): void {
    this.#step(event);
  }

  /** Sends a packet with a number of its own. */
  send(code: number, data: Uint8Array): void {
    this.#parts.send(writeControlPacket(code, this.#newId(), data));
  }

  /** Takes a packet of the peer. Codes that are not of this class are unknown. */
  receive(packet: ControlPacket): void {
    const { code, id, data } = packet;
    if (code === CODES.configureRequest) this.#judge(id, data);
    else if (code === CODES.configureAck) this.#agree(id, data);
    else if (code === CODES.configureNak || code === CODES.configureReject) this.#amend(code, id, data);
    else if (code === CODES.terminateRequest)
      this.#step("RTR", () => writeControlPacket(CODES.terminateAck, id, NOTHING));
    else if (code === CODES.terminateAck) this.#step("RTA");
    // A peer that does not know Configure-Request and its answers cannot be spoken to.
    else if (code === CODES.codeReject) this.#step((data[0] ?? 0) <= CODES.terminateAck ? "RXJ-" : "RXJ+");
    else this.#step("RUC", () => this.#rejectionOf(packet));
  }

  /** Ends the negotiation where it is. */
  dispose(): void {
    this.#over = true;
    this.#timer?.cancel();
  }

  #judge(id: number, data: Buffer): void {
    const options = readOptions(data);
    if (options === undefined) return;
    const verdict = this.#limited(this.#parts.options.judge(options));
    const isGood = verdict.code === CODES.configureAck;
    this.#step(isGood ? "RCR+" : "RCR-", () => {
      this.#failures = verdict.code === CODES.configureNak ? this.#failures + 1 : 0;
      return writeControlPacket(verdict.code, id, writeOptions(verdict.options));
    });
  }

  /** RFC 1661 4.6: what a peer keeps asking for in spite of Max-Failure Naks is rejected. */
  #limited(verdict: Verdict): Verdict {
    const isTooMuch = verdict.code === CODES.configureNak && this.#failures >= PPP_LIMITS.failures;
    return isTooMuch ? { code: CODES.configureReject, options: verdict.options } : verdict;
  }

  #agree(id: number, data: Buffer): void {
    if (id !== this.#requestId || !data.equals(this.#requested)) return;
    this.#requestId = undefined;
    this.#parts.options.agreed?.();
    this.#step("RCA");
  }

  #amend(code: number, id: number, data: Buffer): void {
    const options = readOptions(data);
    if (id !== this.#requestId || options === undefined) return;
    this.#requestId = undefined;
    if (code === CODES.configureNak) this.#parts.options.proposed?.(options);
    else this.#parts.options.refused?.(options);
    this.#step("RCN");
  }

  /** RFC 1661 5.6: the rejected packet, cut so that its rejection fits. */
  #rejectionOf({ code, id, data }: ControlPacket): Buffer {
    const rejected = writeControlPacket(code, id, data).subarray(0, PPP_LIMITS.leastMru);
    return writeControlPacket(CODES.codeReject, this.#newId(), rejected);
  }

  /** Does what the automaton says. `answer` makes the packet that acknowledges or refuses what has come. */
  #step(event: NegotiationEvent, answer?: () => Buffer): void {
    const found = transition(this.#state, event);
    if (found === undefined || this.#over) return;
    const before = this.#state;
    this.#state = found.next;
    for (const action of found.actions) this.#actions[action](answer);
    if (found.next !== before && !isTimed(this.#state)) this.#timer?.cancel();
  }

  #initializeTries(): void {
    const ends = this.#state === "closing" || this.#state === "stopping";
    this.#tries = ends ? PPP_LIMITS.terminate : PPP_LIMITS.configure;
  }

  /** The peer ends the link: it gets the time of one try. */
  #zeroTries(): void {
    this.#tries = 0;
    this.#startTimer();
  }

  #requestEnd(): void {
    this.send(CODES.terminateRequest, NOTHING);
    this.#startTimer();
  }

  #request(): void {
    this.#requestId = this.#newId();
    this.#requested = writeOptions(this.#parts.options.request());
    this.#parts.send(writeControlPacket(CODES.configureRequest, this.#requestId, this.#requested));
    this.#startTimer();
  }

  #startTimer(): void {
    this.#timer?.cancel();
    if (this.#over) return;
    this.#timer = this.#parts.clock.alarm(PPP_LIMITS.restart, () => {
      this.#tries--;
      this.#step(this.#tries > 0 ? "TO+" : "TO-");
    });
  }

  #newId(): number {
    const id = this.#nextId;
    this.#nextId = (id + 1) & 0xff;
    return id;
  }
}

/** RFC 1661 4.1: the restart timer runs in these states only. */
function isTimed(state: NegotiationState): boolean {
  return ["closing", "stopping", "request-sent", "ack-received", "ack-sent"].includes(state);
}
