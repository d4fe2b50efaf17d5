import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    exclude: ["real/**", "web/browser/**", "fleet/**", "soak/**"],
    globalSetup: "support/build.ts",
    pool: "forks",
    // Many tests wait for processes and sockets: one worker more than the default uses the second core.
    maxWorkers: 2,
    testTimeout: 20_000,
  },
});
