import { readFile, realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, relative } from "node:path";

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

/** By its name, because the bundles lie elsewhere in the package than the sources. */
const MANIFEST = "vmodem/package.json";

/** The version of this package. */
export function packageVersion(): string {
  return (createRequire(import.meta.url)(MANIFEST) as { readonly version: string }).version;
}

/** A folder of the data that the package ships, by its path below `fixtures/`. */
export function fixtures(path: string): string {
  return join(dirname(createRequire(import.meta.url).resolve(MANIFEST)), "fixtures", path);
}

/** Reads the page that the build has bundled. */
export function readBundledPage(): Promise<string> {
  const root = dirname(createRequire(import.meta.url).resolve(MANIFEST));
  return readFile(join(root, "dist", "web", "page.html"), "utf8");
}
