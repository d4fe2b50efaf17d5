import { dirname } from "node:path";
import { defineConfig } from "vitest/config";

/** The lane of many modems in one process, and of the engines that hand them out. Without an engine its tests are skipped. */
// biome-ignore lint/style/noDefaultExport: vitest wants it so
export default defineConfig({
  test: {
    root: dirname(import.meta.dirname),
    include: ["fleet/**/*.test.ts"],
    globalSetup: "support/build.ts",
    pool: "forks",
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
