import { splitText } from "../../codec/sms/concatenation.ts";
import {
  type DeliveredMessage,
  type ShortMessage,
  type StatusReport,
  type SubmittedMessage,
  wantsReport,
} from "../../codec/sms/pdu.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { MODULE_LIMITS } from "../limits.ts";
import { Listeners } from "../listeners.ts";
import type { Radio } from "../radio/radio.ts";
import { formatStamp, type Rtc } from "../rtc.ts";
import { KeptValue } from "../settings/kept-value.ts";
import { type Nvram, NvramError } from "../settings/nvram.ts";
import { type MessageStatus, MessageStore, type SmsBank, type SmsStorage } from "./message-store.ts";
import { messageClass } from "./message-text.ts";
import { ServiceCentre } from "./service-centre.ts";

/** A message that the module has sent. */
export interface SentMessage extends SubmittedMessage {
  /** `<mr>` of AT+CMGS: 0 to 255, counting. */
  readonly reference: number;
}

/** A text from the network. */
export interface IncomingText {
  readonly from: string;
  readonly text: string;
  /** 0 is shown at once and not stored, 1 is for the module, 2 for the SIM, 3 for the host (3GPP TS 23.038 4). */
  readonly class?: number | undefined;
}

/** What the host wants of a message that comes: it has got it, it is to be stored, or it cannot take it yet. */
export type Acceptance = "taken" | "stored" | "busy";

export interface SmsParts {
  readonly clock: Clock;
  readonly nvram: Nvram;
  readonly radio: Radio;
  readonly rtc: Rtc;
  readonly ownNumbers: () => readonly string[];
}

/** Short messages: those that are stored, those that were sent, and what comes back of them. */
export class Sms {
  readonly #radio: Radio;
  readonly #rtc: Rtc;
  readonly #ownNumbers: () => readonly string[];
  readonly #network: ServiceCentre;
  readonly #serviceCentre: KeptValue<string>;
  readonly #sent: SentMessage[] = [];
  readonly store: MessageStore;
  #reference = 0;
  #longReference = 0;
  #unacknowledged = false;
  #powered = false;
  /** Called with each message that was sent. */
  readonly sending = new Listeners<SentMessage>();
  /** Called with where a received message or a report was stored. */
  readonly arrived = new Listeners<{ readonly storage: SmsBank; readonly index: number }>();
  /** Called when a message has found no free place. */
  readonly overflowed = new Listeners<void>();
  /** Decides what becomes of a message that comes, and prints it where the host wants it at once. */
  accept: (message: DeliveredMessage | StatusReport) => Acceptance = () => "stored";
  /** The storages to read and delete from, to write to, and for received messages (27.005 3.2.2). */
  storages: readonly [SmsStorage, SmsStorage, "SM" | "ME"] = ["SM", "SM", "SM"];

