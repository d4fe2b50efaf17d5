import type { Clock } from "../../platform/time/clock.ts";
import { SANDBOX_LIMITS } from "../limits.ts";
import { type FtpEntry, FtpFileError, type FtpFileWriter, type FtpPath, type FtpRoot, resolveFtpPath } from "./root.ts";

interface MemoryFile {
  readonly kind: "file";
  /** Has room to grow; only the first `size` bytes count, and those are never written again. */
  bytes: Buffer;
  size: number;
  modified: number;
  /** Taken out of the tree while someone writes it. */
  removed: boolean;
}

interface MemoryDirectory {
  readonly kind: "directory";
  readonly entries: Map<string, MemoryNode>;
  modified: number;
}

type MemoryNode = MemoryFile | MemoryDirectory;

/** Files and directories in memory, up to a number of bytes in all. */
export class FtpMemoryRoot implements FtpRoot {
  readonly #clock: Clock;
  readonly #capacity: number;
  readonly #root: MemoryDirectory;
  #used = 0;
  #entries = 0;

  constructor(clock: Clock, capacity = SANDBOX_LIMITS.ftp.tree) {
    this.#clock = clock;
    this.#capacity = capacity;
    this.#root = { kind: "directory", entries: new Map(), modified: clock.now() };
  }

  /** Puts a file there, with the directories above it; `path` is a byte string. */
  writeFile(path: string, content: Uint8Array): void {
    const names = resolveFtpPath([], path);
    this.#makeAll(names.slice(0, -1));
    const file = this.#fileToWrite(names, 0);
    this.#append(file, content);
  }

  /** Makes a directory, with those above it, unless it is there; `path` is a byte string. */
  makeDirectories(path: string): void {
    this.#makeAll(resolveFtpPath([], path));
  }

  /** The content of a file; `undefined` when there is none. `path` is a byte string. */
  readFile(path: string): Buffer | undefined {
    const node = this.#find(resolveFtpPath([], path));
    return node?.kind === "file" ? node.bytes.subarray(0, node.size) : undefined;
  }

  /** Removes everything. Uploads that are under way fail. */
  clear(): void {
    markRemoved(this.#root);
    this.#root.entries.clear();
    this.#root.modified = this.#clock.now();
    this.#used = 0;
    this.#entries = 0;
  }

  async stat(path: FtpPath): Promise<FtpEntry | undefined> {
    const node = this.#find(path);
    return node === undefined ? undefined : entryOf(path.at(-1) ?? "/", node);
  }

  async list(path: FtpPath): Promise<readonly FtpEntry[]> {
    return [...this.#directory(path).entries]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, node]) => entryOf(name, node));
  }

  async *read(path: FtpPath, offset: number): AsyncIterable<Uint8Array> {
    const file = this.#file(path);
    const content = file.bytes.subarray(0, file.size);
    for (let at = offset; at < content.length; at += SANDBOX_LIMITS.piece)
      yield content.subarray(at, at + SANDBOX_LIMITS.piece);
  }

  async write(path: FtpPath, offset: number | "end"): Promise<FtpFileWriter> {
    const file = this.#fileToWrite(path, offset);
    return { write: async (bytes) => this.#append(file, bytes), close: async () => undefined };
  }

  async makeDirectory(path: FtpPath): Promise<void> {
    this.#make(path);
  }

  async removeDirectory(path: FtpPath): Promise<void> {
    if (path.length === 0) throw new FtpFileError(550, "the root stays");
    if (this.#directory(path).entries.size > 0) throw new FtpFileError(550, "Directory not empty");
    this.#detach(path);
    this.#entries--;
  }

  async remove(path: FtpPath): Promise<void> {
    const file = this.#file(path);
    this.#used -= file.size;
    file.removed = true;
    this.#detach(path);
    this.#entries--;
  }

  async rename(from: FtpPath, to: FtpPath): Promise<void> {
    const node = this.#find(from);
    if (node === undefined || from.length === 0) throw notFound();
    const target = this.#find(to);
    if (target === node) return;
    if (target?.kind === "directory") throw new FtpFileError(550, "Is a directory");
    if (from.every((name, depth) => name === to[depth]))
      throw new FtpFileError(550, "A directory cannot move into itself");
    const [parent, name] = this.#parent(to);
    if (target !== undefined) await this.remove(to);
    this.#detach(from);
    parent.entries.set(name, node);
    parent.modified = this.#clock.now();
  }

  #find(path: FtpPath): MemoryNode | undefined {
    let node: MemoryNode | undefined = this.#root;
    for (const name of path) {
      if (node?.kind !== "directory") return undefined;
      node = node.entries.get(name);
    }
    return node;
  }

  #file(path: FtpPath): MemoryFile {
    const node = this.#find(path);
    if (node === undefined) throw notFound();
    if (node.kind !== "file") throw new FtpFileError(550, "Not a plain file");
    return node;
  }

  #directory(path: FtpPath): MemoryDirectory {
    const node = this.#find(path);
    if (node === undefined) throw notFound();
    if (node.kind !== "directory") throw new FtpFileError(550, "Not a directory");
    return node;
  }

  #parent(path: FtpPath): readonly [MemoryDirectory, string] {
    const name = path.at(-1);
    if (name === undefined) throw new FtpFileError(550, "Is a directory");
    return [this.#directory(path.slice(0, -1)), name];
  }

  #makeAll(path: FtpPath): void {
    for (let depth = 1; depth <= path.length; depth++) {
      const directory = path.slice(0, depth);
      if (this.#find(directory) === undefined) this.#make(directory);
    }
    this.#directory(path);
  }

  #make(path: FtpPath): void {
    const [parent, name] = this.#parent(path);
    if (parent.entries.has(name)) throw new FtpFileError(550, "File exists");
    this.#attach(parent, name, { kind: "directory", entries: new Map(), modified: this.#clock.now() });
  }

