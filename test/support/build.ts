import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");
/** What dist/ is made of. */
const SOURCES = ["src", ".build", "package.json", "package-lock.json", "tsconfig.json"];
/** What is built last. */
const STAMP = join(ROOT, "dist", ".built");

/** Builds dist/, which the tests of the program and of the package use, before the first test, unless it is up to date. */
export function setup(): void {
  if (lastChange(SOURCES.flatMap(filesOf)) < lastChange([STAMP])) return;
  execFileSync(process.execPath, [join(ROOT, ".build", "build.js")], { cwd: ROOT, stdio: "inherit" });
}

function filesOf(source: string): readonly string[] {
  const path = join(ROOT, source);
  // A directory changes when a file is added or removed.
  if (!statSync(path).isDirectory()) return [path];
  return [path, ...readdirSync(path, { recursive: true, encoding: "utf8" }).map((file) => join(path, file))];
}

/** When the newest of some files was changed, in milliseconds; 0 where none is there. */
function lastChange(paths: readonly string[]): number {
  return Math.max(0, ...paths.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0));
}
