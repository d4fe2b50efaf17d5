import { decodeGbk } from "../../codec/gbk.ts";
import type { FtpMemoryRoot } from "./memory-root.ts";
import { type FtpEntry, FtpFileError, type FtpPath, printFtpPath } from "./root.ts";

/**
 * The tree of the embedded FTP server by paths in text. The server keeps names as the bytes that clients send. A name is
 * shown as UTF-8 if it is UTF-8, else as GBK, else as Latin-1; new names are UTF-8.
 */
export class FtpFiles {
  readonly #root: FtpMemoryRoot;

  constructor(root: FtpMemoryRoot) {
    this.#root = root;
  }

  /** The content of a file; `undefined` if there is none. */
  async get(path: string): Promise<Buffer | undefined> {
    return this.#root.readFile(printFtpPath(await this.#find(path)));
  }

  /** Puts a file there, with the directories above it, instead of the old one; an {@link FtpFileError} if there is no room. */
  async put(path: string, content: Uint8Array | string): Promise<void> {
    this.#root.writeFile(printFtpPath(await this.#find(path)), Buffer.from(content as string));
  }

  /** Makes a directory, with those above it, unless it is there; an {@link FtpFileError} where a file is in the way. */
  async makeDirectory(path: string): Promise<void> {
    this.#root.makeDirectories(printFtpPath(await this.#find(path)));
  }

  /** Removes a file, or a directory with all that is in it. Gives whether there was one. */
  async delete(path: string): Promise<boolean> {
    const found = await this.#find(path);
    if (found.length === 0 || (await this.#root.stat(found)) === undefined) return false;
    await this.#remove(found);
    return true;
  }

  /** What a directory holds, by name; an {@link FtpFileError} if it is none. */
  async list(path = "/"): Promise<readonly FtpEntry[]> {
    const entries = await this.#root.list(await this.#find(path));
    return entries.map((entry) => ({ ...entry, name: shownName(entry.name) }));
  }

  async #remove(path: FtpPath): Promise<void> {
    if ((await this.#root.stat(path))?.kind === "file") return this.#root.remove(path);
    for (const { name } of await this.#root.list(path)) await this.#remove([...path, name]);
    await this.#root.removeDirectory(path);
  }

  /** The path in bytes: where an entry is shown by that name, the entry's own name. */
  async #find(path: string): Promise<FtpPath> {
    const found: string[] = [];
    for (const name of path.split("/")) {
      if (name === "" || name === ".") continue;
      if (name === "..") throw new FtpFileError(550, `${path} leads out of its directory`);
      const entries = await this.#root.list(found).catch(() => []);
      const entry = entries.find((candidate) => shownName(candidate.name) === name);
      found.push(entry?.name ?? Buffer.from(name).toString("latin1"));
    }
    return found;
  }
}

/** The text of a path in bytes. */
export function shownPath(path: FtpPath): string {
  return `/${path.map(shownName).join("/")}`;
}

function shownName(name: string): string {
  const bytes = Buffer.from(name, "latin1");
  const text = bytes.toString("utf8");
  return Buffer.from(text).equals(bytes) ? text : (decodeGbk(bytes) ?? name);
}
