import type { Disk } from "../platform/disk/disk.ts";
import type { Events } from "../platform/events.ts";
import type { Clock } from "../platform/time/clock.ts";
import { CardSlot } from "./card-slot.ts";
import type { DirectoryDraft } from "./directory-draft.ts";
import { DirectoryStore } from "./directory-store.ts";
import { EfsError } from "./efs-error.ts";
import { MemoryStore } from "./memory-store.ts";
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
  readonly events?: Events;
  readonly sizes?: Partial<Readonly<Record<VolumeName, number>>>;
  /** Whether a card is in the slot; it is unless this is `false`. */
  readonly card?: boolean;
  /** Keeps the volumes as `C` and `D` in a directory of the host; without it they live in memory. */
  readonly backing?: { readonly disk: Disk; readonly directory: string };
}

/** The module's file system: both volumes, the slot of the card, and the current directory. */
export class Efs {
  readonly #local: Store;
  readonly #slot: CardSlot;
  #current = C_ROOT;

  private constructor(local: Store, slot: CardSlot) {
    this.#local = local;
    this.#slot = slot;
  }

  /** Opens the volumes as at power-on. */
  static async open({ clock, sizes, card = true, backing }: EfsOptions): Promise<Efs> {
    const volume = async (name: VolumeName): Promise<Store> => {
      const options = { volume: name, size: sizes?.[name] ?? EFS_SIZES[name], clock };
      return backing === undefined ? new MemoryStore(options) : DirectoryStore.open({ ...options, ...backing });
    };
    const efs = new Efs(await volume("C"), new CardSlot(await volume("D"), card));
    await efs.powerOn();
    return efs;
  }

  /** The current directory is `C:/`, and the standard directories are there. Files stay. */
  async powerOn(): Promise<void> {
    this.#current = C_ROOT;
    await this.#makeStandardDirectories(C_ROOT);
    if (this.cardInserted) await this.#makeStandardDirectories(D_ROOT);
  }

  get currentDirectory(): EfsPath {
    return this.#current;
  }

  /** Reads a path as a command gives it; `undefined` if it is none. Text, not bytes: see `decodeName`. */
  resolve(text: string): EfsPath | undefined {
    return parsePath(text, this.#current);
  }

  /** Goes to a directory; gives its path as it is stored. It may vanish later: then what is looked up in it is `NOT_FOUND`. */
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
    this.#slot.insert();
    await this.#makeStandardDirectories(D_ROOT);
  }

  /** Takes the card out. What was open on it fails with `NO_CARD`; a current directory on it falls back to `C:/`. */
  async pullCard(): Promise<void> {
    if (this.#current.volume === "D") this.#current = C_ROOT;
    await this.#slot.pull();
  }

  /** Empties the card as far as the module sees what is on it. A current directory on it falls back to `D:/`. */
  async formatCard(): Promise<void> {
    if (this.#current.volume === "D") this.#current = D_ROOT;
    await this.#empty(D_ROOT);
    await this.#makeStandardDirectories(D_ROOT);
  }

  async stat(path: EfsPath): Promise<EfsEntry> {
    return this.#store(path).stat(path);
  }

  /** What a directory holds, by name. */
  async list(path: EfsPath): Promise<readonly EfsEntry[]> {
    return this.#store(path).list(path);
  }

  /** Makes one directory in one that is there. */
  async makeDirectory(path: EfsPath): Promise<void> {
    return this.#store(path).makeDirectory(path);
  }

  /** Makes sure that there is a directory, and those above it. */
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
    return this.#store(path).removeDirectory(path);
  }

  /** Removes a file. */
  async remove(path: EfsPath): Promise<void> {
    return this.#store(path).remove(path);
  }

  /** Moves a file or a directory on its volume; replaces nothing. */
  async rename(from: EfsPath, to: EfsPath): Promise<void> {
    if (from.volume !== to.volume) throw new EfsError("BAD_NAME", "nothing moves to another volume");
    return this.#store(from).rename(from, to);
  }

  async openReader(path: EfsPath): Promise<EfsReader> {
    return this.#store(path).openReader(path);
  }

  /** Begins a file; see {@link EfsWriter}. */
  async openWriter(path: EfsPath, expectedSize = 0): Promise<EfsWriter> {
    return this.#store(path).openWriter(path, expectedSize);
  }

  /** Begins a directory that will appear whole in `parent`; see {@link DirectoryDraft}. */
  async draftDirectory(parent: EfsPath): Promise<DirectoryDraft> {
    return this.#store(parent).draftDirectory(parent);
  }

  async space(volume: VolumeName): Promise<EfsSpace> {
    return (volume === "C" ? this.#local : this.#slot).space();
  }

  #store(path: EfsPath): Store {
    return path.volume === "C" ? this.#local : this.#slot;
  }

  async #makeStandardDirectories(root: EfsPath): Promise<void> {
    for (const name of STANDARD_DIRECTORIES) {
      try {
        await this.makeDirectory({ ...root, segments: [name] });
      } catch (error) {
        // A file that took the name, or a disk that cannot be written, is no reason not to start.
        if (!(error instanceof EfsError)) throw error;
      }
    }
  }

  async #empty(directory: EfsPath): Promise<void> {
    for (const { path, kind } of await this.list(directory)) {
      if (kind === "file") await this.remove(path);
      else {
        await this.#empty(path);
        await this.removeDirectory(path).catch((error: unknown) => {
          // It holds what the module does not see, and keeps it.
          if (codeOf(error) !== "NOT_EMPTY") throw error;
        });
      }
    }
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof EfsError ? error.code : undefined;
}
