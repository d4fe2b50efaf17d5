import { type Events, noEvents } from "../platform/events.ts";
import type { Clock } from "../platform/time/clock.ts";
import { BackingLock, type EfsBacking } from "./backing.ts";
import { CardSlot } from "./card-slot.ts";
import type { DirectoryDraft } from "./directory-draft.ts";
import { DirectoryStore } from "./directory-store.ts";
import { EfsError } from "./efs-error.ts";
import { type FileOperation, failingDraft, failingReader, failingWriter } from "./failing-file.ts";
import { MemoryStore } from "./memory-store.ts";
import { observedDraft, observedWriter } from "./observed-writing.ts";
import { type EfsPath, parentPath, parsePath, printPath, type VolumeName } from "./path.ts";
import type { EfsEntry, EfsReader, EfsSpace, EfsWriter, Store } from "./store.ts";

/** The sizes of the volumes, in bytes, unless set otherwise (decisions 8). */
const EFS_SIZES: Readonly<Record<VolumeName, number>> = { C: 11_348_480, D: 255_533_056 };

const C_ROOT: EfsPath = { volume: "C", segments: [] };
const D_ROOT: EfsPath = { volume: "D", segments: [] };
/** The directories that both volumes have at power-on. */
const STANDARD_DIRECTORIES = ["Picture", "Video", "VideoCall", "Audio"];

export interface EfsOptions {
  readonly clock: Clock;
  readonly sizes?: Partial<Readonly<Record<VolumeName, number>>>;
  /** Whether a card is in the slot; it is unless this is `false`. */
  readonly card?: boolean;
  /** Keeps the volumes in a directory of the host, for this modem alone; without it they live in memory. */
  readonly backing?: EfsBacking;
  readonly events?: Events;
  /** Says of each operation on a file whether it fails instead of being done. Default: none. */
  readonly fails?: (volume: VolumeName, operation: FileOperation) => boolean;
}

/** What an {@link Efs} is made of besides its volumes. */
interface EfsParts {
  readonly lock: BackingLock | undefined;
  readonly events: Events;
  readonly fails: NonNullable<EfsOptions["fails"]>;
}

/** The module's file system: both volumes, the slot of the card, and the current directory. */
export class Efs {
  readonly #local: Store;
  readonly #slot: CardSlot;
  readonly #cardAtStart: boolean;
  readonly #lock: BackingLock | undefined;
  readonly #events: Events;
  readonly #fails: EfsParts["fails"];
  #current = C_ROOT;
  /** Why the volumes cannot be used until the next power-on. */
  #failure: EfsError | undefined;

  private constructor(local: Store, slot: CardSlot, { lock, events, fails }: EfsParts) {
    this.#local = local;
    this.#slot = slot;
    this.#cardAtStart = slot.inserted;
    this.#lock = lock;
    this.#events = events;
    this.#fails = fails;
  }

  /** Opens the volumes as at power-on. A directory of the host that another modem uses is `IN_USE`. */
  static async open(given: EfsOptions): Promise<Efs> {
    const { clock, sizes, card = true, backing, events = noEvents, fails = () => false } = given;
    const lock = backing === undefined ? undefined : await BackingLock.take(backing);
    const volume = async (name: VolumeName): Promise<Store> => {
      const options = { volume: name, size: sizes?.[name] ?? EFS_SIZES[name], clock };
      return backing === undefined ? new MemoryStore(options) : DirectoryStore.open({ ...options, ...backing });
    };
    try {
      const efs = new Efs(await volume("C"), new CardSlot(await volume("D"), card), { lock, events, fails });
      await efs.#makeAllStandardDirectories();
      return efs;
    } catch (error) {
      lock?.release();
      throw error;
    }
  }

  /**
   * The current directory is `C:/`, and the standard directories are there. Files stay. Volumes whose directory was deleted
   * are made anew; where that fails, every operation fails with the reason until the next power-on.
   */
  async powerOn(): Promise<void> {
    this.#current = C_ROOT;
    this.#failure = undefined;
    try {
      await this.#lock?.renew();
      await this.#local.powerOn();
      await this.#slot.powerOn();
    } catch (error) {
      if (!(error instanceof EfsError)) throw error;
      this.#failure = error;
    }
    await this.#makeAllStandardDirectories();
  }

