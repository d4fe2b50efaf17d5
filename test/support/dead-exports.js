// Fails when something that a file of src/ exports is imported by no other file of src/. What index.ts re-exports is the
// public API and counts as used; tests do not: what only they need is no part of the product. A type also counts as used
// where its own file speaks of it: it is part of a signature there.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const files = readdirSync("src", { recursive: true })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => join("src", name));
const EXPORTED = /^export (?:declare )?(?:abstract )?(?:async )?(function\*?|class|const|interface|type) (\w+)/gm;
/** `const { start } = await import("./start.ts")` */
const LOADED = /\{([^{}]*)\} = await import\("(\.[^"]+)"\)/gm;
const IMPORTED = /^(?:import|export) (?:type )?\{([^}]*)\} from "(\.[^"]+)"/gm;

/** What is started from outside: the library, its fixtures for vitest, and the program. */
const ENTRIES = ["src/index.ts", "src/vitest.ts", "src/serialport/index.ts", "src/cli/main.ts", "src/web/main.tsx"];

const used = new Set();
for (const file of files) {
  const text = readFileSync(file, "utf8");
  for (const [, names, from] of [...text.matchAll(IMPORTED), ...text.matchAll(LOADED)]) {
    const source = normalize(join(dirname(file), from));
    for (const name of names.split(","))
      used.add(
        `${source} ${
          name
            .trim()
            .replace(/^type /, "")
            .split(" as ")[0]
        }`,
      );
  }
}
const dead = [];
for (const file of files) {
  if (ENTRIES.includes(file)) continue;
  const text = readFileSync(file, "utf8");
  for (const [, kind, name] of text.matchAll(EXPORTED)) {
    const isType = kind === "interface" || kind === "type";
    const inSignature = isType && text.match(new RegExp(`\\b${name}\\b`, "g")).length > 1;
    if (!inSignature && !used.has(`${file} ${name}`)) dead.push(`${file}: ${name}`);
  }
}
for (const line of dead) console.error(`exported, but imported nowhere: ${line}`);
process.exitCode = dead.length === 0 ? 0 : 1;