  #fileToWrite(path: FtpPath, offset: number | "end"): MemoryFile {
    const [parent, name] = this.#parent(path);
    let node = parent.entries.get(name);
    if (node === undefined) {
      node = { kind: "file", bytes: Buffer.alloc(0), size: 0, modified: this.#clock.now(), removed: false };
      this.#attach(parent, name, node);
    }
    if (node.kind !== "file") throw new FtpFileError(550, "Not a plain file");
    const start = offset === "end" ? node.size : offset;
    if (start > node.size) throw new FtpFileError(550, "The file ends before this offset");
    if (start < node.size) {
      this.#used -= node.size - start;
      // A copy: the old bytes may still be on their way to someone who retrieves them.
      node.bytes = Buffer.from(node.bytes.subarray(0, start));
      node.size = start;
    }
    node.modified = this.#clock.now();
    return node;
  }

  #append(file: MemoryFile, bytes: Uint8Array): void {
    if (file.removed) throw new FtpFileError(550, "The file was removed");
    const size = file.size + bytes.length;
    if (this.#used + bytes.length > this.#capacity) throw new FtpFileError(552, "No space left");
    if (size > file.bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(size, file.bytes.length * 2));
      file.bytes.copy(grown, 0, 0, file.size);
      file.bytes = grown;
    }
    file.bytes.set(bytes, file.size);
    file.size = size;
    file.modified = this.#clock.now();
    this.#used += bytes.length;
  }

  #attach(parent: MemoryDirectory, name: string, node: MemoryNode): void {
    if (this.#entries >= SANDBOX_LIMITS.ftp.entries) throw new FtpFileError(552, "Too many files");
    this.#entries++;
    parent.entries.set(name, node);
    parent.modified = this.#clock.now();
  }

  #detach(path: FtpPath): void {
    const [parent, name] = this.#parent(path);
    parent.entries.delete(name);
    parent.modified = this.#clock.now();
  }
}

function entryOf(name: string, node: MemoryNode): FtpEntry {
  return { name, kind: node.kind, size: node.kind === "file" ? node.size : 0, modified: node.modified };
}

function markRemoved(directory: MemoryDirectory): void {
  for (const node of directory.entries.values()) {
    if (node.kind === "file") node.removed = true;
    else markRemoved(node);
  }
}

function notFound(): FtpFileError {
  return new FtpFileError(550, "No such file or directory");
}
