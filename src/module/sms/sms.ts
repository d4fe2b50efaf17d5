import type { DeliveredMessage, SubmittedMessage } from "../../codec/sms-pdu.ts";
import { fitsShortMessage } from "../../codec/sms-pdu.ts";
import { MODULE_LIMITS } from "../limits.ts";
import { Listeners } from "../listeners.ts";
import type { Radio } from "../radio/radio.ts";
import { formatStamp, type Rtc } from "../rtc.ts";

/** The storages of AT+CPMS: the SIM and the module, and how many messages each holds. */
export const SMS_CAPACITY = { SM: 40, ME: 23 } as const;
export type SmsStorage = keyof typeof SMS_CAPACITY;
export const SMS_STORAGES = Object.keys(SMS_CAPACITY) as readonly SmsStorage[];

/** A received message where it is kept. */
export interface StoredMessage extends DeliveredMessage {
  /** From 1. */
  readonly index: number;
  readonly unread: boolean;
}

/** A message that the module has sent. */
export interface SentMessage extends SubmittedMessage {
  /** `<mr>` of AT+CMGS: 0 to 255, counting. */
  readonly reference: number;
}

/** Short messages: those that were received, where they are stored, and those that were sent. */
export class Sms {
  readonly #radio: Radio;
  readonly #rtc: Rtc;
  readonly #stores: Readonly<Record<SmsStorage, (StoredMessage | undefined)[]>> = { SM: [], ME: [] };
  readonly #sent: SentMessage[] = [];
  #reference = 0;
  /** Called with each message that was sent. */
  readonly sending = new Listeners<SentMessage>();
  /** Called with where a received message was stored. */
  readonly arrived = new Listeners<{ readonly storage: SmsStorage; readonly index: number }>();
  /** Takes a received message for the host, and returns whether it did; a message that it does not take is stored. */
  direct: (message: DeliveredMessage) => boolean = () => false;
  /** The storages to read and delete from, to write to, and for received messages (27.005 3.2.2). */
  storages: readonly [SmsStorage, SmsStorage, SmsStorage] = ["SM", "SM", "SM"];
  /** AT+CSCA: international form. */
  serviceCentre = "+15555550100";

  constructor(radio: Radio, rtc: Rtc) {
    this.#radio = radio;
    this.#rtc = rtc;
  }

  /** The module starts: messages stay. */
  powerOn(): void {
    this.storages = ["SM", "SM", "SM"];
  }

  /**
   * Delivers a message to the module; returns whether it arrived: it does not without registration, nor when the storage
   * is full. Throws for a text that does not fit into one message.
   */
  receive({ from, text }: { readonly from: string; readonly text: string }): boolean {
    if (!fitsShortMessage(text)) throw new RangeError("the text is too long for one short message");
    if (!this.#radio.registered) return false;
    const now = this.#rtc.now();
    const message = { from, text, stamp: formatStamp(now), zone: now.zone };
    if (this.direct(message)) return true;
    const storage = this.storages[2];
    const store = this.#stores[storage];
    const free = Array.from({ length: SMS_CAPACITY[storage] }, (_, place) => place).find((place) => !store[place]);
    if (free === undefined) return false;
    store[free] = { ...message, index: free + 1, unread: true };
    this.arrived.tell({ storage, index: free + 1 });
    return true;
  }

  /** In the order of their indexes. */
  list(storage: SmsStorage): readonly StoredMessage[] {
    return this.#stores[storage].filter((message) => message !== undefined);
  }

  get(storage: SmsStorage, index: number): StoredMessage | undefined {
    return this.#stores[storage][index - 1];
  }

  markRead(storage: SmsStorage, index: number): void {
    const message = this.get(storage, index);
    if (message !== undefined) this.#stores[storage][index - 1] = { ...message, unread: false };
  }

  delete(storage: SmsStorage, index: number): void {
    this.#stores[storage][index - 1] = undefined;
  }

  /** Sends a message: it is added to {@link sent} and goes nowhere else. Returns it, or `undefined` without a network. */
  send(message: SubmittedMessage): SentMessage | undefined {
    if (!this.#radio.registered) return undefined;
    const sent = { ...message, reference: this.#reference };
    this.#reference = (this.#reference + 1) % 256;
    this.#sent.push(sent);
    if (this.#sent.length > MODULE_LIMITS.sentMessages) this.#sent.shift();
    this.sending.tell(sent);
    return sent;
  }

  /** The messages that were sent last. */
  get sent(): readonly SentMessage[] {
    return this.#sent;
  }
}
