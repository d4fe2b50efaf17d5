import type { Disk } from "../../platform/disk/disk.ts";
import { NVRAM_SIZE } from "../../platform/limits.ts";
import { type Log, silentLog } from "../../platform/log.ts";

/** Where NVRAM is kept across runs. */
export interface NvramBacking {
  readonly disk: Disk;
  /** A directory of the host; made if it is not there. */
  readonly directory: string;
}

const FILE = "nvram.json";

/**
 * What the module remembers without power, section by section: each owner stores a value of its own and checks what it
 * loads. With a backing it is one file that is replaced at once, so that a crash leaves the old content or the new.
 * What cannot be read or written costs a warning, never the module: then factory values hold, or memory alone.
 */
export class Nvram {
  readonly #log: Log;
  readonly #backing: NvramBacking | undefined;
  readonly #sections: Map<string, unknown>;
  #writing: Promise<void> = Promise.resolve();
  #dirty = false;

  private constructor(log: Log, sections: Map<string, unknown>, backing?: NvramBacking) {
    this.#log = log;
    this.#sections = sections;
    this.#backing = backing;
  }

  /** Forgets everything when the program ends. */
  static inMemory(sections: Readonly<Record<string, unknown>> = {}): Nvram {
    return new Nvram(silentLog, new Map(Object.entries(sections)));
  }

  static async open(backing: NvramBacking, log: Log): Promise<Nvram> {
    return new Nvram(log, await readSections(log, backing), backing);
  }

  /** The section as `parse` accepts it; `undefined` when there is none, or a broken one, which is forgotten. */
  load<T>(name: string, parse: (value: unknown) => T | undefined): T | undefined {
    const value = this.#sections.get(name);
    if (value === undefined) return undefined;
    const parsed = parse(value);
    if (parsed === undefined) {
      this.#log.warn({ event: "nvram section is corrupt, factory values hold", section: name });
      this.#sections.delete(name);
    }
    return parsed;
  }

  /** Keeps a section, which is JSON; an equal one costs nothing. */
  store(name: string, value: unknown): void {
    if (JSON.stringify(this.#sections.get(name)) === JSON.stringify(value)) return;
    this.#sections.set(name, value);
    if (this.#backing === undefined || this.#dirty) return;
    this.#dirty = true;
    const { disk, directory } = this.#backing;
    this.#writing = this.#writing.then(async () => {
      this.#dirty = false;
      const text = `${JSON.stringify(Object.fromEntries(this.#sections), undefined, 2)}\n`;
      try {
        await disk.replaceFile(pathIn(directory), Buffer.from(text));
      } catch (error) {
        this.#log.warn({ event: "nvram cannot be written", directory, error: String(error) });
      }
    });
  }

  /** Resolves when all that was stored is on the disk, or cannot get there. */
  settle(): Promise<void> {
    return this.#writing;
  }
}

async function readSections(log: Log, { disk, directory }: NvramBacking): Promise<Map<string, unknown>> {
  try {
    const bytes = await disk.readFile(pathIn(directory), NVRAM_SIZE);
    if (bytes === undefined) return new Map();
    const content: unknown = JSON.parse(bytes.toString());
    if (isRecord(content)) return new Map(Object.entries(content));
    log.warn({ event: "nvram is corrupt, factory values hold", directory });
  } catch (error) {
    log.warn({ event: "nvram cannot be read, factory values hold", directory, error: String(error) });
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
