import { broadcastPages, type BroadcastPage } from "../../codec/sms/broadcast.ts";
import type { Radio } from "../radio/radio.ts";

/** A message that the network sends to everybody in a cell. */
export interface CellBroadcast {
  /** What it is about, 0 to 65535. */
  readonly id: number;
  readonly text: string;
  /** Tells messages of one kind apart; counted by the network without it. */
  readonly serial?: number | undefined;
}

/** Which broadcasts the host wants, as AT+CSCB says it: those of the lists, or all others. */
export interface BroadcastSelection {
  readonly mode: number;
  /** Numbers and ranges: `50,100-102`. */
  readonly identifiers: string;
  readonly schemes: string;
}

const NOTHING: BroadcastSelection = { mode: 0, identifiers: "", schemes: "" };

/** What came of a broadcast: the host has it, or it has chosen others, or nobody can receive it. */
export type BroadcastOutcome = "printed" | "unwanted" | "unreachable" | "too long";

/** Cell broadcasts: those that the host has chosen go straight to it, and nothing keeps them. */
export class CellBroadcasts {
  readonly #radio: Radio;
  #serial = 0;
  selection = NOTHING;
  /** Prints a page, if the host wants broadcasts printed; absent while the module is off. */
  print: ((page: BroadcastPage) => boolean) | undefined;

  constructor(radio: Radio) {
    this.#radio = radio;
  }

  /** The module starts: no broadcast is chosen. */
  powerOn(): void {
    this.selection = NOTHING;
  }

  /** A broadcast is on the air. */
  receive({ id, text, serial }: CellBroadcast): BroadcastOutcome {
    const pages = broadcastPages(id, serial ?? this.#nextSerial(), text);
    if (pages === undefined) return "too long";
    if (this.print === undefined || !this.#radio.registered) return "unreachable";
    const { print } = this;
    const wanted = pages.every((page) => this.#isSelected(page));
    return wanted && pages.map((page) => print(page)).includes(true) ? "printed" : "unwanted";
  }

  #nextSerial(): number {
    this.#serial = (this.#serial + 1) % 0x1_0000;
    return this.#serial;
  }

  /** 27.005 3.3.4: mode 0 takes what is listed, mode 1 all but that; without schemes any counts. */
  #isSelected({ id, coding }: BroadcastPage): boolean {
    const { mode, identifiers, schemes } = this.selection;
    const isListed = holds(identifiers, id) && (schemes === "" || holds(schemes, coding));
    return isListed === (mode === 0);
  }
}

function holds(list: string, value: number): boolean {
  return list.split(",").some((part) => {
    const [first = "", last = first] = part.split("-");
    return first !== "" && value >= Number(first) && value <= Number(last);
  });
}
