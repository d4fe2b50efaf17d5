import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const INNER = ["codec", "platform", "efs", "module", "mime", "protocols", "transport", "services", "at", "commands"];
const RIG = [...INNER, "modem", "sandbox", "faults"];

/** Who may import whom: the rooms of the README's map. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  codec: [],
  platform: [],
  efs: ["platform", "codec"],
  module: ["platform", "codec"],
  mime: ["platform", "codec"],
  protocols: ["platform", "codec"],
  transport: ["platform", "codec"],
  services: ["protocols", "mime", "efs", "module", "platform", "codec"],
  at: ["codec", "module", "platform"],
  commands: ["at", "services", "module", "efs", "platform", "codec"],
  modem: INNER,
  sandbox: ["platform", "codec", "mime"],
  faults: ["platform", "codec"],
  rig: RIG,
  control: [...RIG, "rig"],
  trace: [...RIG, "rig"],
  serialport: [...RIG, "rig"],
  web: [],
  cli: [...RIG, "rig", "control", "trace", "serialport", "web"],
};
const ROOMS = Object.keys(MAY_IMPORT);
/** Stands for the modules of Node, which only a few rooms reach. */
const NODE = "node";
const MAY_USE_NODE = ["platform", "transport", "cli"];

const root = join(import.meta.dirname, "..");
let folder: string;
let refused: ReadonlySet<string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vmodem-architecture-"));
  await cp(join(root, ".biome.json"), join(folder, ".biome.json"));
  for (const room of ROOMS) {
    await mkdir(join(folder, "src", room), { recursive: true });
    for (const target of [...ROOMS, NODE]) {
      const source = target === NODE ? "node:net" : `../${target}/x.ts`;
      await writeFile(
        join(folder, "src", room, `${target}.ts`),
        `import { x } from "${source}";\nexport const y = x;\n`,
      );
    }
  }
  refused = await lint(folder);
});

afterAll(() => rm(folder, { recursive: true }));

test.each(ROOMS)("src/%s imports only the rooms below it", (room) => {
  const allowed = [room, ...(MAY_IMPORT[room] ?? []), ...(MAY_USE_NODE.includes(room) ? [NODE] : [])];
  const accepted = [...ROOMS, NODE].filter((target) => !refused.has(`src/${room}/${target}.ts`));
  expect(accepted.toSorted()).toEqual(allowed.toSorted());
});

/** The files in which the linter refuses an import. */
function lint(cwd: string): Promise<ReadonlySet<string>> {
  const biome = join(root, "node_modules", ".bin", "biome");
  return new Promise((resolve, reject) => {
    execFile(biome, ["lint", "--reporter=github", "--max-diagnostics=none"], { cwd }, (_, stdout, stderr) => {
      const files = [...stdout.matchAll(/noRestrictedImports.*?file=[^,]*?(src\/[^,]+)/g)].map(
        ([, file]) => file ?? "",
      );
      if (files.length === 0) reject(new Error(`no finding at all: ${stdout}${stderr}`));
      else resolve(new Set(files));
    });
  });
}
