import type { Alarm, Clock } from "../../platform/time/clock.ts";
import { MODULE_LIMITS } from "../limits.ts";
import { Listeners } from "../listeners.ts";
import type { Radio } from "../radio/radio.ts";
import type { Sim } from "../sim.ts";
import {
  type Call,
  type CallChange,
  type CallEnd,
  type CallState,
  COURSES,
  type FarEnd,
  type PrintLine,
  RING_PERIOD,
} from "./call.ts";
import { Subscription } from "./subscription.ts";

/** Voice calls: those that are in progress, and what their far ends do. */
export class Calls {
  readonly #clock: Clock;
  readonly #sim: Sim;
  readonly #radio: Radio;
  readonly #calls = new Map<number, Call>();
  /** What happens to a call next by itself. */
  readonly #alarms = new Map<number, Alarm>();
  #powered = false;
  /** What the network does with calls before they reach the module. */
  readonly subscription = new Subscription();
  /** What the far end of an outgoing call does. */
  farEnd: FarEnd = "answer";
  /** Why the last call has ended (AT+CEER). */
  lastEnd: CallEnd = "host";
  /** The number that was dialled last. */
  lastNumber: string | undefined;
  /** After how many rings the module answers by itself; 0 is never (ATS0). */
  ringsToAnswer: () => number = () => 0;
  /** Whose number it is, where that is known: the phone book's answer. */
  nameOf: (number: string) => string | undefined = () => undefined;
  readonly changed = new Listeners<CallChange>();
  /** Called with the call at each of its rings. */
  readonly rang = new Listeners<Call>();
  /** Called with a key that the far end has pressed. */
  readonly keyPressed = new Listeners<string>();

  constructor(clock: Clock, sim: Sim, radio: Radio) {
    this.#clock = clock;
    this.#sim = sim;
    this.#radio = radio;
    // The report of the lost network comes before the calls that it ends.
    radio.changed.follow(() => {
      if (!radio.registered) for (const { id } of this.list) this.#end(id, this.#lossOfNetwork);
    });
  }

  powerOn(): void {
    this.#powered = true;
  }

