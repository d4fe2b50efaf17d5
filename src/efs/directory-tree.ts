import { type Disk, type DiskEntry, DiskError, type DiskFile, type DiskFolder } from "../platform/disk/disk.ts";
import { EfsError, fromDisk } from "./efs-error.ts";
import { EFS_LIMITS } from "./limits.ts";
import { moveAcross, removeAll } from "./move-across.ts";
import { NameIndex } from "./name-index.ts";
import { baseName, childPath, type EfsPath, isEfsName, printPath, type VolumeName } from "./path.ts";
import { type EfsEntry, nameKey } from "./store.ts";

/** A directory that was found, held open, and its path as it is stored. */
export interface Place {
  readonly folder: DiskFolder;
  readonly path: EfsPath;
}

/** A file or a directory that is unfinished, and the directory that it lies in. */
export interface DraftPlace {
  readonly directory: EfsPath;
  readonly name: string;
}

/** What a volume holds. */
export interface VolumeMeasure {
  readonly bytes: number;
  /** Files and directories. */
  readonly entries: number;
}

/**
 * A volume's files as the host's disk holds them. Each access walks from the root, directory by directory, each opened
 * inside the one above it, so that no path is handed to the host as a whole. Names that the EFS cannot hold, symbolic
 * links and devices are treated as absent.
 */
export class DirectoryTree {
  readonly volume: VolumeName;
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #index: NameIndex;
  /** The file system of the volume's root. */
  #device: number | undefined;

  /** The volume is the directory `C` or `D` of this host directory. */
  constructor(volume: VolumeName, disk: Disk, directory: string) {
    this.volume = volume;
    this.#disk = disk;
    this.#directory = directory;
    this.#index = new NameIndex(volume);
  }

  get root(): EfsPath {
    return { volume: this.volume, segments: [] };
  }

