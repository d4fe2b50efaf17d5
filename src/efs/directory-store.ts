import type { Disk, DiskEntry, DiskFolder } from "../platform/disk/disk.ts";
import type { Clock } from "../platform/time/clock.ts";
import { type DirectoryDraft, FolderDraft } from "./directory-draft.ts";
import { DirectoryReader, DirectoryWriter } from "./directory-file.ts";
import { DirectoryTree, type Place } from "./directory-tree.ts";
import { EfsError } from "./efs-error.ts";
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
  type Store,
} from "./store.ts";

/** What is being written bears a name that no file of the EFS can have, so that no listing shows it. */
const DRAFT_PREFIX = ".;vmodem-";

export interface DirectoryStoreOptions {
  readonly volume: VolumeName;
  /** Bytes the volume holds. What a person puts into the directory counts, but is not kept out. */
  readonly size: number;
  readonly clock: Clock;
  readonly disk: Disk;
  /** The host directory in which the volume is the directory `C` or `D`. It serves one modem at a time. */
  readonly directory: string;
}

/**
 * A volume that is a directory of the host. What a person puts there is on the volume, and the reverse. C: is as
 * case-sensitive as the host's disk is.
 */
export class DirectoryStore implements Store {
  readonly #tree: DirectoryTree;
  readonly #total: number;
  readonly #clock: Clock;
  /** Ends with the last operation that changes names: they look first and act then, so they take turns. */
  #turn: Promise<unknown> = Promise.resolve();
  #drafts = 0;
  /** Bytes in drafts. */
  #drafted = 0;
  /** Bytes in files when last measured; `undefined` when we have changed something since. */
  #measured: number | undefined;

  private constructor(options: DirectoryStoreOptions) {
    this.#tree = new DirectoryTree(options.volume, options.disk, options.directory);
    this.#total = options.size;
    this.#clock = options.clock;
  }

