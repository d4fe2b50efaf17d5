import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { packageFile } from "./files.ts";

/** A module that cannot be loaded; the message says why. */
export class ModuleLoadError extends Error {
  override readonly name = "ModuleLoadError";
}

/** The first Node that takes the types out of a module by itself. */
const STRIPS_TYPES = "22.18";

type ImportModule = (url: string) => Promise<Readonly<Record<string, unknown>>>;

/** Loads a module of the user's and gives its default export. Throws a {@link ModuleLoadError}. */
export async function loadModule(path: string): Promise<unknown> {
  try {
    const importModule = createRequire(import.meta.url)(packageFile("bin/import-module.js")) as ImportModule;
    const loaded = await importModule(pathToFileURL(resolve(path)).href);
    if (!("default" in loaded)) throw new ModuleLoadError("it has no default export");
    return loaded.default;
  } catch (error) {
    if (error instanceof ModuleLoadError) throw error;
    throw new ModuleLoadError(explain(error), { cause: error });
  }
}

function explain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ERR_UNKNOWN_FILE_EXTENSION") {
    return `Node ${process.versions.node} does not load TypeScript; Node ${STRIPS_TYPES} does, and any loads .mjs`;
  }
  return code === "ERR_MODULE_NOT_FOUND" ? `a module is missing: ${message}` : String(error);
}
