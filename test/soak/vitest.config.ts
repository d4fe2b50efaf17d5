import { dirname } from "node:path";
import { defineConfig } from "vitest/config";

/** The lane of long runs: apart from the other tests, because it takes its time. */
// biome-ignore lint/style/noDefaultExport: vitest wants it so
export default defineConfig({
  test: {
    root: dirname(import.meta.dirname),
    include: ["soak/**/*.test.ts"],
    globalSetup: "support/build.ts",
    pool: "forks",
  },
});
