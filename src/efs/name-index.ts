import type { DiskFolder } from "../platform/disk/disk.ts";
import { EFS_LIMITS } from "./limits.ts";
import { type EfsPath, printPath, type VolumeName } from "./path.ts";
import { nameKey } from "./store.ts";

interface IndexedDirectory {
  stamp: string;
  /** The names that are there, by what {@link nameKey} makes of them. */
  readonly names: Map<string, Set<string>>;
  count: number;
}

type Place = { readonly folder: DiskFolder; readonly path: EfsPath };

/**
 * Finds the names of directories whatever the case of their letters, without reading a whole directory for each. What was
 * read stays valid until the stamp of the directory shows that another program has changed it; changes of our own are
 * noted here.
 */
export class NameIndex {
  readonly #volume: VolumeName;
  /** By path; the one that was used last comes last. */
  readonly #directories = new Map<string, IndexedDirectory>();

  constructor(volume: VolumeName) {
    this.#volume = volume;
  }

  /** The first name with this key, in the order of code units. */
  async find(place: Place, key: string): Promise<string | undefined> {
    const known = (await this.#valid(place)) ?? (await this.#read(place));
    return [...(known.names.get(key) ?? [])].sort()[0];
  }

  /** Makes a change in a directory, and notes it if the directory is indexed. */
  async change<T>(
    place: Place,
    names: { readonly removed?: string; readonly added?: string },
    work: () => Promise<T>,
  ): Promise<T> {
    const known = await this.#valid(place);
    const result = await work();
    if (known === undefined) return result;
    if (names.removed !== undefined) this.#forget(known, names.removed);
    if (names.added !== undefined) this.#note(known, names.added);
    known.stamp = (await place.folder.stamp()).text;
    return result;
  }

  async #valid(place: Place): Promise<IndexedDirectory | undefined> {
    if (this.#volume === "C") return undefined;
    const id = printPath(place.path);
    const known = this.#directories.get(id);
    if (known === undefined) return undefined;
    this.#directories.delete(id);
    if (known.stamp !== (await place.folder.stamp()).text) return undefined;
    this.#directories.set(id, known);
    return known;
  }

  async #read(place: Place): Promise<IndexedDirectory> {
    const { text, settled } = await place.folder.stamp();
    const read: IndexedDirectory = { stamp: text, names: new Map(), count: 0 };
    for (const name of await place.folder.names()) this.#note(read, name);
    // In a directory that changes right now, a second change might leave the stamp as it is.
    if (settled) this.#directories.set(printPath(place.path), read);
    this.#bound();
    return read;
  }

  #bound(): void {
    let total = 0;
    for (const [id, { count }] of [...this.#directories].reverse()) {
      total += count;
      if (total > EFS_LIMITS.indexedNames) this.#directories.delete(id);
    }
  }

  #note(directory: IndexedDirectory, name: string): void {
    const key = nameKey(this.#volume, name);
    const same = directory.names.get(key) ?? new Set();
    if (!same.has(name)) directory.count++;
    directory.names.set(key, same.add(name));
  }

  #forget(directory: IndexedDirectory, name: string): void {
    const key = nameKey(this.#volume, name);
    const same = directory.names.get(key);
    if (same?.delete(name)) directory.count--;
    if (same?.size === 0) directory.names.delete(key);
  }
}