  /** The power goes: calls end without a word. */
  powerOff(): void {
    this.#powered = false;
    for (const id of [...this.#alarms.keys()]) this.#cancel(id);
    this.#calls.clear();
    this.lastEnd = "host";
  }

  /** In the order of their numbers. */
  get list(): readonly Call[] {
    return [...this.#calls.values()].toSorted((a, b) => a.id - b.id);
  }

  get(id: number): Call | undefined {
    return this.#calls.get(id);
  }

  /**
   * A call comes in; `from` is empty where the caller hides the number. Gives its number in the list, or `undefined` when it
   * does not reach the module: without registration, when another call is being made or waits, and where the network forwards it.
   */
  ring({ from, name }: { readonly from: string; readonly name?: string | undefined }): number | undefined {
    const engaged = this.#in("dialing", "alerting", "incoming", "waiting") !== undefined;
    const isElsewhere = this.subscription.forwardsAll || !this.#radio.registered;
    if (!this.#powered || isElsewhere || engaged) return undefined;
    const state = this.#calls.size === 0 ? "incoming" : "waiting";
    if (state === "waiting" && this.subscription.callWaiting === false) return undefined;
    const call = this.#add({ direction: "incoming", state, number: from, name });
    if (call === undefined) return undefined;
    this.#announce(call, undefined);
    return call.id;
  }

  /** Calls a number; a call that is active is held. Returns whether the call is being made; if not, {@link lastEnd} says why. */
  dial(number: string): boolean {
    this.lastNumber = number;
    if (!this.#radio.registered) {
      this.lastEnd = this.#radio.functionality === 1 ? "no service" : "offline";
      return false;
    }
    const engaged = this.#in("dialing", "alerting", "incoming", "waiting") !== undefined;
    if (engaged || (this.#in("active") !== undefined && this.#in("held") !== undefined)) return false;
    this.#hold();
    const call = this.#add({ direction: "outgoing", state: "dialing", number, name: undefined });
    if (call === undefined) return false;
    this.changed.tell({ call, before: undefined, print: undefined });
    this.#run(call.id, COURSES[this.farEnd]);
    return true;
  }

  /** Answers the call that rings; returns whether there is one. */
  answer(print?: PrintLine): boolean {
    const call = this.#in("incoming");
    if (call !== undefined) this.#activate(call, print);
    return call !== undefined;
  }

  /** Ends every call. */
  hangUp(print: PrintLine): void {
    for (const { id } of this.list) this.#end(id, "host", print);
  }

  /** Puts every active call but `except` on hold. */
  #hold(except?: number): void {
    for (const call of this.list) {
      if (call.state === "active" && call.id !== except) this.#move({ ...call, state: "held" });
    }
  }

  /** Ends every call in a state; returns whether there was one. @spec 27.007 7.13, AT+CHLD=0 and 1 */
  release(state: CallState, print: PrintLine): boolean {
    const ended = this.list.filter((call) => call.state === state);
    for (const { id } of ended) this.#end(id, "host", print);
    return ended.length > 0;
  }

  /** Ends one call that was answered; returns whether there is one of that number. @spec 27.007 7.13, AT+CHLD=1x */
  releaseOne(id: number, print: PrintLine): boolean {
    if (this.get(id)?.answered === undefined) return false;
    this.#end(id, "host", print);
    this.#ringWaiting();
    return true;
  }

  /** Accepts the call that waits, or else takes back what is on hold; returns whether there is one. @spec 27.007 7.13 */
  accept(print: PrintLine): boolean {
    const others = this.#others;
    for (const call of others) this.#activate(call, print);
    return others.length > 0;
  }

  /** Holds what is active and {@link accept}s the other; returns whether there is either. @spec 27.007 7.13, AT+CHLD=2 */
  swap(print: PrintLine): boolean {
    const others = this.#others;
    const isTalking = this.#in("active") !== undefined;
    this.#hold();
    for (const call of others) this.#activate(call, print);
    return isTalking || others.length > 0;
  }

  /** Holds all calls but one, which is active then; returns whether it was answered. @spec 27.007 7.13, AT+CHLD=2x */
  consult(id: number, print: PrintLine): boolean {
    const call = this.get(id);
    if (call?.answered === undefined) return false;
    this.#hold(id);
    if (call.state === "held") this.#activate(call, print);
    return true;
  }

  /** Joins what is on hold with what is active; returns whether there is both. @spec 27.007 7.13, AT+CHLD=3 */
  join(): boolean {
    if (this.#in("held") === undefined || this.#in("active") === undefined) return false;
    for (const call of this.list) {
      if (call.answered !== undefined) this.#move({ ...call, state: "active", multiparty: true });
    }
    return true;
  }

  /** Connects the far ends with each other and leaves them; returns whether there are two. @spec 27.007 7.13, AT+CHLD=4 */
  transfer(print: PrintLine): boolean {
    if (this.#in("held") === undefined || this.#in("active") === undefined) return false;
    this.release("active", print);
    this.release("held", print);
    this.#ringWaiting();
    return true;
  }

  /** Sends tones to the far end; returns whether there is a call to carry them. */
  sendTones(keys: string): boolean {
    const call = this.#in("active");
    if (call === undefined) return false;
    const dtmf = (call.dtmf + keys).slice(-MODULE_LIMITS.sentTones);
    this.#calls.set(call.id, { ...call, dtmf });
    return true;
  }

  /** The far end takes an outgoing call; returns whether there was one to take. */
  take(id: number): boolean {
    const call = this.get(id);
    if (call?.state !== "dialing" && call?.state !== "alerting") return false;
    this.#activate(call);
    return true;
  }

  /** The far end hangs up, gives up, or is busy, which only an outgoing call meets; returns whether that was possible. */
  endByFarEnd(id: number, why: "far end" | "busy"): boolean {
    const call = this.get(id);
    const isPending = call?.state === "dialing" || call?.state === "alerting";
    if (call === undefined || (why === "busy" && !isPending)) return false;
    this.#end(id, why);
    this.#ringWaiting();
    return true;
  }

  /** The far end presses keys; returns whether the call is active. */
  press(id: number, keys: string): boolean {
    if (this.get(id)?.state !== "active") return false;
    for (const key of keys) this.keyPressed.tell(key);
    return true;
  }

  get #lossOfNetwork(): CallEnd {
    if (this.#sim.state === "absent") return "no sim";
    return this.#radio.functionality === 1 ? "network" : "offline";
  }

  #in(...states: readonly CallState[]): Call | undefined {
    return this.list.find(({ state }) => states.includes(state));
  }

  /** What is not active: a call that asks to be answered, or else those on hold. */
  get #others(): readonly Call[] {
    const asking = this.#in("waiting", "incoming");
    return asking === undefined ? this.list.filter(({ state }) => state === "held") : [asking];
  }

  #add(call: Pick<Call, "direction" | "state" | "number" | "name">): Call | undefined {
    let id = 1;
    while (this.#calls.has(id)) id++;
    if (id > MODULE_LIMITS.calls) return undefined;
    const name = call.name ?? this.nameOf(call.number);
    const added: Call = { ...call, name, id, multiparty: false, dtmf: "", answered: undefined };
    this.#calls.set(id, added);
    return added;
  }

  #move(call: Call, print?: PrintLine): void {
    const before = this.#calls.get(call.id)?.state;
    this.#calls.set(call.id, call);
    this.changed.tell({ call, before, print });
  }

  #activate(call: Call, print?: PrintLine): void {
    this.#cancel(call.id);
    this.#move({ ...call, state: "active", answered: call.answered ?? this.#clock.monotonic() }, print);
  }

  #end(id: number, why: CallEnd, print?: PrintLine): void {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    this.#cancel(id);
    this.#calls.delete(id);
    this.lastEnd = why;
    const talk = call.answered === undefined ? undefined : this.#clock.monotonic() - call.answered;
    this.changed.tell({ call: { ...call, state: "ended" }, before: call.state, ending: { why, talk }, print });
  }

  /** A waiting call rings once no other is left. */
  #ringWaiting(): void {
    const [call] = this.list;
    if (this.#calls.size !== 1 || call?.state !== "waiting") return;
    const ringing = { ...call, state: "incoming" } as const;
    this.#calls.set(call.id, ringing);
    this.#announce(ringing, "waiting");
  }

  /** Rings, if the call is one that does, and tells of its new state. */
  #announce(call: Call, before: CallState | undefined): void {
    if (call.state === "incoming") this.rang.tell(call);
    this.changed.tell({ call, before, print: undefined });
    if (call.state === "incoming") this.#ringOn(call.id, 1);
  }

  /** What follows the RING of that count. */
  #ringOn(id: number, count: number): void {
    const limit = this.ringsToAnswer();
    if (limit > 0 && count >= limit) {
      this.answer();
      return;
    }
    const left = this.subscription.ringingTime - (count - 1) * RING_PERIOD;
    this.#after(id, Math.min(RING_PERIOD, Math.max(0, left)), (call) => {
      if (left <= RING_PERIOD) {
        this.#end(id, "far end");
        return;
      }
      this.rang.tell(call);
      this.#ringOn(id, count + 1);
    });
  }

  /** Runs an outgoing call through its course. */
  #run(id: number, [step, ...rest]: (typeof COURSES)[FarEnd]): void {
    if (step === undefined) return;
    this.#after(id, step.after, (call) => {
      if (step.to === "active") this.#activate(call);
      else if (step.to !== "alerting") {
        this.#end(id, step.to);
        this.#ringWaiting();
      } else {
        this.#move({ ...call, state: step.to });
        this.#run(id, rest);
      }
    });
  }

  #after(id: number, ms: number, act: (call: Call) => void): void {
    const alarm = this.#clock.alarm(ms, () => {
      this.#alarms.delete(id);
      const call = this.#calls.get(id);
      if (call !== undefined) act(call);
    });
    this.#alarms.set(id, alarm);
  }

  #cancel(id: number): void {
    this.#alarms.get(id)?.cancel();
    this.#alarms.delete(id);
  }
}
