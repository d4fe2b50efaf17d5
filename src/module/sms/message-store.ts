import type { ShortMessage } from "../../codec/sms/pdu.ts";
import { Listeners } from "../listeners.ts";
import { type KeptValue, keptMap } from "../settings/kept-value.ts";
import { isRecord, type Nvram } from "../settings/nvram.ts";

/** Where messages are kept: the SIM, the module and its status reports, and how many each holds. */
const BANKS = { SM: 40, ME: 23, SR: 20 } as const;
export type SmsBank = keyof typeof BANKS;

/** What each storage of AT+CPMS shows, in the order of its places; `MT` is all that is not a status report. */
const STORAGES = { ME: ["ME"], MT: ["ME", "SM"], SM: ["SM"], SR: ["SR"] } as const satisfies Record<
  string,
  readonly SmsBank[]
>;
export type SmsStorage = keyof typeof STORAGES;
export const SMS_STORAGES = Object.keys(STORAGES) as readonly SmsStorage[];
export const SMS_BANKS = Object.keys(BANKS) as readonly SmsBank[];

/** 0 received and unread, 1 received and read, 2 stored and not sent, 3 stored and sent (27.005 3.1). */
export type MessageStatus = 0 | 1 | 2 | 3;

/** A message with what has become of it. */
interface KeptMessage {
  readonly status: MessageStatus;
  readonly message: ShortMessage;
}

/** A message where it is kept. */
export interface StoredMessage extends KeptMessage {
  /** From 0. */
  readonly index: number;
}

type Places = ReadonlyMap<string, KeptMessage>;

/** How many messages a storage holds. */
export function smsCapacity(storage: SmsStorage): number {
  return STORAGES[storage].reduce((sum, bank) => sum + BANKS[bank], 0);
}

/** The places of short messages, which NVRAM keeps. A change that the disk refuses is rejected and does not hold. */
export class MessageStore {
  readonly #places: KeptValue<Places>;
  /** Called when a place has become free. */
  readonly freed = new Listeners<void>();

  constructor(nvram: Nvram) {
    this.#places = keptMap(nvram, "messages", parsePlaces);
  }

  /** In the order of their places. */
  list(storage: SmsStorage): readonly StoredMessage[] {
    return Array.from({ length: smsCapacity(storage) }, (_, index) => this.get(storage, index)).filter(
      (message) => message !== undefined,
    );
  }

  get(storage: SmsStorage, index: number): StoredMessage | undefined {
    const kept = this.#places.value.get(placeOf(storage, index) ?? "");
    return kept && { ...kept, index };
  }

  /** Puts a message into the first free place; gives the place, or `undefined` where there is none. */
  async add(storage: SmsStorage, kept: KeptMessage, added: (index: number) => void): Promise<number | undefined> {
    let index: number | undefined;
    await this.#places.update(
      (places) => {
        index = Array.from({ length: smsCapacity(storage) }, (_, place) => place).find(
          (place) => !places.has(placeOf(storage, place) ?? ""),
        );
        const place = index === undefined ? undefined : placeOf(storage, index);
        return place === undefined ? places : new Map(places).set(place, kept);
      },
      () => {
        if (index !== undefined) added(index);
      },
    );
    return index;
  }

  /** Changes the status of messages; a place that is empty by now stays so. */
  mark(storage: SmsStorage, indexes: readonly number[], status: MessageStatus): Promise<void> {
    return this.#places.update((places) => {
      const marked = new Map(places);
      for (const index of indexes) {
        const place = placeOf(storage, index) ?? "";
        const kept = marked.get(place);
        if (kept !== undefined) marked.set(place, { ...kept, status });
      }
      return marked;
    });
  }

  remove(storage: SmsStorage, indexes: readonly number[]): Promise<void> {
    return this.#places.update(
      (places) => {
        const left = new Map(places);
        for (const index of indexes) left.delete(placeOf(storage, index) ?? "");
        return left;
      },
      () => this.freed.tell(),
    );
  }
}

/** The name of a place, by which NVRAM keeps it: the bank and the number in it. */
function placeOf(storage: SmsStorage, index: number): string | undefined {
  let within = index;
  for (const bank of STORAGES[storage]) {
    if (within >= 0 && within < BANKS[bank]) return `${bank}${within}`;
    within -= BANKS[bank];
  }
  return undefined;
}

function parsePlaces(value: unknown): Places | undefined {
  if (!isRecord(value)) return undefined;
  const places = new Map<string, KeptMessage>();
  for (const [place, kept] of Object.entries(value)) {
    const bank = SMS_BANKS.find((name) => place.startsWith(name));
    const isPlace = bank !== undefined && /^\d{1,2}$/.test(place.slice(2)) && Number(place.slice(2)) < BANKS[bank];
    if (!isPlace || !isKeptMessage(kept)) return undefined;
    places.set(place, kept);
  }
  return places;
}

/** The type of each field of each kind of message. */
const FIELDS: Readonly<Record<ShortMessage["kind"], Readonly<Record<string, "string" | "number" | "object">>>> = {
  deliver: {
    from: "string",
    protocol: "number",
    coding: "number",
    header: "string",
    text: "string",
    stamp: "string",
    zone: "number",
  },
  submit: {
    to: "string",
    first: "number",
    protocol: "number",
    validity: "string",
    coding: "number",
    header: "string",
    text: "string",
  },
  report: { to: "string", reference: "number", sent: "object", delivered: "object", status: "number" },
};

function isKeptMessage(value: unknown): value is KeptMessage {
  if (!isRecord(value) || !isRecord(value.message) || ![0, 1, 2, 3].includes(value.status as number)) return false;
  const { message } = value;
  const kind = Object.keys(FIELDS).find((name): name is ShortMessage["kind"] => name === message.kind);
  if (kind === undefined) return false;
  const times = kind === "report" ? [message.sent, message.delivered] : [];
  return (
    Object.entries(FIELDS[kind]).every(([name, type]) => typeof message[name] === type) &&
    times.every((time) => isRecord(time) && typeof time.stamp === "string" && typeof time.zone === "number")
  );
}
