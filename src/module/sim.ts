import { Listeners } from "./listeners.ts";
import { isDigits, isRecord, type Nvram } from "./settings/nvram.ts";

/**
 * Whether the SIM lets PIN-protected commands run. `busy`: the module is still reading it; `blocked`: ten wrong PUKs have
 * made it useless.
 */
export type SimState = "ready" | "busy" | "pin" | "puk" | "blocked" | "absent";

/** What a secret that a host gave has brought about. `not-asked`: no such secret is wanted in this state. */
export type PinOutcome = "accepted" | "wrong" | "not-asked";

/** The card itself: what is on it outlives power. */
export interface SimCard {
  readonly imsi: string;
  readonly iccid: string;
  /** The own number as the card stores it, in international form. */
  readonly number: string;
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
  pin: "1234",
  puk: "12345678",
  locked: false,
  pinTries: PIN_TRIES,
  pukTries: PUK_TRIES,
};

/** How an operator may ask for a SIM: by the state it is in at power-on. */
export const SIM_STATES = ["ready", "absent", "pin", "puk"] as const;

/** That card; nothing for an empty slot. */
export function cardInState(state: (typeof SIM_STATES)[number], pin = STANDARD_CARD.pin): SimCard | undefined {
  switch (state) {
    case "ready":
      return { ...STANDARD_CARD, pin };
    case "pin":
      return { ...STANDARD_CARD, pin, locked: true };
    case "puk":
      return { ...STANDARD_CARD, pin, locked: true, pinTries: 0 };
    case "absent":
      return undefined;
  }
}

/** 27.007 8.3 and 3GPP TS 11.11 9.3: a PIN is 4 to 8 digits, a PUK is 8. */
export function isPin(text: string): boolean {
  return /^\d{4,8}$/.test(text);
}

/** The SIM in its slot: its lock, the tries that remain, and who is told when its state changes. */
export class Sim {
  readonly #nvram: Nvram;
  #card: SimCard | undefined;
  #verified = false;
  #read = false;
  /** Told the new state. */
  readonly changed = new Listeners<SimState>();

  /** With the card that is given; else with the one that NVRAM remembers, or the standard one. */
  constructor(nvram: Nvram, card: { readonly inserted: SimCard | undefined } | undefined) {
    this.#nvram = nvram;
    const kept = nvram.load("sim", parseSlot) ?? { inserted: STANDARD_CARD };
    this.#card = (card ?? kept).inserted;
    if (card !== undefined) this.#keep();
  }

  get state(): SimState {
    const card = this.#card;
    if (card === undefined) return "absent";
    if (!this.#read) return "busy";
    if (card.pukTries === 0) return "blocked";
    if (card.pinTries === 0) return "puk";
    return card.locked && !this.#verified ? "pin" : "ready";
  }

  /** What is on the card, secrets included: for the operator. */
  get card(): SimCard | undefined {
    return this.#card;
  }

  /** Whether the PIN is asked for at power-on. */
  get locked(): boolean {
    return this.#card?.locked === true;
  }

  /** The module starts: the card forgets that its PIN was given, and nothing is known of it before {@link read}. */
  powerOn(): void {
    this.#verified = false;
    this.#read = false;
  }

  /** The module has found out what is in the slot. */
  read(): void {
    this.#change(() => {
      this.#read = true;
    });
  }

  /** Puts another card in, or the same one in another state; `undefined` takes it out. */
  insert(card: SimCard | undefined): void {
    this.#change(() => {
      this.#verified = false;
      this.#replace(card);
    });
  }

  /** AT+CPIN=<pin>. */
  enterPin(pin: string): PinOutcome {
    return this.state === "pin" ? this.#tryPin(pin, {}) : "not-asked";
  }

  /** AT+CPIN=<puk>,<new pin>. */
  enterPuk(puk: string, newPin: string): PinOutcome {
    const card = this.#card;
    if (card === undefined || this.state !== "puk") return "not-asked";
    const right = puk === card.puk;
    this.#change(() => {
      this.#verified = right;
      this.#replace(
        right
          ? { ...card, pin: newPin, pinTries: PIN_TRIES, pukTries: PUK_TRIES }
          : { ...card, pukTries: card.pukTries - 1 },
      );
    });
    return right ? "accepted" : "wrong";
  }

  /** AT+CLCK="SC": asks for the PIN at power-on, or does not any more. */
  setLock(locked: boolean, pin: string): PinOutcome {
    return this.state === "ready" ? this.#tryPin(pin, { locked }) : "not-asked";
  }

  /** AT+CPWD="SC". 3GPP TS 11.11 8.11: a PIN can be changed only while it is enabled. */
  changePin(pin: string, newPin: string): PinOutcome {
    return this.state === "ready" && this.locked ? this.#tryPin(pin, { pin: newPin }) : "not-asked";
  }

  #tryPin(pin: string, then: Partial<SimCard>): PinOutcome {
    const card = this.#card;
    if (card === undefined) return "not-asked";
    const right = pin === card.pin;
    this.#change(() => {
      if (right) this.#verified = true;
      this.#replace(right ? { ...card, pinTries: PIN_TRIES, ...then } : { ...card, pinTries: card.pinTries - 1 });
    });
    return right ? "accepted" : "wrong";
  }

  #change(step: () => void): void {
    const before = this.state;
    step();
    if (this.state !== before) this.changed.tell(this.state);
  }

  #replace(card: SimCard | undefined): void {
    this.#card = card;
    this.#keep();
  }

  #keep(): void {
    this.#nvram.store("sim", { inserted: this.#card ?? null });
  }
}

function parseSlot(value: unknown): { readonly inserted: SimCard | undefined } | undefined {
  if (!isRecord(value)) return undefined;
  if (value.inserted === null) return { inserted: undefined };
  const card = parseCard(value.inserted);
  return card && { inserted: card };
}

function parseCard(value: unknown): SimCard | undefined {
  if (!isRecord(value)) return undefined;
  const { imsi, iccid, number, pin, puk, locked, pinTries, pukTries } = value;
  if (!isDigits(imsi) || typeof iccid !== "string" || typeof number !== "string") return undefined;
  if (!isDigits(pin) || !isDigits(puk) || typeof locked !== "boolean") return undefined;
  if (!isTries(pinTries, PIN_TRIES) || !isTries(pukTries, PUK_TRIES)) return undefined;
  return { imsi, iccid, number, pin, puk, locked, pinTries, pukTries };
}

function isTries(value: unknown, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most;
}
