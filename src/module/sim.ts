import { Listeners } from "./listeners.ts";
import { KeptValue } from "./settings/kept-value.ts";
import { isDigits, isRecord, type Nvram } from "./settings/nvram.ts";

/**
 * Whether the SIM lets PIN-protected commands run. `busy`: the module is still reading it; `blocked`: ten wrong PUKs were
 * entered, and the card cannot be used any more.
 */
export type SimState = "ready" | "busy" | "pin" | "puk" | "blocked" | "absent";

/** What came of a PIN or PUK that the host gave. `not-asked`: none is wanted in this state. */
export type PinOutcome = "accepted" | "wrong" | "not-asked";

/** The card itself: what is on it outlives power. */
export interface SimCard {
  readonly imsi: string;
  readonly iccid: string;
  /** The own number as the card stores it, in international form. */
  readonly number: string;
  /** The name of who has given the card out, which a phone shows; empty for none. */
  readonly provider: string;
  readonly pin: string;
  readonly puk: string;
  /** Whether the PIN is asked for at power-on (facility `SC` of AT+CLCK). */
  readonly locked: boolean;
  readonly pinTries: number;
  readonly pukTries: number;
}

const PIN_TRIES = 3;
const PUK_TRIES = 10;

/** A card that asks for nothing: of the test network 001 01, with PIN 1234 and PUK 12345678. */
export const STANDARD_CARD: SimCard = {
  imsi: "001010123456789",
  iccid: "89001010123456789016",
  number: "+15555550123",
  provider: "TEST",
  pin: "1234",
  puk: "12345678",
  locked: false,
  pinTries: PIN_TRIES,
  pukTries: PUK_TRIES,
};

/** How the user may ask for a SIM: by its state at power-on. */
export const SIM_STATES = ["ready", "absent", "pin", "puk"] as const;

export type SimChoice = (typeof SIM_STATES)[number];

/** A card in that state, with another PIN where one is given; `undefined` for an empty slot. */
export function cardInState(state: SimChoice, pin?: string, card = STANDARD_CARD): SimCard | undefined {
  const fresh = { ...card, pin: pin ?? card.pin, pinTries: PIN_TRIES, pukTries: PUK_TRIES };
  switch (state) {
    case "ready":
      return { ...fresh, locked: false };
    case "pin":
      return { ...fresh, locked: true };
    case "puk":
      return { ...fresh, locked: true, pinTries: 0 };
    case "absent":
      return undefined;
  }
}

/** 27.007 8.3 and 3GPP TS 11.11 9.3: a PIN is 4 to 8 digits, a PUK is 8. */
export function isPin(text: string): boolean {
  return /^\d{4,8}$/.test(text);
}

/** What is in the slot. */
interface Slot {
  readonly inserted: SimCard | undefined;
}

/**
 * The SIM in its slot: its lock and the tries that remain. What changes the card goes to NVRAM first; where the disk
 * refuses that, the change is rejected and the card stays as it was.
 */
export class Sim {
  readonly #slot: KeptValue<Slot>;
  #verified = false;
  #read = false;
  #told: SimState;
  /** The card that was taken out last. */
  #removed: SimCard | undefined;
  /** Called with the new state. */
  readonly changed = new Listeners<SimState>();

  /** With the given card; else with the one that NVRAM keeps, or the standard one. */
  constructor(nvram: Nvram, card: { readonly inserted: SimCard | undefined } | undefined) {
    const kept = nvram.load("sim", parseSlot) ?? { inserted: STANDARD_CARD };
    this.#slot = new KeptValue(nvram, "sim", card ?? kept, encodeSlot);
    // NVRAM logs a failure; the next change stores the card again.
    if (card !== undefined) nvram.store("sim", encodeSlot(card)).catch(() => undefined);
    this.#told = this.state;
  }