  /** Makes the volume's directory, and those above it, where they are missing. */
  async prepare(): Promise<void> {
    await fromDisk(this.#disk.makeFolder(this.#directory));
    await this.#above(async (folder) => {
      if ((await folder.stat(this.volume)) === undefined) await folder.makeFolder(this.volume);
      const root = await folder.openFolder(this.volume);
      this.#device = root.device;
      await root.close();
    });
  }

  /** Walks to a directory, and holds it open while `work` uses it. */
  async within<T>(directory: EfsPath, work: (place: Place) => Promise<T>): Promise<T> {
    return this.#above(async (above) => {
      let place: Place = { folder: await this.#openRoot(above), path: this.root };
      try {
        for (const segment of directory.segments) {
          const next = await this.#enter(place, segment);
          await place.folder.close();
          place = next;
        }
        return await work(place);
      } finally {
        await place.folder.close();
      }
    });
  }

  /** Looks up what bears this name: as it is written first, then, on D:, whatever the case of its letters. */
  async find(place: Place, name: string): Promise<DiskEntry | undefined> {
    const found = await place.folder.stat(name);
    if (found !== undefined || this.volume === "C") return found;
    const other = await this.#index.find(place, nameKey(this.volume, name));
    return other === undefined ? undefined : place.folder.stat(other);
  }

  async rootEntry(): Promise<EfsEntry> {
    return this.#above(async (above) => {
      const found = await above.stat(this.volume);
      if (found?.kind !== "directory") throw gone(this.volume);
      return { path: this.root, kind: "directory", size: 0, modified: found.modified };
    });
  }

  /** The entry as the EFS shows it; `undefined` for what it does not show. */
  entry(directory: EfsPath, found: DiskEntry | undefined): EfsEntry | undefined {
    if (found === undefined || found.kind === "other") return undefined;
    const path = childPath(directory, found.name);
    return path && { path, kind: found.kind, size: found.size, modified: found.modified };
  }

  async entries(place: Place, names?: readonly string[]): Promise<EfsEntry[]> {
    const shown = (names ?? (await place.folder.names())).filter(isEfsName);
    const entries: EfsEntry[] = [];
    for (let at = 0; at < shown.length; at += EFS_LIMITS.concurrentStats) {
      const batch = shown.slice(at, at + EFS_LIMITS.concurrentStats);
      for (const found of await Promise.all(batch.map((name) => place.folder.stat(name)))) {
        const entry = this.entry(place.path, found);
        if (entry !== undefined) entries.push(entry);
      }
    }
    return entries;
  }

  async makeFolder(place: Place, name: string): Promise<void> {
    await this.#index.change(place, { added: name }, () => place.folder.makeFolder(name));
  }

  async removeFolder(place: Place, name: string): Promise<void> {
    await this.#index.change(place, { removed: name }, () => place.folder.removeFolder(name));
  }

  async removeFile(place: Place, name: string): Promise<void> {
    await this.#index.change(place, { removed: name }, () => place.folder.removeFile(name));
  }

  async rename(from: Place, name: string, to: Place, newName: string): Promise<void> {
    await this.#index.change(from, { removed: name }, () =>
      this.#index.change(to, { added: newName }, async () => {
        try {
          await from.folder.rename(name, to.folder, newName);
        } catch (error) {
          if (!(error instanceof DiskError && error.code === "OTHER_DEVICE")) throw error;
          await moveAcross(from.folder, name, to.folder, newName, this.#disk.draftName());
        }
      }),
    );
  }

  /**
   * Where a draft for a directory belongs: hidden in the root of the volume, or, where another file system is
   * mounted in between, hidden in that directory, because a rename works only inside one file system.
   */
  draftPlace(target: Place): DraftPlace {
    return {
      directory: target.folder.device === this.#device ? this.root : target.path,
      name: this.#disk.draftName(),
    };
  }

  async createDraft(place: Place, name: string): Promise<DiskFile> {
    return this.#index.change(place, { added: name }, () => place.folder.createFile(name));
  }

  /** Gives a draft its name in a directory, replacing a file of that name. */
  async publishDraft({ directory, name }: DraftPlace, target: Place, newName: string): Promise<void> {
    await this.within(directory, (from) => this.rename(from, name, target, newName));
    await target.folder.sync();
  }

  /**
   * Adds up all files, and removes the drafts of processes that no longer run. A directory that this process may not read
   * counts nothing, because the module can read nothing in it either; every other failure fails the measurement.
   */
  async measure(): Promise<VolumeMeasure> {
    const sum = { bytes: 0, entries: 0 };
    for (const waiting = [this.root]; ; ) {
      const directory = waiting.pop();
      if (directory === undefined) return sum;
      const measuring = this.within(directory, (place) => this.#measureBelow(place, sum, waiting, 1));
      await (directory.segments.length === 0 ? measuring : measuring.catch(unlessUnreadable));
    }
  }

  /** Measures a directory and those below it; what lies too deep to hold it all open is left in `waiting`. */
  async #measureBelow(
    place: Place,
    sum: { bytes: number; entries: number },
    waiting: EfsPath[],
    depth: number,
  ): Promise<void> {
    const names = await place.folder.names();
    for (const name of names) if (this.#disk.isAbandonedDraft(name)) await removeAll(place.folder, name);
    for (const { kind, path, size } of await this.entries(place, names)) {
      sum.bytes += size;
      sum.entries++;
      if (kind === "file") continue;
      if (depth >= EFS_LIMITS.openDirectories) waiting.push(path);
      else await this.#inside(place, path, (below) => this.#measureBelow(below, sum, waiting, depth + 1));
    }
  }

  async #inside(above: Place, path: EfsPath, work: (place: Place) => Promise<void>): Promise<void> {
    try {
      const folder = await above.folder.openFolder(baseName(path));
      await work({ folder, path }).finally(() => folder.close());
    } catch (error) {
      unlessUnreadable(error);
    }
  }

  async #enter(place: Place, segment: string): Promise<Place> {
    const found = await this.find(place, segment);
    if (found === undefined || found.kind === "other") {
      const missing = { volume: this.volume, segments: [...place.path.segments, segment] };
      throw new EfsError("NOT_FOUND", `there is no ${printPath(missing)}`);
    }
    if (found.kind === "file") throw new EfsError("NOT_DIRECTORY", `${segment} in ${printPath(place.path)} is a file`);
    const segments = [...place.path.segments, found.name];
    return { folder: await place.folder.openFolder(found.name), path: { volume: this.volume, segments } };
  }

  async #openRoot(above: DiskFolder): Promise<DiskFolder> {
    if ((await above.stat(this.volume)) === undefined) throw gone(this.volume);
    return above.openFolder(this.volume);
  }

  async #above<T>(work: (folder: DiskFolder) => Promise<T>): Promise<T> {
    const folder = await fromDisk(this.#disk.openFolder(this.#directory));
    try {
      return await fromDisk(work(folder));
    } finally {
      await folder.close();
    }
  }
}

function gone(volume: VolumeName): EfsError {
  return new EfsError(
    "NOT_FOUND",
    `the directory of ${volume}: was deleted; the module makes it anew when it restarts`,
  );
}

/** Passes over a directory that someone has removed since it was listed, or that this process may not read. */
function unlessUnreadable(error: unknown): void {
  const passable = ["NOT_FOUND", "NOT_DIRECTORY", "DENIED"];
  if (!((error instanceof DiskError || error instanceof EfsError) && passable.includes(error.code))) throw error;
}
