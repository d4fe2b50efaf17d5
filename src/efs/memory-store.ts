import type { Clock } from "../platform/time/clock.ts";
import type { DirectoryDraft } from "./directory-draft.ts";
import { EfsError } from "./efs-error.ts";
import { EFS_LIMITS } from "./limits.ts";
import { MemoryDraft } from "./memory-draft.ts";
import { type MemoryFile, MemoryReader, MemoryWriter } from "./memory-file.ts";
import { baseName, childPath, type EfsPath, parentPath, printPath, type VolumeName } from "./path.ts";
import {
  byName,
  checkBelowRoot,
  checkMove,
  checkPath,
  type EfsEntry,
  type EfsReader,
  type EfsSpace,
  type EfsWriter,
  nameKey,
  pathIn,
  type Store,
} from "./store.ts";

interface MemoryDirectory {
  readonly kind: "directory";
  name: string;
  readonly modified: number;
  /** By the keys of their names. Absent until there is one: a module begins with ten directories, most of them empty. */
  children?: Map<string, MemoryFile | MemoryDirectory>;
}

type MemoryNode = MemoryFile | MemoryDirectory;

export interface MemoryStoreOptions {
  readonly volume: VolumeName;
  /** Bytes the volume holds. */
  readonly size: number;
  readonly clock: Clock;
}

/** What is in the volume. A reset puts a new one in its place; open files keep the one that they were opened in. */
interface Content {
  readonly root: MemoryDirectory;
  used: number;
  entries: number;
}

/** A volume that lives as long as the program. Between two awaits of a caller each operation happens as a whole. */
export class MemoryStore implements Store {
  readonly #volume: VolumeName;
  readonly #size: number;
  readonly #clock: Clock;
  #content: Content;

  constructor({ volume, size, clock }: MemoryStoreOptions) {
    this.#volume = volume;
    this.#size = size;
    this.#clock = clock;
    this.#content = this.#empty();
  }

  async powerOn(): Promise<void> {}

  async reset(): Promise<void> {
    this.#content = this.#empty();
  }

  async stat(path: EfsPath): Promise<EfsEntry> {
    checkPath(path);
    const names: string[] = [];
    let node: MemoryNode = this.#content.root;
    for (const segment of path.segments) {
      node = this.#childOf(this.#asDirectory(node, path), segment, path);
      names.push(node.name);
    }
    return this.#entry({ volume: this.#volume, segments: names }, node);
  }

