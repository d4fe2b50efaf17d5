import { dirname } from "node:path";
import { defineConfig } from "vitest/config";

/** The lane of long runs: apart from the other tests, because it takes its time. Some of those make all of their rounds here. */
// biome-ignore lint/style/noDefaultExport: vitest wants it so
export default defineConfig({
  test: {
    root: dirname(import.meta.dirname),
    include: ["soak/**/*.test.ts", "fuzz/*.test.ts", "control/fuzz.test.ts", "scenarios/determinism.test.ts"],
    env: { VMODEM_LONG_RUNS: "1" },
    globalSetup: "support/build.ts",
    pool: "forks",
  },
});