  get state(): SimState {
    const { card } = this;
    if (card === undefined) return "absent";
    if (!this.#read) return "busy";
    if (card.pukTries === 0) return "blocked";
    if (card.pinTries === 0) return "puk";
    return card.locked && !this.#verified ? "pin" : "ready";
  }

  /** What is on the card, secrets included: for the user of the emulator, not for a host. */
  get card(): SimCard | undefined {
    return this.#slot.value.inserted;
  }

  /** The card that is in the slot, or was last, or else the standard one. */
  get lastCard(): SimCard {
    return this.card ?? this.#removed ?? STANDARD_CARD;
  }

  /** Whether the PIN is asked for at power-on. */
  get locked(): boolean {
    return this.card?.locked === true;
  }

  /** The module starts: the card's PIN has not been entered yet, and nothing is known of the card before {@link read}. */
  powerOn(): void {
    this.#verified = false;
    this.#read = false;
    this.#told = this.state;
  }

  /** The module has read what is in the slot. */
  read(): void {
    this.#read = true;
    this.#tell();
  }

  /** Puts a card in, in place of what is there; `undefined` takes it out. */
  insert(card: SimCard | undefined): Promise<void> {
    let before: SimCard | undefined;
    return this.#slot.update(
      ({ inserted }) => {
        before = inserted;
        return { inserted: card };
      },
      () => {
        this.#verified = false;
        this.#removed = before ?? this.#removed;
        this.#tell();
      },
    );
  }

  /** Gives the card another PIN or provider, whatever its state. */
  edit(change: Partial<Pick<SimCard, "pin" | "provider">>): Promise<void> {
    return this.#changeCard(
      (card) => ({ ...card, ...change }),
      () => undefined,
    );
  }

  /** AT+CPIN=<pin>. */
  async enterPin(pin: string): Promise<PinOutcome> {
    return this.state === "pin" ? this.#tryPin(pin, {}) : "not-asked";
  }

  /** AT+CPIN=<puk>,<new pin>. */
  async enterPuk(puk: string, newPin: string): Promise<PinOutcome> {
    if (this.state !== "puk") return "not-asked";
    let right = false;
    await this.#changeCard(
      (card) => {
        right = puk === card.puk;
        return right
          ? { ...card, pin: newPin, pinTries: PIN_TRIES, pukTries: PUK_TRIES }
          : { ...card, pukTries: Math.max(0, card.pukTries - 1) };
      },
      () => {
        this.#verified = right;
      },
    );
    return right ? "accepted" : "wrong";
  }

  /** AT+CLCK="SC": switches the question for the PIN at power-on on or off. */
  async setLock(locked: boolean, pin: string): Promise<PinOutcome> {
    return this.state === "ready" ? this.#tryPin(pin, { locked }) : "not-asked";
  }

  /** AT+CPWD="SC". 3GPP TS 11.11 8.11: a PIN can be changed only while it is enabled. */
  async changePin(pin: string, newPin: string): Promise<PinOutcome> {
    return this.state === "ready" && this.locked ? this.#tryPin(pin, { pin: newPin }) : "not-asked";
  }

  async #tryPin(pin: string, then: Partial<SimCard>): Promise<PinOutcome> {
    let right = false;
    await this.#changeCard(
      (card) => {
        right = pin === card.pin;
        return right
          ? { ...card, pinTries: PIN_TRIES, ...then }
          : { ...card, pinTries: Math.max(0, card.pinTries - 1) };
      },
      () => {
        if (right) this.#verified = true;
      },
    );
    return right ? "accepted" : "wrong";
  }

  #changeCard(change: (card: SimCard) => SimCard, applied: () => void): Promise<void> {
    return this.#slot.update(
      // The card may have been taken out while an earlier change was written.
      ({ inserted }) => ({ inserted: inserted && change(inserted) }),
      () => {
        applied();
        this.#tell();
      },
    );
  }

  #tell(): void {
    const { state } = this;
    if (state === this.#told) return;
    this.#told = state;
    this.changed.tell(state);
  }
}

function encodeSlot({ inserted }: Slot): unknown {
  return { inserted: inserted ?? null };
}

function parseSlot(value: unknown): { readonly inserted: SimCard | undefined } | undefined {
  if (!isRecord(value)) return undefined;
  if (value.inserted === null) return { inserted: undefined };
  const card = parseCard(value.inserted);
  return card && { inserted: card };
}

function parseCard(value: unknown): SimCard | undefined {
  if (!isRecord(value)) return undefined;
  const { imsi, iccid, number, provider = "", pin, puk, locked, pinTries, pukTries } = value;
  if (!isDigits(imsi) || typeof iccid !== "string" || typeof number !== "string") return undefined;
  if (typeof provider !== "string") return undefined;
  if (!isDigits(pin) || !isDigits(puk) || typeof locked !== "boolean") return undefined;
  if (!isTries(pinTries, PIN_TRIES) || !isTries(pukTries, PUK_TRIES)) return undefined;
  return { imsi, iccid, number, provider, pin, puk, locked, pinTries, pukTries };
}

function isTries(value: unknown, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most;
}
