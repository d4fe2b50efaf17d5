import type { Journal } from "../journal.ts";
import { Linter } from "./linter.ts";
import type { LintView } from "./view.ts";

/** Follows the journal of a rig with a {@link Linter} for each modem, whose findings become `lint` events. */
export class RigLint {
  readonly #journal: Journal;
  readonly #linters = new Map<string, Linter>();

  constructor(journal: Journal) {
    this.#journal = journal;
    journal.on((event) => {
      if (event.modem !== undefined) this.#linters.get(event.modem)?.take(event);
    });
  }

  /** Looks at a modem from now on. */
  add(id: string, view: LintView): void {
    const events = this.#journal.port(id);
    this.#linters.set(id, new Linter(view, (finding) => events.emit({ type: "lint", ...finding })));
  }

  remove(id: string): void {
    this.#linters.delete(id);
  }
}
