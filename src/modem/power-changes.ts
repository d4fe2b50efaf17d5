import type { Efs } from "../efs/efs.ts";
import { InTurn } from "../platform/in-turn.ts";
import type { Log } from "../platform/log.ts";

interface PowerChangesParts {
  readonly log: Log;
  /** The files, once they are open; `undefined` again when the modem closes. */
  readonly efs: () => Efs | undefined;
}

/** The changes of a module's power: one after the other. */
export class PowerChanges {
  readonly #parts: PowerChangesParts;
  readonly #turns = new InTurn();

  constructor(parts: PowerChangesParts) {
    this.#parts = parts;
  }

  /** Resolves when the changes that were asked for so far are over. */
  get settled(): Promise<unknown> {
    return this.#turns.settled;
  }

  /** Makes a change after the others. One that was asked for before the modem closes ends without effect. */
  make(step: (efs: Efs) => Promise<void>): Promise<void> {
    return this.#turns.run(async () => {
      const efs = this.#parts.efs();
      if (efs !== undefined) await step(efs);
    });
  }

  /** Logs the failure of a change that a command has set off: no caller waits for it. */
  watch(change: Promise<void>): void {
    change.catch((error: unknown) => this.#parts.log.error({ event: "power-failed", error: String(error) }));
  }
}
