import { configDefaults, defineConfig } from "vitest/config";

/** Lanes of their own, which install what they need. */
const LANES = ["real/**", "web/browser/**", "fleet/**", "soak/**"];

/** Tests of modules in one process need no process for each file: most of their time would go into loading the modules again. */
const TOGETHER = ["at", "codec", "commands", "faults", "mime", "modem", "module", "protocols", "rig", "web"];

const together = TOGETHER.map((folder) => `${folder}/**/*.test.ts`);
const exclude = [...configDefaults.exclude, ...LANES];

export default defineConfig({
  test: {
    root: import.meta.dirname,
    globalSetup: "support/build.ts",
    pool: "forks",
    // Many tests wait for processes and sockets: one worker more than the default uses the second core.
    maxWorkers: 2,
    testTimeout: 60_000,
    projects: [
      { extends: true, test: { name: "together", isolate: false, include: together, exclude } },
      { extends: true, test: { name: "apart", include: ["**/*.test.ts"], exclude: [...exclude, ...together] } },
    ],
  },
});
