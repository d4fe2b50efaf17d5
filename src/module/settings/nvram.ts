import { type Disk, DiskError, type DiskLock } from "../../platform/disk/disk.ts";
import { InTurn } from "../../platform/in-turn.ts";
import { type Log, silentLog } from "../../platform/log.ts";
import { MODULE_LIMITS } from "../limits.ts";

/** Where NVRAM is kept across runs. */
export interface NvramBacking {
  readonly disk: Disk;
  /** A directory of the host, for one modem at a time; made, for its owner only, if it is missing. */
  readonly directory: string;
}

/** NVRAM cannot be opened, or a change cannot be stored. The message is a phrase for the user. */
export class NvramError extends Error {
  override readonly name = "NvramError";
}

/** Shared: a thousand modems have kept nothing yet. */
const NOTHING: ReadonlyMap<string, unknown> = new Map<string, unknown>();

const FILE = "nvram.json";
const LOCK = ".vmodem-state.lock";

/**
 * What the module keeps without power, section by section: each owner stores a value of its own and checks what it loads.
 * With a backing it is one file that is replaced in one step, so that a crash leaves the old content or the new. Content
 * that is corrupt costs a warning; factory values hold then.
 */
export class Nvram {
  readonly #log: Log;
  readonly #backing: NvramBacking | undefined;
  readonly #lock: DiskLock | undefined;
  /** What is on the disk. */
  #sections: ReadonlyMap<string, unknown>;
  /** What is to be written next, and the write that will do it. */
  #pending = NOTHING;
  #next: Promise<void> | undefined;
  readonly #writes = new InTurn();

  private constructor(log: Log, sections: ReadonlyMap<string, unknown>, backing?: NvramBacking, lock?: DiskLock) {
    this.#log = log;
    this.#sections = sections;
    this.#backing = backing;
    this.#lock = lock;
  }

  /** Forgets everything when the program ends. */
  static inMemory(sections: Readonly<Record<string, unknown>> = {}): Nvram {
    return new Nvram(silentLog, new Map(Object.entries(sections)));
  }

  /** Rejects with an {@link NvramError} where the directory cannot be read and written, or serves another modem. */
  static async open(backing: NvramBacking, log: Log): Promise<Nvram> {
    const { disk, directory } = backing;
    let lock: DiskLock | undefined;
    try {
      await disk.makeFolder(directory, "private");
      lock = await disk.lock(`${directory}/${LOCK}`);
      await prepare(backing);
      return new Nvram(log, await readSections(log, backing), backing, lock);
    } catch (error) {
      lock?.release();
      throw error instanceof DiskError ? new NvramError(error.message, { cause: error }) : error;
    }
  }

  /** Whether changes go to a disk, and so take time and may fail. */
  get persistent(): boolean {
    return this.#backing !== undefined;
  }

  /** The section as `parse` accepts it; `undefined` when there is none, or a corrupt one, which is dropped. */
  load<T>(name: string, parse: (value: unknown) => T | undefined): T | undefined {
    const value = this.#sections.get(name);
    if (value === undefined) return undefined;
    const parsed = parse(value);
    if (parsed === undefined) {
      this.#log.warn({ event: "nvram-section-corrupt", section: name });
      this.#sections = new Map([...this.#sections].filter(([other]) => other !== name));
    }
    return parsed;
  }

  /**
   * Stores a section, which is JSON. Resolves when it would survive a power cut; rejects with an {@link NvramError} when
   * the disk refuses it, and the old one stays. Changes that come while one is written share the next write.
   */
  store(name: string, value: unknown): Promise<void> {
    if (this.#backing === undefined) {
      this.#sections = new Map(this.#sections).set(name, value);
      return Promise.resolve();
    }
    if (!this.#pending.has(name) && isSame(this.#sections.get(name), value)) return this.settle();
    this.#pending = new Map(this.#pending).set(name, value);
    const backing = this.#backing;
    this.#next ??= this.#writes.run(() => this.#write(backing));
    return this.#next;
  }

  /** Resolves when nothing is being written. */
  async settle(): Promise<void> {
    await this.#writes.settled;
  }

  /** Waits for what is being written, then lets another modem use the directory. */
  async close(): Promise<void> {
    await this.settle();
    this.#lock?.release();
  }

  async #write({ disk, directory }: NvramBacking): Promise<void> {
    const sections = new Map([...this.#sections, ...this.#pending]);
    this.#pending = NOTHING;
    this.#next = undefined;
    const text = `${JSON.stringify(Object.fromEntries(sections), undefined, 2)}\n`;
    try {
      await disk.replaceFile(pathIn(directory), Buffer.from(text));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#log.warn({ event: "nvram-not-written", directory, error: reason });
      throw new NvramError(reason, { cause: error });
    }
    this.#sections = sections;
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Makes sure that the directory can be written, and removes the drafts of processes that were killed. */
async function prepare({ disk, directory }: NvramBacking): Promise<void> {
  const folder = await disk.openFolder(directory);
  try {
    for (const name of await folder.names()) if (disk.isAbandonedDraft(name)) await folder.removeFile(name);
    const draft = disk.draftName();
    const file = await folder.createFile(draft, "private");
    try {
      await file.write(Buffer.from("{}\n"), 0);
      await file.sync();
    } finally {
      await file.close();
      await folder.removeFile(draft);
    }
  } finally {
    await folder.close();
  }
}

async function readSections(log: Log, { disk, directory }: NvramBacking): Promise<Map<string, unknown>> {
  try {
    const bytes = await disk.readFile(pathIn(directory), MODULE_LIMITS.nvramFile);
    if (bytes === undefined) return new Map();
    const content: unknown = JSON.parse(bytes.toString());
    if (isRecord(content)) return new Map(Object.entries(content));
    log.warn({ event: "nvram-corrupt", directory });
  } catch (error) {
    // A file of another size or content was once NVRAM, or was damaged; anything else is not to be replaced.
    const corrupt = error instanceof SyntaxError || (error instanceof DiskError && error.code === "NO_SPACE");
    if (!corrupt) throw error instanceof DiskError ? new DiskError(error.code, `${FILE}: ${error.message}`) : error;
    log.warn({ event: "nvram-corrupt", directory, error: error.message });
  }
  return new Map();
}

function pathIn(directory: string): string {
  return `${directory}/${FILE}`;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isDigits(value: unknown): value is string {
  return typeof value === "string" && /^\d+$/.test(value);
}