  /** Opens the volume, makes its directory if there is none, and removes what a crash has left half written. */
  static async open(options: DirectoryStoreOptions): Promise<DirectoryStore> {
    const store = new DirectoryStore(options);
    await store.#tree.prepare();
    await store.#tree.within(store.#tree.root, async ({ folder }) => {
      for (const name of await folder.names()) {
        if (name.startsWith(DRAFT_PREFIX)) await removeDraft(folder, name);
      }
    });
    return store;
  }

  async stat(path: EfsPath): Promise<EfsEntry> {
    checkPath(path);
    if (path.segments.length === 0) return this.#tree.rootEntry();
    return this.#tree.within(parentPath(path), async (place) => {
      const found = await this.#tree.find(place.folder, baseName(path));
      return this.#tree.entry(place.path, found) ?? notFound(path);
    });
  }

  async list(path: EfsPath): Promise<readonly EfsEntry[]> {
    checkPath(path);
    return this.#tree.within(path, async (place) => (await this.#tree.entries(place)).sort(byName));
  }

  async makeDirectory(path: EfsPath): Promise<void> {
    checkBelowRoot(path);
    await this.#change(parentPath(path), async ({ folder }) => {
      if ((await this.#tree.find(folder, baseName(path))) !== undefined) taken(path);
      await folder.makeFolder(baseName(path));
    });
  }

  async removeDirectory(path: EfsPath): Promise<void> {
    checkBelowRoot(path);
    await this.#change(parentPath(path), async ({ folder }) => {
      const found = await this.#existing(folder, path);
      if (found.kind === "file") throw new EfsError("NOT_DIRECTORY", `${printPath(path)} is a file`);
      await folder.removeFolder(found.name);
    });
  }

  async remove(path: EfsPath): Promise<void> {
    checkBelowRoot(path);
    await this.#change(parentPath(path), async ({ folder }) => {
      const { name } = refuseDirectory(path, await this.#existing(folder, path));
      await folder.removeFile(name);
    });
  }

  async rename(from: EfsPath, to: EfsPath): Promise<void> {
    checkMove(from, to);
    await this.#change(parentPath(from), async ({ folder, path }) => {
      const { name } = await this.#existing(folder, from);
      await this.#tree.within(parentPath(to), async (target) => {
        const other = await this.#tree.find(target.folder, baseName(to));
        // On D: a name may be written anew in other letters of the same.
        const itself = printPath(target.path) === printPath(path) && other?.name === name && name !== baseName(to);
        if (other !== undefined && !itself) taken(to);
        await folder.rename(name, target.folder, baseName(to));
      });
    });
  }

  async openReader(path: EfsPath): Promise<EfsReader> {
    checkBelowRoot(path);
    return this.#tree.within(parentPath(path), async ({ folder }) => {
      const { name } = refuseDirectory(path, await this.#existing(folder, path));
      return new DirectoryReader(await folder.openFile(name));
    });
  }

  async openWriter(path: EfsPath, expectedSize = 0): Promise<EfsWriter> {
    checkBelowRoot(path);
    await this.#tree.within(parentPath(path), ({ folder }) => this.#replaceable(folder, path));
    if (this.#drafted + (await this.#measure()) + expectedSize > this.#total) {
      throw new EfsError("NO_SPACE", "the volume is full");
    }
    const name = `${DRAFT_PREFIX}${++this.#drafts}`;
    const inRoot = <T>(work: (place: Place) => Promise<T>) => this.#tree.within(this.#tree.root, work);
    const file = await inRoot(({ folder }) => folder.createFile(name));
    return new DirectoryWriter(file, {
      // When it seems full a person may have made room meanwhile.
      take: async (bytes) => this.#take(bytes, this.#measured) || this.#take(bytes, await this.#measure()),
      giveBack: (bytes) => {
        this.#drafted -= bytes;
      },
      now: () => this.#clock.now(),
      keep: () =>
        this.#change(parentPath(path), async ({ folder }) => {
          const old = await this.#replaceable(folder, path);
          await inRoot((root) => root.folder.rename(name, folder, old?.name ?? baseName(path)));
          await folder.sync();
        }),
      drop: () => inRoot(({ folder }) => folder.removeFile(name)),
    });
  }

  async draftDirectory(parent: EfsPath): Promise<DirectoryDraft> {
    checkPath(parent);
    await this.#tree.within(parent, async () => undefined);
    const hidden = `${DRAFT_PREFIX}${++this.#drafts}`;
    const inRoot = <T>(work: (place: Place) => Promise<T>) => this.#tree.within(this.#tree.root, work);
    const folder = await inRoot(async (root) => {
      await root.folder.makeFolder(hidden);
      return root.folder.openFolder(hidden);
    });
    return new FolderDraft(folder, {
      take: async (bytes) => this.#take(bytes, this.#measured) || this.#take(bytes, await this.#measure()),
      giveBack: (bytes) => {
        this.#drafted -= bytes;
      },
      now: () => this.#clock.now(),
      publish: async (name, bytes) => {
        const path: EfsPath = { ...parent, segments: [...parent.segments, name] };
        checkBelowRoot(path);
        await this.#change(parent, async (place) => {
          if ((await this.#tree.find(place.folder, name)) !== undefined) taken(path);
          await inRoot((root) => root.folder.rename(hidden, place.folder, name));
          await place.folder.sync();
        });
        this.#drafted -= bytes;
      },
      remove: () => inRoot((root) => root.folder.removeFolder(hidden)),
    });
  }

  async space(): Promise<EfsSpace> {
    const used = (await this.#measure()) + this.#drafted;
    return { total: this.#total, used: Math.min(used, this.#total) };
  }

  /** Takes what is there, without an await between the look and the taking: two writers never take the same. */
  #take(bytes: number, measured: number | undefined): boolean {
    if (measured === undefined || measured + this.#drafted + bytes > this.#total) return false;
    this.#drafted += bytes;
    return true;
  }

  /** Measures between two changes, so that no file is missed or counted twice. */
  async #measure(): Promise<number> {
    return this.#inTurn(async () => {
      this.#measured = await this.#tree.size();
      return this.#measured;
    });
  }

  /** Does what changes names in a directory. */
  async #change(directory: EfsPath, work: (place: Place) => Promise<void>): Promise<void> {
    await this.#inTurn(async () => {
      try {
        await this.#tree.within(directory, work);
      } finally {
        this.#measured = undefined;
      }
    });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #existing(folder: DiskFolder, path: EfsPath): Promise<DiskEntry> {
    const found = await this.#tree.find(folder, baseName(path));
    return found === undefined || found.kind === "other" ? notFound(path) : found;
  }

  /** Gives the file of this name, if there is one; refuses what a file cannot replace. */
  async #replaceable(folder: DiskFolder, path: EfsPath): Promise<DiskEntry | undefined> {
    const found = await this.#tree.find(folder, baseName(path));
    if (found?.kind === "other") taken(path);
    return found && refuseDirectory(path, found);
  }
}

/** Removes a file that was being written, or a directory of such files. */
async function removeDraft(folder: DiskFolder, name: string): Promise<void> {
  if ((await folder.stat(name))?.kind !== "directory") return folder.removeFile(name);
  const draft = await folder.openFolder(name);
  try {
    for (const file of await draft.names()) await draft.removeFile(file);
  } finally {
    await draft.close();
  }
  await folder.removeFolder(name);
}

function refuseDirectory(path: EfsPath, found: DiskEntry): DiskEntry {
  if (found.kind === "directory") throw new EfsError("IS_DIRECTORY", `${printPath(path)} is a directory`);
  return found;
}

function notFound(path: EfsPath): never {
  throw new EfsError("NOT_FOUND", `there is no ${printPath(path)}`);
}

function taken(path: EfsPath): never {
  throw new EfsError("EXISTS", `${printPath(path)} is there already`);
}
