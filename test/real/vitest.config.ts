import { dirname } from "node:path";
import { defineConfig } from "vitest/config";

/** The lane against real servers and real clients. `install.sh` gets what is missing; without a program its tests are skipped. */
// biome-ignore lint/style/noDefaultExport: vitest wants it so
export default defineConfig({
  test: {
    root: dirname(import.meta.dirname),
    include: ["real/**/*.test.ts"],
    globalSetup: "support/build.ts",
    pool: "forks",
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
