import type { RigEvent } from "../rig/events.ts";
import { type ShowOptions, showEvent } from "./show.ts";

/** Prints one event after the other for a person; names the modems from the moment that there is a second one. */
export class Shown {
  readonly #options: Omit<ShowOptions, "modems">;
  #first: string | undefined;
  #several = false;

  constructor(options: Omit<ShowOptions, "modems">) {
    this.#options = options;
  }

  push(event: RigEvent): readonly string[] {
    const { modem } = event;
    this.#first ??= modem;
    if (modem !== undefined && modem !== this.#first) this.#several = true;
    return showEvent(event, { ...this.#options, modems: this.#several });
  }

  end(): readonly string[] {
    return [];
  }
}
