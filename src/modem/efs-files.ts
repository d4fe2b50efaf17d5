import type { Efs } from "../efs/efs.ts";
import { EfsError } from "../efs/efs-error.ts";
import { baseName, type EfsPath, parentPath, parsePath, printPath } from "../efs/path.ts";
import type { EfsEntry } from "../efs/store.ts";
import { abortable } from "../platform/abortable.ts";
import type { WorkSet } from "../platform/work-set.ts";

/** A file or a directory of the module, as {@link EfsFiles.list} and {@link EfsFiles.stat} give it. */
export interface EfsEntryInfo {
  /** The whole path as it is stored: `C:/Video/a.3gp`. */
  readonly path: string;
  readonly name: string;
  readonly kind: "file" | "directory";
  /** Bytes; 0 for a directory. */
  readonly size: number;
  /** Milliseconds since the Unix epoch, by the module's clock. */
  readonly modified: number;
}

/** An open file: iterate over it for its bytes. It is closed at the end of the iteration, or by {@link close}. */
export interface EfsFile extends AsyncIterable<Uint8Array> {
  readonly size: number;
  close(): Promise<void>;
}

/** What a file is written from. A string is written as UTF-8. */
export type EfsContent = Uint8Array | string | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

const ROOT: EfsPath = { volume: "C", segments: [] };

/**
 * The files of one module for the program that runs it. Paths are `C:/a.txt` and `D:/Video/b.3gp`; without a drive letter
 * they start at `C:/`, whatever the current directory of the AT commands is. Every failure is an {@link EfsError}.
 *
 * @example
 * await modem.efs.writeFile("C:/a.txt", "hello");
 * const text = await modem.efs.readFile("C:/a.txt", "utf8");
 */
export class EfsFiles {
  readonly #efs: () => Efs;
  readonly #work: WorkSet;
  readonly #life: AbortController;

  /** `efs` gives the file system of the moment, or throws. Writes are registered in the work set, and end when `life` is aborted. */
  constructor(efs: () => Efs, work: WorkSet, life: AbortController) {
    this.#efs = efs;
    this.#work = work;
    this.#life = life;
  }

  /** Reads a whole file: its bytes, or its text. */
  readFile(path: string): Promise<Uint8Array>;
  readFile(path: string, encoding: "utf8" | "latin1"): Promise<string>;
  async readFile(path: string, encoding?: "utf8" | "latin1"): Promise<Uint8Array | string> {
    const pieces: Uint8Array[] = [];
    for await (const piece of await this.open(path)) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    return encoding === undefined ? bytes : bytes.toString(encoding);
  }

  /**
   * Writes a whole file; the directories above it are made. The file appears, or replaces the old one, when all of it is
   * written: after a failure the old one stays.
   */
  async writeFile(path: string, content: EfsContent): Promise<void> {
    await this.#work.track(this.#write(this.#efs(), parse(path), content));
  }

  /** Opens a file to read it piece by piece, at most 64 KiB each. */
  async open(path: string): Promise<EfsFile> {
    const reader = await this.#efs().openReader(parse(path));
    const signal = this.#life.signal;
    return {
      size: reader.size,
      close: () => reader.close(),
      async *[Symbol.asyncIterator]() {
        try {
          for (;;) {
            const piece = await reader.read(signal);
            if (piece === undefined) return;
            yield piece;
          }
        } finally {
          await reader.close();
        }
      },
    };
  }

  /** What a directory holds, sorted by name. */
  async list(path: string): Promise<readonly EfsEntryInfo[]> {
    return (await this.#efs().list(parse(path))).map(describe);
  }

  /** What is at a path; `NOT_FOUND` if nothing is. */
  async stat(path: string): Promise<EfsEntryInfo> {
    return describe(await this.#efs().stat(parse(path)));
  }

  /** Makes a directory, and those above it; one that is there already is left as it is. */
  async makeDirectory(path: string): Promise<void> {
    await this.#efs().ensureDirectory(parse(path));
  }

  /** Removes a file, or a directory with everything in it. The root of a volume stays. */
  async remove(path: string): Promise<void> {
    const place = parse(path);
    if (place.segments.length === 0) throw new EfsError("BAD_NAME", `${printPath(place)} cannot be removed`);
    await removeAll(this.#efs(), await this.#efs().stat(place));
  }

  /**
   * Takes all the room that is left on a volume, until the function that it gives is called. What is removed meanwhile makes
   * room.
   */
  fill(volume: "C:" | "D:"): () => void {
    return this.#efs().fill(volume === "C:" ? "C" : "D");
  }

  async #write(efs: Efs, place: EfsPath, content: EfsContent): Promise<void> {
    await efs.ensureDirectory(parentPath(place));
    const writer = await efs.openWriter(place);
    try {
      for await (const piece of until(this.#life.signal, pieces(content))) await writer.write(piece, this.#life.signal);
      await writer.commit();
    } finally {
      await writer.abandon();
    }
  }
}

/** Whether a file or a directory may be there. */
export function isPathOfEfs(text: string): boolean {
  return (parsePath(text, ROOT)?.segments.length ?? 0) > 0;
}

function parse(text: string): EfsPath {
  const path = parsePath(text, ROOT);
  if (path === undefined) throw new EfsError("BAD_NAME", `${JSON.stringify(text)} is not a path of the EFS`);
  return path;
}

function describe({ path, kind, size, modified }: EfsEntry): EfsEntryInfo {
  return { path: printPath(path), name: baseName(path), kind, size, modified };
}

function pieces(content: EfsContent): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (typeof content === "string") return [Buffer.from(content)];
  return content instanceof Uint8Array ? [content] : content;
}

/** The same pieces; a source that keeps us waiting is given up when the signal aborts. */
async function* until(
  signal: AbortSignal,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await abortable(Promise.resolve(iterator.next()), signal);
      ended = done === true;
      if (ended) return;
      yield value;
    }
  } finally {
    // Do not wait for the source to end: what it waits for may never come.
    if (!ended) void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

async function removeAll(efs: Efs, { path, kind }: EfsEntry): Promise<void> {
  if (kind === "file") {
    await efs.remove(path);
    return;
  }
  for (const entry of await efs.list(path)) await removeAll(efs, entry);
  await efs.removeDirectory(path);
}
