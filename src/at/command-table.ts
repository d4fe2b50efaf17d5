import type { Command } from "./command-definition.ts";

/** The commands of one module, by name. */
export class CommandTable<C> {
  readonly #byName = new Map<string, Command<C>>();

  /** The lists of the chapters. A name that is defined twice is a bug and throws. */
  constructor(...lists: ReadonlyArray<readonly Command<C>[]>) {
    for (const command of lists.flat()) {
      if (this.#byName.has(command.name)) throw new Error(`${command.name} is defined twice`);
      this.#byName.set(command.name, command);
    }
  }

  /** `name` in upper case, with its prefix. */
  find(name: string): Command<C> | undefined {
    return this.#byName.get(name);
  }

  /** All of them, in the order of definition. */
  get commands(): readonly Command<C>[] {
    return [...this.#byName.values()];
  }
}
