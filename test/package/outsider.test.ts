import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const run = promisify(execFile);
/** Compiling twice on a busy machine takes its time. */
const PATIENCE = 120_000;
let project: string;

/** A project of somebody else: the packed package, and of everything else only what the package says that it depends on. */
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "vmodem-outsider-"));
  const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", project], {
    cwd: root,
  });
  const [{ filename }] = JSON.parse(stdout) as [{ readonly filename: string }];
  const installed = join(project, "node_modules", "vmodem");
  await mkdir(installed, { recursive: true });
  await run("tar", ["-xzf", join(project, filename), "-C", installed, "--strip-components", "1"]);
  const manifest = JSON.parse(await readFile(join(installed, "package.json"), "utf8"));
  for (const name of Object.keys(manifest.dependencies)) await link(name);
  await writeFile(join(project, "package.json"), '{ "type": "module" }');
  await writeFile(join(project, "program.ts"), PROGRAM);
}, PATIENCE);

afterAll(() => rm(project, { recursive: true, force: true }));

async function link(name: string): Promise<void> {
  const place = join(project, "node_modules", name);
  if (existsSync(place)) return;
  await mkdir(dirname(place), { recursive: true });
  await symlink(join(root, "node_modules", name), place);
}

/** Uses what a library user uses, and needs no type of Node.js itself. */
const PROGRAM = `
import { cardInState, type Clock, type EventPattern, memoryPair, Modem, type Network, Rig, type RigEvent, type SerialLine, startSandbox, VirtualClock } from "vmodem";

const { module, host } = memoryPair();
const line: SerialLine = module;
const clock = new VirtualClock();
export const modem = new Modem({ transport: line, clock, dialect: "field", sim: { inserted: cardInState("pin") } });
await modem.start();
void host.write("AT\\r");
const bytes: Uint8Array = host.take();
const text: string = await modem.efs.readFile("C:/a.txt", "utf8");
for await (const piece of await modem.efs.open("C:/a.txt")) piece satisfies Uint8Array;
const lost: Error = await modem.lost;
const registration: "home" | "roaming" | "none" | "searching" | "denied" | "unknown" = modem.module.radio.registration;
const cmee: number = modem.settings.get("+CMEE");
const busy: boolean | undefined = modem.services?.smtp.busy;

export async function test(network: Network, own: Clock): Promise<RigEvent> {
  await using rig = await Rig.start({ modems: [{ identity: "sim5320", link: "/tmp/m" }], sandbox: true, journal: true, network, clock: own });
  const pattern: EventPattern = { type: "command", name: "+SMTPSEND" };
  const port: string = rig.modem("m1").port;
  const raw: Uint8Array | undefined = rig.sandbox?.smtp.mails[0]?.raw;
  await rig.reset();
  void [port, raw];
  return rig.expect(pattern, { timeout: 1000 });
}
void [bytes, text, lost, registration, cmee, busy, startSandbox];
await modem.close();
`;

/** Adds the fixtures to a `test` of its own. */
const OWN_TEST = `
import { test as base } from "vitest";
import { rig, type RigFixtures } from "vmodem/vitest";
base.extend(rig)("a modem", async ({ host, modem, rig }) => {
  host satisfies RigFixtures["host"];
  modem satisfies RigFixtures["modem"];
  rig satisfies RigFixtures["rig"];
  // @ts-expect-error: the fixtures have types
  modem.nothing;
});
`;

test.each([
  ["the types of the language alone", { lib: ["es2022"], types: [] }, false],
  ["the types of a browser", { lib: ["es2022", "dom"], types: [] }, false],
  ["the default libraries", {}, false],
  ["the types of Node.js", { lib: ["es2022"], types: ["node"] }, true],
])(
  "the declarations compile with %s",
  async (_, options, node) => {
    if (node) for (const name of ["@types/node", "undici-types"]) await link(name);
    const compilerOptions = {
      target: "es2022",
      module: "nodenext",
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
      ...options,
    };
    await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }));
    const compiled = run(join(root, "node_modules", ".bin", "tsc"), ["-p", project]);
    const errors = await compiled.then(
      () => "",
      (error: { readonly stdout: string }) => error.stdout,
    );
    expect(errors).toBe("");
  },
  PATIENCE,
);

test(
  "with the types of Node.js, bytes are a Buffer",
  async () => {
    await writeFile(
      join(project, "buffer.ts"),
      'import { memoryPair } from "vmodem";\nexport const text: string = memoryPair().host.take().toString("latin1");\nexport const same: Buffer = memoryPair().host.take();\n',
    );
    const compilerOptions = { target: "es2022", module: "nodenext", strict: true, noEmit: true, types: ["node"] };
    await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["buffer.ts"] }));
    await run(join(root, "node_modules", ".bin", "tsc"), ["-p", project]);
  },
  PATIENCE,
);

test(
  "the fixtures for vitest have declarations, and the example with them compiles",
  async () => {
    for (const name of ["vitest", "@types/node", "undici-types"]) await link(name);
    await cp(
      join(project, "node_modules/vmodem/fixtures/examples/vitest/modem.test.ts"),
      join(project, "modem.test.ts"),
    );
    await writeFile(join(project, "own.ts"), OWN_TEST);
    const compilerOptions = { target: "es2022", module: "nodenext", strict: true, noEmit: true, skipLibCheck: true };
    const files = ["modem.test.ts", "own.ts"];
    await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
    await run(join(root, "node_modules", ".bin", "tsc"), ["-p", project]);
  },
  PATIENCE,
);

test(
  "the program starts from the package",
  async () => {
    const { stdout } = await run(process.execPath, [
      join(project, "node_modules", "vmodem", "bin", "vmodem.js"),
      "--version",
    ]);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  },
  PATIENCE,
);