  /** Makes volumes in memory, and the card slot, as they were at the start. Files in a directory of the host stay. */
  async reset(): Promise<void> {
    if (this.cardInserted) await this.pullCard();
    await this.#local.reset();
    await this.#slot.reset();
    if (this.#cardAtStart) await this.insertCard();
    await this.powerOn();
  }

  /** Lets another modem use the directory of the host. Open files must be closed before. */
  close(): void {
    this.#lock?.release();
  }

  get currentDirectory(): EfsPath {
    return this.#current;
  }

  /** Reads a path as a command gives it; `undefined` if it is not valid. Takes text, not bytes: see `decodeName`. */
  resolve(text: string): EfsPath | undefined {
    return parsePath(text, this.#current);
  }

  /** Changes the current directory; returns its path as it is stored. If it is removed later, lookups in it are `NOT_FOUND`. */
  async changeDirectory(path: EfsPath): Promise<EfsPath> {
    const { kind, path: stored } = await this.stat(path);
    if (kind === "file") throw new EfsError("NOT_DIRECTORY", `${printPath(path)} is a file`);
    if (stored.volume === "D" && !this.cardInserted) throw new EfsError("NO_CARD", "the card was pulled meanwhile");
    this.#current = stored;
    return stored;
  }

  get cardInserted(): boolean {
    return this.#slot.inserted;
  }

  async insertCard(): Promise<void> {
    if (this.cardInserted) return;
    this.#slot.insert();
    await this.#makeStandardDirectories(D_ROOT);
    this.#events.emit({ type: "state", what: "card", value: true });
  }

  /** Takes the card out. Open files on it fail with `NO_CARD`; a current directory on it falls back to `C:/`. */
  async pullCard(): Promise<void> {
    if (!this.cardInserted) return;
    if (this.#current.volume === "D") this.#current = C_ROOT;
    await this.#slot.pull();
    this.#events.emit({ type: "state", what: "card", value: false });
  }

  /** Removes everything that the module sees on the card. A current directory on it falls back to `D:/`. */
  async formatCard(): Promise<void> {
    if (this.#current.volume === "D") this.#current = D_ROOT;
    await this.#empty(D_ROOT);
    await this.#makeStandardDirectories(D_ROOT);
  }

  async stat(path: EfsPath): Promise<EfsEntry> {
    return this.#store(path).stat(path);
  }

  /** The entries of a directory, by name. */
  async list(path: EfsPath): Promise<readonly EfsEntry[]> {
    return this.#store(path).list(path);
  }

  /** Makes one directory in an existing one. */
  async makeDirectory(path: EfsPath): Promise<void> {
    await this.#store(path).makeDirectory(path);
    this.#emitMade(path);
  }

  /** Makes a directory, and those above it, where they are missing. */
  async ensureDirectory(path: EfsPath): Promise<void> {
    if (path.segments.length === 0) return;
    try {
      await this.makeDirectory(path);
    } catch (error) {
      if (codeOf(error) === "NOT_FOUND") {
        await this.ensureDirectory(parentPath(path));
        await this.makeDirectory(path);
      } else if (codeOf(error) !== "EXISTS" || (await this.stat(path)).kind === "file") throw error;
    }
  }

  /** Removes an empty directory. */
  async removeDirectory(path: EfsPath): Promise<void> {
    await this.#store(path).removeDirectory(path);
    this.#events.emit({ type: "file", path: printPath(path), action: "removed" });
  }

  /** Removes a file. */
  async remove(path: EfsPath): Promise<void> {
    await this.#store(path).remove(path);
    this.#events.emit({ type: "file", path: printPath(path), action: "removed" });
  }

  /** Moves a file or a directory on its volume; replaces nothing. */
  async rename(from: EfsPath, to: EfsPath): Promise<void> {
    if (from.volume !== to.volume) throw new EfsError("BAD_NAME", "nothing moves to another volume");
    await this.#store(from).rename(from, to);
    this.#events.emit({ type: "file", path: printPath(from), action: "renamed", to: printPath(to) });
  }

  async openReader(path: EfsPath): Promise<EfsReader> {
    return failingReader(await this.#store(path).openReader(path), this.#failsOn(path));
  }

  /** Begins a file; see {@link EfsWriter}. */
  async openWriter(path: EfsPath, expectedSize = 0): Promise<EfsWriter> {
    const writer = failingWriter(await this.#store(path).openWriter(path, expectedSize), this.#failsOn(path));
    return observedWriter(writer, path, this.#events);
  }

  /** Begins a directory that will appear whole in `parent`; see {@link DirectoryDraft}. */
  async draftDirectory(parent: EfsPath): Promise<DirectoryDraft> {
    const draft = failingDraft(await this.#store(parent).draftDirectory(parent), this.#failsOn(parent));
    return observedDraft(draft, parent, this.#events);
  }

  async space(volume: VolumeName): Promise<EfsSpace> {
    return this.#store(volume === "C" ? C_ROOT : D_ROOT).space();
  }

  /** Takes all the room that is left on a volume, in or out of the slot, until the function that it gives is called. */
  fill(volume: VolumeName): () => void {
    return (volume === "C" ? this.#local : this.#slot).fill();
  }

  #failsOn({ volume }: EfsPath): (operation: FileOperation) => boolean {
    return (operation) => this.#fails(volume, operation);
  }

  #store(path: EfsPath): Store {
    if (this.#failure !== undefined) throw this.#failure;
    return path.volume === "C" ? this.#local : this.#slot;
  }

  async #makeAllStandardDirectories(): Promise<void> {
    await this.#makeStandardDirectories(C_ROOT);
    if (this.cardInserted) await this.#makeStandardDirectories(D_ROOT);
  }

  async #makeStandardDirectories(root: EfsPath): Promise<void> {
    try {
      for (const path of await this.#store(root).makeMissing(root, STANDARD_DIRECTORIES)) this.#emitMade(path);
    } catch (error) {
      // A disk that cannot be written does not keep the module from starting.
      if (!(error instanceof EfsError)) throw error;
    }
  }

  #emitMade(path: EfsPath): void {
    this.#events.emit({ type: "file", path: printPath(path), action: "made" });
  }

  async #empty(directory: EfsPath): Promise<void> {
    for (const { path, kind } of await this.list(directory)) {
      if (kind === "file") await this.remove(path);
      else {
        await this.#empty(path);
        await this.removeDirectory(path).catch((error: unknown) => {
          // The directory holds something that the module does not see; both stay.
          if (codeOf(error) !== "NOT_EMPTY") throw error;
        });
      }
    }
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof EfsError ? error.code : undefined;
}