  constructor({ clock, nvram, radio, rtc, ownNumbers }: SmsParts) {
    this.#radio = radio;
    this.#rtc = rtc;
    this.#ownNumbers = ownNumbers;
    this.store = new MessageStore(nvram);
    this.#network = new ServiceCentre(clock, (message) => this.#deliver(message));
    this.#serviceCentre = new KeptValue(
      nvram,
      "service centre",
      nvram.load("service centre", parseNumber) ?? "+15555550100",
    );
    radio.changed.follow(() => this.#network.retry());
    this.store.freed.follow(() => this.#network.retry());
  }

  /** The module starts: messages stay. */
  powerOn(): void {
    this.#powered = true;
    this.storages = ["SM", "SM", "SM"];
    this.#unacknowledged = false;
  }

  powerOff(): void {
    this.#powered = false;
    this.#network.pause();
  }

  /** AT+CSCA. */
  get serviceCentre(): string {
    return this.#serviceCentre.value;
  }

  setServiceCentre(number: string): Promise<void> {
    return this.#serviceCentre.update(() => number);
  }

  /**
   * Delivers a text to the module, in parts where it is too long for one message; resolves with whether it arrived: it does
   * not without registration, nor when the storage is full. Parts that follow the first wait in the network for room.
   */
  async receive({ from, text, class: kind }: IncomingText): Promise<boolean> {
    const now = this.#now();
    const [first, ...others] = splitText(text, this.nextLongReference()).map((data): DeliveredMessage => {
      const coding = kind === undefined ? data.coding : data.coding | 0x10 | kind;
      return { kind: "deliver", from, protocol: 0, ...data, coding, ...now };
    });
    if (first === undefined || !(await this.#deliver(first))) return false;
    for (const part of others) this.#network.forward(part);
    return true;
  }

  /** Stores a message for the host; resolves with its place, or `undefined` where the storage is full. */
  write(message: ShortMessage, status: MessageStatus): Promise<number | undefined> {
    return this.store.add(this.storages[1], { status, message }, () => undefined);
  }

  /**
   * Sends a message; gives it with its reference, or `undefined` without a network. One to an own number comes back. Where a
   * report is asked for, it follows the delivery.
   */
  send(message: SubmittedMessage): SentMessage | undefined {
    if (!this.#radio.registered) return undefined;
    const sent = { ...message, reference: this.#reference };
    this.#reference = (this.#reference + 1) % 256;
    this.#sent.push(sent);
    if (this.#sent.length > MODULE_LIMITS.sentMessages) this.#sent.shift();
    this.sending.tell(sent);
    this.#carry(sent);
    return sent;
  }

  /** The messages that were sent last. */
  get sent(): readonly SentMessage[] {
    return this.#sent;
  }

  /** The number that the parts of the next long message share (AT+CMGENREF). */
  nextLongReference(): number {
    const reference = this.#longReference;
    this.#longReference = (reference + 1) % 256;
    return reference;
  }

  /** Whether the host has to acknowledge a message before it gets the next one (27.005 3.4.1). */
  get unacknowledged(): boolean {
    return this.#unacknowledged;
  }

  awaitAcknowledgement(): void {
    this.#unacknowledged = true;
  }

  /** AT+CNMA; returns whether there was something to acknowledge. */
  acknowledge(): boolean {
    if (!this.#unacknowledged) return false;
    this.#unacknowledged = false;
    this.#network.retry();
    return true;
  }

  #now() {
    const now = this.#rtc.now();
    return { stamp: formatStamp(now), zone: now.zone };
  }

  #carry(sent: SentMessage): void {
    const at = this.#now();
    const report = (): StatusReport => {
      const { to, reference } = sent;
      return { kind: "report", to, reference, sent: at, delivered: this.#now(), status: 0 };
    };
    const own = this.#ownNumbers().find((number) => isSameNumber(number, sent.to));
    if (own === undefined) {
      if (wantsReport(sent)) this.#network.submit(report);
      return;
    }
    const { protocol, coding, header, text } = sent;
    const message = { kind: "deliver", from: own, protocol, coding, header, text, ...at } as const;
    this.#network.submit(
      () => message,
      () => {
        const delivered = report();
        if (wantsReport(sent)) this.#network.submit(() => delivered);
      },
    );
  }

  /** Resolves with whether the module has taken the message. */
  async #deliver(message: DeliveredMessage | StatusReport): Promise<boolean> {
    if (!this.#powered || !this.#radio.registered) return false;
    const acceptance = this.accept(message);
    if (acceptance !== "stored") return acceptance === "taken";
    const storage = message.kind === "report" ? "SR" : messageClass(message) === 2 ? "SM" : this.storages[2];
    try {
      const place = await this.store.add(storage, { status: 0, message }, (index) =>
        this.arrived.tell({ storage, index }),
      );
      if (place === undefined) this.overflowed.tell();
      // The network does not keep reports.
      return place !== undefined || message.kind === "report";
    } catch (error) {
      // The disk is full: the network keeps the message.
      if (error instanceof NvramError) return false;
      throw error;
    }
  }
}

function parseNumber(value: unknown): string | undefined {
  return typeof value === "string" && /^\+?[0-9]{1,20}$/.test(value) ? value : undefined;
}

/** Whether two numbers are the same but for how the international form is written. */
function isSameNumber(one: string, other: string): boolean {
  const digits = (number: string) => number.replace(/^(\+|00)/, "");
  return digits(one) === digits(other);
}
