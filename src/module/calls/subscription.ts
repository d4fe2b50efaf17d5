/** When the network forwards a call, as AT+CCFC counts it (27.007 7.11). */
export const FORWARDING_REASONS = ["unconditional", "busy", "no reply", "not reachable"] as const;
export type ForwardingReason = (typeof FORWARDING_REASONS)[number];

/** Where calls go for one reason. */
export interface Forwarding {
  readonly isActive: boolean;
  readonly number: string;
  readonly type: number;
  /** Seconds of ringing, of `no reply`. */
  readonly time: number;
}

type Forwardings = ReadonlyMap<ForwardingReason, Forwarding>;

/** Shared by all subscriptions without one. */
const NO_FORWARDING: Forwardings = new Map();

/** What the network does with calls for the subscriber. It is the network's, and so outlives the module's power. */
export class Subscription {
  #forwardings = NO_FORWARDING;
  /** Whether the host has ordered that a call may wait while another is active; the network lets it until the host has not. */
  callWaiting: boolean | undefined;

  /** What is registered, active or not. */
  get(reason: ForwardingReason): Forwarding | undefined {
    return this.#forwardings.get(reason);
  }

  /** Registers a number and forwards to it. */
  register(reason: ForwardingReason, forwarding: Omit<Forwarding, "isActive">): void {
    this.#set(reason, { ...forwarding, isActive: true });
  }

  erase(reason: ForwardingReason): void {
    this.#forwardings = new Map([...this.#forwardings].filter(([each]) => each !== reason));
  }

  /** Forwards to the registered number, or no more; returns whether there is one. */
  activate(reason: ForwardingReason, isActive: boolean): boolean {
    const forwarding = this.get(reason);
    if (forwarding !== undefined) this.#set(reason, { ...forwarding, isActive });
    return forwarding !== undefined;
  }

  /** Whether the network forwards every call. */
  get forwardsAll(): boolean {
    return this.get("unconditional")?.isActive === true;
  }

  /** After how many milliseconds of ringing a call goes elsewhere; never without such a forwarding. */
  get ringingTime(): number {
    const noReply = this.get("no reply");
    return noReply?.isActive === true ? noReply.time * 1000 : Number.POSITIVE_INFINITY;
  }

  #set(reason: ForwardingReason, forwarding: Forwarding): void {
    this.#forwardings = new Map(this.#forwardings).set(reason, forwarding);
  }
}
