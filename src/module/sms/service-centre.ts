import type { DeliveredMessage, StatusReport } from "../../codec/sms/pdu.ts";
import type { Alarm, Clock } from "../../platform/time/clock.ts";

/** Milliseconds from a message's way into the network to its way out. */
const TRANSIT = 1000;

/** What waits for the module, and what follows its delivery. */
interface Waiting {
  readonly message: DeliveredMessage | StatusReport;
  readonly delivered: () => void;
}

/** The service centre of the network: keeps what is meant for the module until it takes it, first come first served. */
export class ServiceCentre {
  readonly #clock: Clock;
  readonly #deliver: (message: Waiting["message"]) => Promise<boolean>;
  /** What is in transit, and when it arrives. */
  readonly #onItsWay = new Map<() => Waiting, Alarm>();
  readonly #waiting: Waiting[] = [];
  #delivering = false;
  /** Whether something has changed since the module refused a message. */
  #again = false;

  /** `deliver` gives the module a message, and resolves with whether it has taken it. */
  constructor(clock: Clock, deliver: (message: Waiting["message"]) => Promise<boolean>) {
    this.#clock = clock;
    this.#deliver = deliver;
  }

  /** Takes a message that has to go through the network first; it is composed when it arrives. */
  submit(compose: () => Waiting["message"], delivered: () => void = () => undefined): void {
    const arrival = () => ({ message: compose(), delivered });
    const arrive = () => {
      this.#onItsWay.delete(arrival);
      this.#arrive(arrival());
    };
    this.#onItsWay.set(arrival, this.#clock.alarm(TRANSIT, arrive));
  }

  /** Takes a message that is to be delivered at once. */
  forward(message: Waiting["message"]): void {
    this.#arrive({ message, delivered: () => undefined });
  }

  /** The module may take now what it has refused before. */
  retry(): void {
    this.#again = true;
    void this.#run();
  }

  /** The module has lost its power: nothing is timed until it asks again. */
  pause(): void {
    for (const [arrival, alarm] of this.#onItsWay) {
      alarm.cancel();
      this.#waiting.push(arrival());
    }
    this.#onItsWay.clear();
  }

  #arrive(waiting: Waiting): void {
    this.#waiting.push(waiting);
    // Behind another it waits for its turn.
    if (this.#waiting.length === 1) this.retry();
  }

  async #run(): Promise<void> {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      while (this.#again) {
        this.#again = false;
        await this.#deliverAll();
      }
    } finally {
      this.#delivering = false;
    }
  }

  /** Delivers until the module refuses one. */
  async #deliverAll(): Promise<void> {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (!(await this.#deliver(next.message))) return;
      this.#waiting.shift();
      next.delivered();
    }
  }
}
