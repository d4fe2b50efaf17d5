import { dirname } from "node:path";
import { defineConfig } from "vitest/config";

/** The lane of the page in a real browser. `install.sh` gets the browser. */
// biome-ignore lint/style/noDefaultExport: vitest wants it so
export default defineConfig({
  test: {
    root: dirname(import.meta.dirname),
    include: ["web/browser/**/*.test.ts"],
    globalSetup: "support/build.ts",
    pool: "forks",
    fileParallelism: false,
    testTimeout: 60_000,
    // What a page shows is awaited: it comes a moment after what is on the line.
    expect: { poll: { timeout: 10_000, interval: 20 } },
    hookTimeout: 60_000,
  },
});
