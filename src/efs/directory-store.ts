import type { Disk, DiskEntry } from "../platform/disk/disk.ts";
import { InTurn } from "../platform/in-turn.ts";
import type { Clock } from "../platform/time/clock.ts";
import { type DirectoryDraft, FolderDraft } from "./directory-draft.ts";
import { DirectoryReader, DirectoryWriter } from "./directory-file.ts";
import { DirectoryTree, type Place } from "./directory-tree.ts";
import { EfsError } from "./efs-error.ts";
import { EFS_LIMITS } from "./limits.ts";
import { baseName, type EfsPath, parentPath, printPath, type VolumeName } from "./path.ts";
import {
  byName,
  checkBelowRoot,
  checkMove,
  checkPath,
  type EfsEntry,
  type EfsReader,
  type EfsSpace,
  type EfsWriter,
  pathIn,
  type Store,
} from "./store.ts";
import { VolumeAccount } from "./volume-account.ts";

export interface DirectoryStoreOptions {
  readonly volume: VolumeName;
  /** Bytes that the volume holds. The user may put more into the directory; then nothing more can be written. */
  readonly size: number;
  readonly clock: Clock;
  readonly disk: Disk;
  /** The host directory in which the volume is the directory `C` or `D`. */
  readonly directory: string;
}

/**
 * A volume that is a directory of the host. What other programs put there is on the volume, and the reverse. C: is as
 * case-sensitive as the host's disk is.
 *
 * The volume keeps a running total of its bytes, so that no operation costs more where there are more files. It is measured
 * at power-on and before a write is refused for lack of space; {@link EFS_LIMITS}.remeasuredEntries says when for
 * {@link space}. What other programs do in between counts only from then on.
 */
export class DirectoryStore implements Store {
  readonly #tree: DirectoryTree;
  readonly #account: VolumeAccount;
  readonly #clock: Clock;
  /** Ends with the last operation that changes names: they look first and act then, so they take turns. */
  readonly #turns = new InTurn();

  private constructor(options: DirectoryStoreOptions) {
    this.#tree = new DirectoryTree(options.volume, options.disk, options.directory);
    this.#account = new VolumeAccount(options.size);
    this.#clock = options.clock;
  }

  /** Opens the volume as at power-on. */
  static async open(options: DirectoryStoreOptions): Promise<DirectoryStore> {
    const store = new DirectoryStore(options);
    await store.powerOn();
    return store;
  }

  /** Makes the volume's directory if it is missing, measures it, and removes what dead processes have left half written. */
  async powerOn(): Promise<void> {
    await this.#tree.prepare();
    await this.#measure();
  }

  /** The files stay: they are the user's. */
  async reset(): Promise<void> {
    await this.powerOn();
  }

