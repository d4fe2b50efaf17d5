import { readFile, realpath, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";

/** Returns the content of the file at a path that begins with `/`, or `undefined` where there is none. */
export type ReadFile = (path: string) => Promise<Buffer | undefined>;

/** Reads the files below `root`. Nothing outside is reached: neither by `..` nor by a link. */
export function filesBelow(root: string): ReadFile {
  return async (path) => {
    try {
      const base = await realpath(root);
      const file = await realpath(join(base, path));
      const inside = relative(base, file);
      if (inside.startsWith("..") || isAbsolute(inside)) return undefined;
      return await readFile(file);
    } catch {
      return undefined;
    }
  };
}

/** The bytes of a file of the user's that has at most `limit` of them; or, in words, why it cannot be read. */
export async function readBytes(path: string, limit: number): Promise<Buffer | string> {
  try {
    const { size } = await stat(path);
    if (size > limit) return `it has more than ${limit} bytes`;
    return await readFile(path);
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    return UNREADABLE[code] ?? message;
  }
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a directory",
  EACCES: "permission denied",
};

/** A path that a file names, which is relative to that file's directory. */
export function relativeTo(file: string, path: string): string {
  return resolve(dirname(file), path);
}

/** By its name, because the bundles lie elsewhere in the package than the sources. */
const MANIFEST = "vmodem/package.json";

/** The version of this package. */
export function packageVersion(): string {
  return (createRequire(import.meta.url)(MANIFEST) as { readonly version: string }).version;
}

/** A folder of the data that the package ships, by its path below `fixtures/`. */
export function fixtures(path: string): string {
  return packageFile(join("fixtures", path));
}

/** A file of this package, by its path in it. */
export function packageFile(path: string): string {
  return join(dirname(createRequire(import.meta.url).resolve(MANIFEST)), path);
}

/** Reads a file of the page that the build has bundled, by its path below `dist/web/`. */
export const readPageFile: ReadFile = (path) => filesBelow(packageFile(join("dist", "web")))(path);