  async list(path: EfsPath): Promise<readonly EfsEntry[]> {
    const { path: stored } = await this.stat(path);
    const entries: EfsEntry[] = [];
    for (const node of this.#directoryAt(stored).children?.values() ?? []) {
      const child = childPath(stored, node.name);
      if (child !== undefined) entries.push(this.#entry(child, node));
    }
    return entries.sort(byName);
  }

  async makeDirectory(path: EfsPath): Promise<void> {
    checkBelowRoot(path);
    const made = await this.makeMissing(parentPath(path), [baseName(path)]);
    if (made.length === 0) throw new EfsError("EXISTS", `${printPath(path)} exists already`);
  }

  async makeMissing(parent: EfsPath, names: readonly string[]): Promise<readonly EfsPath[]> {
    const paths = names.map((name) => pathIn(parent, name));
    const directory = this.#directoryAt(parent);
    return paths.filter((path) => {
      const name = baseName(path);
      if (this.#find(directory, name) !== undefined) return false;
      this.#countEntry(this.#content);
      this.#put(directory, { kind: "directory", name, modified: this.#clock.now() });
      return true;
    });
  }

  async removeDirectory(path: EfsPath): Promise<void> {
    checkBelowRoot(path);
    const parent = this.#directoryAt(parentPath(path));
    const directory = this.#asDirectory(this.#childOf(parent, baseName(path), path), path);
    if (directory.children !== undefined && directory.children.size > 0)
      throw new EfsError("NOT_EMPTY", `${printPath(path)} is not empty`);
    this.#take(parent, directory);
    this.#content.entries--;
  }

  async remove(path: EfsPath): Promise<void> {
    checkBelowRoot(path);
    const parent = this.#directoryAt(parentPath(path));
    const file = this.#asFile(this.#childOf(parent, baseName(path), path), path);
    this.#take(parent, file);
    this.#content.entries--;
    this.#content.used -= file.size;
  }

  async rename(from: EfsPath, to: EfsPath): Promise<void> {
    checkMove(from, to);
    const source = this.#directoryAt(parentPath(from));
    const node = this.#childOf(source, baseName(from), from);
    const target = this.#directoryAt(parentPath(to));
    const taken = this.#find(target, baseName(to));
    if (taken !== undefined && (taken !== node || node.name === baseName(to))) {
      throw new EfsError("EXISTS", `${printPath(to)} exists already`);
    }
    this.#take(source, node);
    node.name = baseName(to);
    this.#put(target, node);
  }

  async openReader(path: EfsPath): Promise<EfsReader> {
    checkBelowRoot(path);
    const parent = this.#directoryAt(parentPath(path));
    return new MemoryReader(this.#asFile(this.#childOf(parent, baseName(path), path), path));
  }

  async openWriter(path: EfsPath, expectedSize = 0): Promise<EfsWriter> {
    checkBelowRoot(path);
    const parent = this.#directoryAt(parentPath(path));
    const old = this.#find(parent, baseName(path));
    if (old !== undefined) this.#asFile(old, path);
    const content = this.#content;
    if (content.used + expectedSize > this.#size) throw new EfsError("NO_SPACE", "the volume is full");
    return this.#begin(content, (pieces, size) => {
      this.#checkCurrent(content);
      this.#keep(path, pieces, size);
    });
  }

  async draftDirectory(parent: EfsPath): Promise<DirectoryDraft> {
    this.#directoryAt(parent);
    const content = this.#content;
    this.#countEntry(content);
    return new MemoryDraft({
      key: (name) => nameKey(this.#volume, name),
      begin: (keep) => this.#begin(content, keep),
      now: () => this.#clock.now(),
      publish: (name, children) => {
        this.#checkCurrent(content);
        pathIn(parent, name);
        const directory = this.#directoryAt(parent);
        if (this.#find(directory, name) !== undefined) throw new EfsError("EXISTS", `${name} exists already`);
        this.#put(directory, { kind: "directory", name, modified: this.#clock.now(), children });
      },
      giveBack: (bytes, entries) => {
        content.used -= bytes;
        content.entries -= entries;
      },
    });
  }

  async space(): Promise<EfsSpace> {
    return { total: this.#size, used: this.#content.used };
  }

  fill(): () => void {
    const content = this.#content;
    let bytes = this.#size - content.used;
    content.used += bytes;
    return () => {
      content.used -= bytes;
      bytes = 0;
    };
  }

  #empty(): Content {
    const root: MemoryDirectory = { kind: "directory", name: "", modified: this.#clock.now() };
    return { root, used: 0, entries: 0 };
  }

  #begin(content: Content, keep: (pieces: readonly Uint8Array[], size: number) => void): MemoryWriter {
    this.#countEntry(content);
    return new MemoryWriter({
      take: (bytes) => {
        if (content.used + bytes > this.#size) return false;
        content.used += bytes;
        return true;
      },
      giveBack: (bytes) => {
        content.used -= bytes;
        content.entries--;
      },
      keep,
    });
  }

  #checkCurrent(content: Content): void {
    if (content !== this.#content) throw new EfsError("IO", "the volume was reset meanwhile");
  }

  #keep(path: EfsPath, pieces: readonly Uint8Array[], size: number): void {
    const parent = this.#directoryAt(parentPath(path));
    const old = this.#find(parent, baseName(path));
    if (old !== undefined) {
      this.#content.used -= this.#asFile(old, path).size;
      this.#content.entries--;
    }
    const name = old?.name ?? baseName(path);
    this.#put(parent, { kind: "file", name, modified: this.#clock.now(), size, pieces });
  }

  #countEntry(content: Content): void {
    if (content.entries >= EFS_LIMITS.memoryEntries) throw new EfsError("NO_SPACE", "the volume holds too many files");
    content.entries++;
  }

  #entry(path: EfsPath, node: MemoryNode): EfsEntry {
    return { path, kind: node.kind, size: node.kind === "file" ? node.size : 0, modified: node.modified };
  }

  #directoryAt(path: EfsPath): MemoryDirectory {
    let directory = this.#content.root;
    for (const segment of path.segments) directory = this.#asDirectory(this.#childOf(directory, segment, path), path);
    return directory;
  }

  /** `path` is what was asked for, on the way to which the node is. */
  #asDirectory(node: MemoryNode, path: EfsPath): MemoryDirectory {
    if (node.kind === "directory") return node;
    throw new EfsError("NOT_DIRECTORY", `${node.name} in ${printPath(path)} is a file`);
  }

  #asFile(node: MemoryNode, path: EfsPath): MemoryFile {
    if (node.kind === "file") return node;
    throw new EfsError("IS_DIRECTORY", `${printPath(path)} is a directory`);
  }

  #childOf(directory: MemoryDirectory, name: string, path: EfsPath): MemoryNode {
    const node = this.#find(directory, name);
    if (node === undefined) throw new EfsError("NOT_FOUND", `there is no ${printPath(path)}`);
    return node;
  }

  #find(directory: MemoryDirectory, name: string): MemoryNode | undefined {
    return directory.children?.get(nameKey(this.#volume, name));
  }

  #put(directory: MemoryDirectory, node: MemoryNode): void {
    directory.children ??= new Map();
    directory.children.set(nameKey(this.#volume, node.name), node);
  }

  #take(directory: MemoryDirectory, node: MemoryNode): void {
    directory.children?.delete(nameKey(this.#volume, node.name));
  }
}
