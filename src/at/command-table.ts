import type { Command } from "./command-definition.ts";

/** The commands of one module, by name. */
export class CommandTable<C> {
  readonly #byName: ReadonlyMap<string, Command<C>>;
  readonly #lacks: readonly string[];

  private constructor(byName: ReadonlyMap<string, Command<C>>, lacks: readonly string[]) {
    this.#byName = byName;
    this.#lacks = lacks;
  }

  /** The lists of the chapters. A name that is defined twice is a bug and throws. */
  static of<C>(...lists: ReadonlyArray<readonly Command<C>[]>): CommandTable<C> {
    const byName = new Map<string, Command<C>>();
    for (const command of lists.flat()) {
      if (byName.has(command.name)) throw new Error(`${command.name} is defined twice`);
      byName.set(command.name, command);
    }
    return new CommandTable(byName, []);
  }

  /** The same without the commands of these names. Shares what it holds: a thousand modules have one table. */
  without(names: readonly string[]): CommandTable<C> {
    return new CommandTable(this.#byName, [...this.#lacks, ...names]);
  }

  /** `name` in upper case, with its prefix. */
  find(name: string): Command<C> | undefined {
    return this.#lacks.includes(name) ? undefined : this.#byName.get(name);
  }

  /** Whether a name is that of a command which only other modules have. */
  lacks(name: string): boolean {
    return this.#lacks.includes(name) && this.#byName.has(name);
  }

  /** All of them, in the order of definition. */
  get commands(): readonly Command<C>[] {
    return [...this.#byName.values()].filter(({ name }) => !this.#lacks.includes(name));
  }
}
