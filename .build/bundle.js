import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rolldown } from "rolldown";

const root = join(import.meta.dirname, "..");

const COMMONJS = {
  format: "cjs",
  entryFileNames: "[name].cjs",
  chunkFileNames: "[name].cjs",
  dynamicImportInCjs: false,
};

/** What users import, as ECMAScript modules; and what Jest puts in the place of node-serialport, which it has to require. */
export async function bundleLibrary() {
  const serialport = "src/serialport/index.ts";
  const input = { index: "src/index.ts", vitest: "src/vitest.ts", serialport };
  await emit(input, { format: "esm", chunkFileNames: "[name].js" }, "library");
  await emit({ serialport }, COMMONJS, "commonjs");
}

/**
 * The program, as CommonJS: only for that can V8's code cache be used in all versions of Node. Everything that is imported
 * dynamically is a chunk of its own.
 */
export async function bundleProgram() {
  await emit({ vmodem: "src/cli/main.ts" }, COMMONJS, "program");
}

/**
 * Bundles modules of src/ into a folder of dist/; the packages that they import stay outside. The folder is replaced as a
 * whole, so that no cache outlives its source.
 */
async function emit(input, format, name) {
  const folder = join(root, "dist", name);
  const bundle = await rolldown({
    cwd: root,
    input,
    platform: "node",
    external: (name) => !/^[./]/.test(name),
    onLog: (level, { code, message }) => {
      // What the library exports is loaded with it.
      if (level === "warn" && code !== "INEFFECTIVE_DYNAMIC_IMPORT") throw new Error(message);
    },
  });
  const { output } = await bundle.generate({ ...format, dir: folder, sourcemap: true, comments: false });
  await bundle.close();
  const fresh = `${folder}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh);
  for (const part of output) {
    await writeFile(join(fresh, part.fileName), part.type === "chunk" ? ascii(part.code) : part.source);
  }
  await rm(folder, { recursive: true, force: true });
  await rename(fresh, folder);
}

/** Bundles are read faster as Latin-1. Without comments all other characters stand in literals, where an escape is the same. */
function ascii(code) {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