  async stat(path: EfsPath): Promise<EfsEntry> {
    checkPath(path);
    if (path.segments.length === 0) return this.#tree.rootEntry();
    return this.#tree.within(parentPath(path), async (place) => {
      const found = await this.#tree.find(place, baseName(path));
      return this.#tree.entry(place.path, found) ?? notFound(path);
    });
  }

  async list(path: EfsPath): Promise<readonly EfsEntry[]> {
    checkPath(path);
    return this.#tree.within(path, async (place) => (await this.#tree.entries(place)).sort(byName));
  }

  async makeDirectory(path: EfsPath): Promise<void> {
    checkBelowRoot(path);
    const made = await this.makeMissing(parentPath(path), [baseName(path)]);
    if (made.length === 0) taken(path);
  }

  async makeMissing(parent: EfsPath, names: readonly string[]): Promise<readonly EfsPath[]> {
    const paths = names.map((name) => pathIn(parent, name));
    return this.#inTurn(parent, async (place) => {
      const made: EfsPath[] = [];
      for (const path of paths) {
        if ((await this.#tree.find(place, baseName(path))) !== undefined) continue;
        await this.#tree.makeFolder(place, baseName(path));
        this.#account.added(0, 1);
        made.push(path);
      }
      return made;
    });
  }

  async removeDirectory(path: EfsPath): Promise<void> {
    checkBelowRoot(path);
    await this.#inTurn(parentPath(path), async (place) => {
      const found = await this.#existing(place, path);
      if (found.kind === "file") throw new EfsError("NOT_DIRECTORY", `${printPath(path)} is a file`);
      await this.#tree.removeFolder(place, found.name);
      this.#account.added(0, -1);
    });
  }

  async remove(path: EfsPath): Promise<void> {
    checkBelowRoot(path);
    await this.#inTurn(parentPath(path), async (place) => {
      const { name, size } = refuseDirectory(path, await this.#existing(place, path));
      await this.#tree.removeFile(place, name);
      this.#account.added(-size, -1);
    });
  }

  async rename(from: EfsPath, to: EfsPath): Promise<void> {
    checkMove(from, to);
    await this.#inTurn(parentPath(from), async (place) => {
      const { name } = await this.#existing(place, from);
      await this.#tree.within(parentPath(to), async (target) => {
        const other = await this.#tree.find(target, baseName(to));
        // On D: a rename may change the case of letters only.
        const itself =
          printPath(target.path) === printPath(place.path) && other?.name === name && name !== baseName(to);
        if (other !== undefined && !itself) taken(to);
        await this.#tree.rename(place, name, target, baseName(to));
      });
    });
  }

  async openReader(path: EfsPath): Promise<EfsReader> {
    checkBelowRoot(path);
    return this.#tree.within(parentPath(path), async (place) => {
      const { name } = refuseDirectory(path, await this.#existing(place, path));
      return new DirectoryReader(await place.folder.openFile(name));
    });
  }

  async openWriter(path: EfsPath, expectedSize = 0): Promise<EfsWriter> {
    checkBelowRoot(path);
    const draft = await this.#tree.within(parentPath(path), async (place) => {
      await this.#replaceable(place, path);
      return this.#tree.draftPlace(place);
    });
    if (!(await this.#hasRoom(() => this.#account.fits(expectedSize)))) {
      throw new EfsError("NO_SPACE", "the volume is full");
    }
    const file = await this.#inTurn(draft.directory, (place) => this.#tree.createDraft(place, draft.name));
    return new DirectoryWriter(file, {
      take: (bytes) => this.#hasRoom(() => this.#account.take(bytes)),
      giveBack: (bytes) => this.#account.giveBack(bytes),
      now: () => this.#clock.now(),
      keep: (size) =>
        this.#inTurn(parentPath(path), async (place) => {
          const old = await this.#replaceable(place, path);
          await this.#tree.publishDraft(draft, place, old?.name ?? baseName(path));
          this.#account.published(size, old?.size);
        }),
      drop: () => this.#inTurn(draft.directory, (place) => this.#tree.removeFile(place, draft.name)),
    });
  }

  async draftDirectory(parent: EfsPath): Promise<DirectoryDraft> {
    checkPath(parent);
    const draft = await this.#tree.within(parent, async (place) => this.#tree.draftPlace(place));
    const folder = await this.#inTurn(draft.directory, async (place) => {
      await this.#tree.makeFolder(place, draft.name);
      return place.folder.openFolder(draft.name);
    });
    return new FolderDraft(folder, {
      take: (bytes) => this.#hasRoom(() => this.#account.take(bytes)),
      giveBack: (bytes) => this.#account.giveBack(bytes),
      now: () => this.#clock.now(),
      publish: async (name, bytes, files) => {
        const path = pathIn(parent, name);
        await this.#inTurn(parent, async (place) => {
          if ((await this.#tree.find(place, name)) !== undefined) taken(path);
          await this.#tree.publishDraft(draft, place, name);
          this.#account.published(bytes, undefined);
          this.#account.added(0, files);
        });
      },
      remove: () => this.#inTurn(draft.directory, (place) => this.#tree.removeFolder(place, draft.name)),
    });
  }

  async space(): Promise<EfsSpace> {
    if (this.#account.entries <= EFS_LIMITS.remeasuredEntries) await this.#measure();
    return { total: this.#account.total, used: this.#account.used };
  }

  fill(): () => void {
    return this.#account.fill();
  }

  /** Asks the account; before it says no, measures the volume, because another program may have made room. */
  async #hasRoom(ask: () => boolean): Promise<boolean> {
    if (ask()) return true;
    await this.#measure();
    return ask();
  }

  /** Measures between two changes, so that no file is missed or counted twice. */
  async #measure(): Promise<void> {
    await this.#turns.run(async () => {
      const { bytes, entries } = await this.#tree.measure();
      this.#account.measured(bytes, entries);
    });
  }

  /** Changes names in a directory. */
  async #inTurn<T>(directory: EfsPath, work: (place: Place) => Promise<T>): Promise<T> {
    return this.#turns.run(() => this.#tree.within(directory, work));
  }

  async #existing(place: Place, path: EfsPath): Promise<DiskEntry> {
    const found = await this.#tree.find(place, baseName(path));
    return found === undefined || found.kind === "other" ? notFound(path) : found;
  }

  /** Returns the file of this name, if there is one; refuses what a file cannot replace. */
  async #replaceable(place: Place, path: EfsPath): Promise<DiskEntry | undefined> {
    const found = await this.#tree.find(place, baseName(path));
    if (found?.kind === "other") taken(path);
    return found && refuseDirectory(path, found);
  }
}

function refuseDirectory(path: EfsPath, found: DiskEntry): DiskEntry {
  if (found.kind === "directory") throw new EfsError("IS_DIRECTORY", `${printPath(path)} is a directory`);
  return found;
}

function notFound(path: EfsPath): never {
  throw new EfsError("NOT_FOUND", `there is no ${printPath(path)}`);
}

function taken(path: EfsPath): never {
  throw new EfsError("EXISTS", `${printPath(path)} exists already`);
}
