import type { DirectoryDraft } from "./directory-draft.ts";
import { EfsError } from "./efs-error.ts";
import type { EfsPath } from "./path.ts";
import type { EfsEntry, EfsReader, EfsSpace, EfsWriter, Store } from "./store.ts";

type Release = () => Promise<void>;

/** The time from the insertion of the card to its removal, and what was opened in it. */
class Stay {
  readonly #open = new Set<Release>();
  #over = false;

  async end(): Promise<void> {
    this.#over = true;
    await Promise.allSettled([...this.#open].map((release) => release()));
  }

  /** Does work on the card. Once the card is out, nothing begins, and every failure is `NO_CARD`. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    this.#check();
    try {
      return await work();
    } catch (error) {
      this.#check();
      throw error;
    }
  }

  /** Registers what to do at the end of the stay; if that has come meanwhile, does it now. */
  async hold(release: Release): Promise<void> {
    this.#open.add(release);
    if (this.#over) await this.release(release);
    this.#check();
  }

  forget(release: Release): void {
    this.#open.delete(release);
  }

  async release(release: Release): Promise<void> {
    this.forget(release);
    await release();
  }

  #check(): void {
    if (this.#over) throw noCard();
  }
}

/**
 * A volume that the user can take out at any moment. From then on every operation fails with `NO_CARD`, those on open files
 * included: a file that was being written is dropped, the old one of its name stays on the card.
 */
export class CardSlot implements Store {
  readonly #card: Store;
  #stay: Stay | undefined;

  constructor(card: Store, inserted: boolean) {
    this.#card = card;
    if (inserted) this.insert();
  }

  get inserted(): boolean {
    return this.#stay !== undefined;
  }

  insert(): void {
    this.#stay ??= new Stay();
  }

  /** Resolves when everything that was open is released. */
  async pull(): Promise<void> {
    const stay = this.#stay;
    this.#stay = undefined;
    await stay?.end();
  }

  async stat(path: EfsPath): Promise<EfsEntry> {
    return this.#here.use(() => this.#card.stat(path));
  }

  async list(path: EfsPath): Promise<readonly EfsEntry[]> {
    return this.#here.use(() => this.#card.list(path));
  }

  async makeDirectory(path: EfsPath): Promise<void> {
    return this.#here.use(() => this.#card.makeDirectory(path));
  }

  async makeMissing(parent: EfsPath, names: readonly string[]): Promise<readonly EfsPath[]> {
    return this.#here.use(() => this.#card.makeMissing(parent, names));
  }

  async removeDirectory(path: EfsPath): Promise<void> {
    return this.#here.use(() => this.#card.removeDirectory(path));
  }

  async remove(path: EfsPath): Promise<void> {
    return this.#here.use(() => this.#card.remove(path));
  }

  async rename(from: EfsPath, to: EfsPath): Promise<void> {
    return this.#here.use(() => this.#card.rename(from, to));
  }

  async openReader(path: EfsPath): Promise<EfsReader> {
    const stay = this.#here;
    const reader = await stay.use(() => this.#card.openReader(path));
    const release = () => reader.close();
    await stay.hold(release);
    return {
      size: reader.size,
      read: (signal) => stay.use(() => reader.read(signal)),
      close: () => stay.release(release),
    };
  }

  async openWriter(path: EfsPath, expectedSize = 0): Promise<EfsWriter> {
    const stay = this.#here;
    const writer = await stay.use(() => this.#card.openWriter(path, expectedSize));
    const release = () => writer.abandon();
    await stay.hold(release);
    return {
      write: (bytes, signal) => stay.use(() => writer.write(bytes, signal)),
      commit: async () => {
        await stay.use(() => writer.commit());
        stay.forget(release);
      },
      abandon: () => stay.release(release),
    };
  }

  async draftDirectory(parent: EfsPath): Promise<DirectoryDraft> {
    const stay = this.#here;
    const draft = await stay.use(() => this.#card.draftDirectory(parent));
    const release = () => draft.discard();
    await stay.hold(release);
    return {
      openWriter: async (name) => {
        const writer = await stay.use(() => draft.openWriter(name));
        return {
          write: (bytes, signal) => stay.use(() => writer.write(bytes, signal)),
          commit: () => stay.use(() => writer.commit()),
          abandon: () => writer.abandon(),
        };
      },
      openReader: async (name) => {
        const reader = await stay.use(() => draft.openReader(name));
        return {
          size: reader.size,
          read: (signal) => stay.use(() => reader.read(signal)),
          close: () => reader.close(),
        };
      },
      remove: (name) => stay.use(() => draft.remove(name)),
      rename: (from, to) => stay.use(() => draft.rename(from, to)),
      commit: async (name) => {
        await stay.use(() => draft.commit(name));
        stay.forget(release);
      },
      discard: () => stay.release(release),
    };
  }

  async space(): Promise<EfsSpace> {
    return this.#here.use(() => this.#card.space());
  }

  fill(): () => void {
    return this.#card.fill();
  }

  async powerOn(): Promise<void> {
    await this.#card.powerOn();
  }

  async reset(): Promise<void> {
    await this.#card.reset();
  }

  get #here(): Stay {
    if (this.#stay === undefined) throw noCard();
    return this.#stay;
  }
}

function noCard(): EfsError {
  return new EfsError("NO_CARD", "no card in the slot");
}
