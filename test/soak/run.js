// npm run soak -- [--minutes N] [--seed N]
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" }, seed: { type: "string" } } });
for (const [name, value] of Object.entries(values)) {
  if (value !== undefined && !(Number(value) >= 0)) throw new Error(`--${name} takes a number, not ${value}`);
}
const seed = values.seed ?? String(Math.floor(Math.random() * 1_000_000));
const env = { ...process.env, SOAK_MINUTES: values.minutes, SOAK_SEED: seed };
const { status } = spawnSync("npx", ["vitest", "run", "--config", "test/soak/vitest.config.ts"], {
  env,
  stdio: "inherit",
});
process.exitCode = status ?? 1;
