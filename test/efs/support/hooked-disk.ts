import {
  type Disk,
  type DiskAccess,
  type DiskEntry,
  DiskError,
  type DiskFile,
  type DiskFolder,
  type DiskLock,
} from "../../../src/platform/disk/disk.ts";

/** What a test does to a disk behind the back of its user. */
export interface DiskHooks {
  /** Called before a directory of this name is opened. */
  readonly beforeOpen?: (name: string) => Promise<void>;
  /** Called before each use of an open directory of this name. */
  readonly beforeUse?: (name: string) => Promise<void>;
  /** What created files do instead of what they did. */
  readonly created?: Partial<DiskFile>;
  /** The file system that a directory of this name seems to lie in; renames from one to another fail, as they do there. */
  readonly deviceOf?: (name: string) => number | undefined;
  /** Told each operation on a directory. */
  readonly operation?: (name: string) => void;
}

export class HookedDisk implements Disk {
  readonly #disk: Disk;
  readonly #hooks: DiskHooks;

  constructor(disk: Disk, hooks: DiskHooks) {
    this.#disk = disk;
    this.#hooks = hooks;
  }

  async openFolder(path: string): Promise<DiskFolder> {
    const folder = await this.#disk.openFolder(path);
    return new HookedFolder(folder, path, folder.device, this.#hooks);
  }

  makeFolder(path: string, access?: DiskAccess): Promise<void> {
    return this.#disk.makeFolder(path, access);
  }

  lock(path: string): Promise<DiskLock> {
    return this.#disk.lock(path);
  }

  draftName(): string {
    return this.#disk.draftName();
  }

  isAbandonedDraft(name: string): boolean {
    return this.#disk.isAbandonedDraft(name);
  }

  readFile(path: string, limit: number): Promise<Buffer | undefined> {
    return this.#disk.readFile(path, limit);
  }

  replaceFile(path: string, bytes: Uint8Array): Promise<void> {
    return this.#disk.replaceFile(path, bytes);
  }
}

class HookedFolder implements DiskFolder {
  readonly #folder: DiskFolder;
  readonly #name: string;
  readonly #hooks: DiskHooks;
  readonly device: number;

  constructor(folder: DiskFolder, name: string, device: number, hooks: DiskHooks) {
    this.#folder = folder;
    this.device = device;
    this.#name = name;
    this.#hooks = hooks;
  }

  async openFolder(name: string): Promise<DiskFolder> {
    await this.#hooks.beforeOpen?.(name);
    const folder = await (await this.#used()).openFolder(name);
    return new HookedFolder(folder, name, this.#hooks.deviceOf?.(name) ?? this.device, this.#hooks);
  }

  async names(): Promise<readonly string[]> {
    return (await this.#used()).names();
  }

  async stat(name: string): Promise<DiskEntry | undefined> {
    return (await this.#used()).stat(name);
  }

  async stamp(): Promise<{ readonly text: string; readonly settled: boolean }> {
    return (await this.#used()).stamp();
  }

  async makeFolder(name: string): Promise<void> {
    return (await this.#used()).makeFolder(name);
  }

  async removeFolder(name: string): Promise<void> {
    return (await this.#used()).removeFolder(name);
  }

  async removeFile(name: string): Promise<void> {
    return (await this.#used()).removeFile(name);
  }

  async rename(name: string, to: DiskFolder, newName: string): Promise<void> {
    const target = await (to as HookedFolder).#used();
    if (to.device !== this.device) throw new DiskError("OTHER_DEVICE", "two file systems");
    return (await this.#used()).rename(name, target, newName);
  }

  async openFile(name: string): Promise<DiskFile> {
    return (await this.#used()).openFile(name);
  }

  async createFile(name: string, access?: DiskAccess): Promise<DiskFile> {
    const file = await (await this.#used()).createFile(name, access);
    const whole: DiskFile = {
      size: file.size,
      read: (into, position) => file.read(into, position),
      write: (bytes, position) => file.write(bytes, position),
      setModified: (ms) => file.setModified(ms),
      sync: () => file.sync(),
      close: () => file.close(),
    };
    return { ...whole, ...this.#hooks.created };
  }

  sync(): Promise<void> {
    return this.#folder.sync();
  }

  close(): Promise<void> {
    return this.#folder.close();
  }

  async #used(): Promise<DiskFolder> {
    this.#hooks.operation?.(this.#name);
    await this.#hooks.beforeUse?.(this.#name);
    return this.#folder;
  }
}
