import { type Disk, type DiskEntry, DiskError, type DiskFolder } from "../platform/disk/disk.ts";
import { EfsError, fromDisk } from "./efs-error.ts";
import { baseName, childPath, type EfsPath, isEfsName, printPath, type VolumeName } from "./path.ts";
import { type EfsEntry, nameKey } from "./store.ts";

/** A directory that was found, held open, and its path as it is stored. */
export interface Place {
  readonly folder: DiskFolder;
  readonly path: EfsPath;
}

/**
 * A volume's files as the host's disk holds them. Each look walks from the root, directory by directory, each opened
 * inside the one above it, so that no path is ever handed to the host as a whole. Names that the EFS cannot hold, symbolic
 * links and devices are as if they were not there.
 */
export class DirectoryTree {
  readonly volume: VolumeName;
  readonly #disk: Disk;
  readonly #directory: string;

  /** The volume is the directory `C` or `D` of this host directory. */
  constructor(volume: VolumeName, disk: Disk, directory: string) {
    this.volume = volume;
    this.#disk = disk;
    this.#directory = directory;
  }

  get root(): EfsPath {
    return { volume: this.volume, segments: [] };
  }

  /** Makes the volume's directory if there is none. */
  async prepare(): Promise<void> {
    await this.#above(async (folder) => {
      if ((await folder.stat(this.volume)) === undefined) await folder.makeFolder(this.volume);
    });
  }

  /** Walks to a directory, and holds it open while `work` uses it. */
  async within<T>(directory: EfsPath, work: (place: Place) => Promise<T>): Promise<T> {
    return this.#above(async (above) => {
      let place: Place = { folder: await above.openFolder(this.volume), path: this.root };
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
  async find(folder: DiskFolder, name: string): Promise<DiskEntry | undefined> {
    const found = await folder.stat(name);
    if (found !== undefined || this.volume === "C") return found;
    const key = nameKey(this.volume, name);
    const other = (await folder.names()).filter((each) => nameKey(this.volume, each) === key).sort()[0];
    return other === undefined ? undefined : folder.stat(other);
  }

  async rootEntry(): Promise<EfsEntry> {
    return this.#above(async (above) => {
      const found = await above.stat(this.volume);
      if (found?.kind !== "directory") throw new EfsError("NOT_FOUND", "the volume's directory is gone");
      return { path: this.root, kind: "directory", size: 0, modified: found.modified };
    });
  }

  /** The entry as the EFS shows it; `undefined` for what it does not show. */
  entry(directory: EfsPath, found: DiskEntry | undefined): EfsEntry | undefined {
    if (found === undefined || found.kind === "other") return undefined;
    const path = childPath(directory, found.name);
    return path && { path, kind: found.kind, size: found.size, modified: found.modified };
  }

  async entries(place: Place): Promise<EfsEntry[]> {
    const entries: EfsEntry[] = [];
    for (const name of await place.folder.names()) {
      const entry = isEfsName(name) ? this.entry(place.path, await place.folder.stat(name)) : undefined;
      if (entry !== undefined) entries.push(entry);
    }
    return entries;
  }

  /** The bytes of all files. */
  async size(): Promise<number> {
    return this.within(this.root, (place) => this.#sizeBelow(place));
  }

  async #sizeBelow(place: Place): Promise<number> {
    let sum = 0;
    for (const { kind, path, size } of await this.entries(place)) {
      sum += size;
      if (kind === "directory") sum += await this.#sizeOfDirectory(place.folder, path);
    }
    return sum;
  }

  async #sizeOfDirectory(above: DiskFolder, path: EfsPath): Promise<number> {
    let folder: DiskFolder | undefined;
    try {
      folder = await above.openFolder(baseName(path));
      return await this.#sizeBelow({ folder, path });
    } catch (error) {
      // Someone has removed it since it was listed, or may not look into it.
      if (error instanceof DiskError) return 0;
      throw error;
    } finally {
      await folder?.close();
    }
  }

  async #enter({ folder, path }: Place, segment: string): Promise<Place> {
    const found = await this.find(folder, segment);
    if (found === undefined || found.kind === "other") throw new EfsError("NOT_FOUND", `there is no ${segment}`);
    if (found.kind === "file") throw new EfsError("NOT_DIRECTORY", `${segment} in ${printPath(path)} is a file`);
    const segments = [...path.segments, found.name];
    return { folder: await folder.openFolder(found.name), path: { volume: this.volume, segments } };
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
