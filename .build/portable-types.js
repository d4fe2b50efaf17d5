// Makes the declarations in dist/ compile in a project without @types/node, and without the types of browsers. Where a
// declaration speaks of Buffer, AbortSignal or AbortController, it gets these names from a file that takes the global types where the
// project has them, and says what is needed of them where it has not. `tsc` has to run before.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

const dist = join(import.meta.dirname, "..", "dist");
const PORTABLE = `/** The global types of Node.js where the project has them; what this package needs of them where it has not. */
export type Buffer<T = unknown> = typeof globalThis extends { Buffer: { isBuffer(value: any): value is infer B } } ? B : Uint8Array;
export type AbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer S } } ? S : {
    readonly aborted: boolean;
    readonly reason: any;
    throwIfAborted(): void;
    addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
    removeEventListener(type: "abort", listener: () => void): void;
};
export type AbortController = typeof globalThis extends { AbortController: { prototype: infer C } } ? C : {
    readonly signal: AbortSignal;
    abort(reason?: any): void;
};
`;
const NAMES = ["Buffer", "AbortController", "AbortSignal"];
/** `Symbol.asyncDispose`, for projects whose own libraries end at an older edition of the language. */
const LIBRARY = '/// <reference lib="esnext.disposable" />\n';

writeFileSync(join(dist, "portable-types.d.ts"), PORTABLE);
for (const name of readdirSync(dist, { recursive: true }).filter((path) => path.endsWith(".d.ts"))) {
  const file = join(dist, name);
  const text = readFileSync(file, "utf8");
  if (name === "portable-types.d.ts" || text.includes("portable-types.js")) continue;
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
  const used = NAMES.filter((type) => new RegExp(`\\b${type}\\b`).test(code));
  const library = name === "index.d.ts" || code.includes("Symbol.asyncDispose") ? LIBRARY : "";
  const path = relative(dirname(file), join(dist, "portable-types.js")).split(sep).join("/");
  const from = path.startsWith(".") ? path : `./${path}`;
  const imported = used.length === 0 ? "" : `import type { ${used.join(", ")} } from "${from}";\n`;
  if (library + imported !== "") writeFileSync(file, `${library}${imported}${text}`);
}
