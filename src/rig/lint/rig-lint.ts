import type { RigEvent, RigEventBody } from "../events.ts";
import type { Journal } from "../journal.ts";
import { Linter } from "./linter.ts";
import type { LintMoment, LintView } from "./view.ts";

/** Follows the journal of a rig with a {@link Linter} for each modem, whose findings become `lint` events. */
export class RigLint {
  readonly #journal: Journal;
  readonly #linters = new Map<string, { readonly linter: Linter; readonly view: LintView }>();

  constructor(journal: Journal) {
    this.#journal = journal;
    const take = (event: RigEvent, moment?: LintMoment) => {
      if (event.modem !== undefined) this.#linters.get(event.modem)?.linter.take(event, moment);
    };
    journal.on(take, { lent: true });
  }

  /** Looks at a modem from now on. */
  add(id: string, view: LintView): void {
    const events = this.#journal.port(id);
    this.#linters.set(id, { view, linter: new Linter(view, (finding) => events.emit({ type: "lint", ...finding })) });
  }

  /** Forgets what was found so far: the journal begins anew. */
  restart(): void {
    for (const [id, { view }] of this.#linters) this.add(id, view);
  }

  /** What the rules must know of a modem at the moment of an event. */
  momentOf(id: string, event: RigEventBody): LintMoment | undefined {
    return this.#linters.get(id)?.view.momentOf(event);
  }

  remove(id: string): void {
    this.#linters.delete(id);
  }
}
