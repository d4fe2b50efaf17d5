import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    exclude: ["real/**"],
    globalSetup: "support/build.ts",
    pool: "forks",
    testTimeout: 20_000,
  },
});
