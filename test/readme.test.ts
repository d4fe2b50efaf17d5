import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { OPTIONS } from "../src/rig/option-table.ts";
import { optionText } from "../src/rig/options.ts";
import { Rig } from "../src/rig/rig.ts";
import { memoryPair } from "../src/transport/memory.ts";
import { newProject, type Outcome, type Project, works } from "./support/project.ts";

const root = join(import.meta.dirname, "..");
const readme = readFileSync(join(root, "README.md"), "utf8");
/** Options of other verbs and other programs. */
const OPTIONS_OF_OTHERS = [
  ...[
    "--timeout",
    "--type",
    "--follow",
    "--hex",
    "--transcript",
    "--html",
    "--port",
    "--from",
    "--schema",
    "--test-dir",
    "--gres",
  ],
  ...["--verb", "--text", "--times", "--volume", "--ms", "--place"],
];
/** A block starts several programs. */
const PATIENCE = 120_000;
const SUB = "\x1a";

interface Block {
  readonly line: number;
  /** What follows the backquotes: a language, and `session` where the block is run beside a modem. */
  readonly info: string;
  readonly code: string;
}

const blocks: readonly Block[] = [...readme.matchAll(/^```(.+)\n([\s\S]*?)^```$/gm)].map((match) => ({
  line: readme.slice(0, match.index).split("\n").length,
  info: match[1] ?? "",
  code: match[2] ?? "",
}));

/** Runs a command beside a modem with the sandbox. */
function inRun({ run, folder }: Project, ...command: readonly string[]) {
  const path = `${join(folder, "node_modules", ".bin")}:${process.env.PATH}`;
  return run("npx", ["vmodem", "run", "--sandbox", "--", ...command], { PATH: path });
}

/** How each kind of block is run: gives how it ended, or why it cannot be run here. A kind that is not here is refused. */
const RUNNERS: Readonly<Record<string, (code: string) => Promise<Pick<Outcome, "code"> | string>>> = {
  async "sh setup"(code) {
    const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    const commands = code.split(/&&|\n/).map((line) => line.replace(/#.*/, "").trim());
    const known = ["npm ci", "npm cit", ...Object.keys(scripts).map((name) => `npm ${name}`)];
    expect(known).toEqual(expect.arrayContaining(commands.filter((line) => line !== "")));
    return { code: 0 };
  },
  async sh(code) {
    return (await newProject()).run("sh", ["-euc", code]);
  },
  async "sh session"(code) {
    if (code.includes("curl") && !(await works("curl", "--version"))) return "curl is not installed";
    return inRun(await newProject(), "sh", "-euc", code);
  },
  async "python session"(code) {
    if (!(await works("python3", "-c", "import serial"))) return "pyserial is not installed";
    return inRun(await newProject(), "python3", "-c", code);
  },
  async "js session"(code) {
    const project = await newProject({ packages: ["serialport"] });
    await writeFile(join(project.folder, "block.mjs"), code);
    return inRun(project, "node", "block.mjs");
  },
  async "c session"(code) {
    if (!(await works("cc", "--version"))) return "no C compiler is installed";
    const project = await newProject();
    await writeFile(join(project.folder, "block.c"), code);
    expect(await project.run("cc", ["-Wall", "-Werror", "block.c"])).toEqual({ code: 0, output: "" });
    return inRun(project, "./a.out");
  },
  async js(code) {
    const { folder, run } = await newProject();
    await writeFile(join(folder, "block.mjs"), code);
    return run("node", ["block.mjs"]);
  },
  async "ts vitest"(code) {
    const { folder, run } = await newProject({ packages: ["vitest"] });
    await writeFile(join(folder, "block.test.ts"), code);
    return run("node", ["node_modules/vitest/vitest.mjs", "run", "--root", folder]);
  },
  async "text session"(code) {
    const { module, host } = memoryPair();
    const rig = await Rig.start({ modems: [{ transport: module }], sandbox: true });
    onTestFinished(() => rig.close());
    for (const line of code.trimEnd().split("\n")) {
      const text = line.slice(2);
      if (line.startsWith(">")) await host.write(text === "<Ctrl-Z>" ? SUB : `${text}\r`);
      else await host.waitFor(text);
    }
    return { code: 0 };
  },
};

test.for(blocks)("line $line of the README: $info", { timeout: PATIENCE }, async ({ info, code }, { skip }) => {
  expect(Object.keys(RUNNERS)).toContain(info);
  const outcome = await RUNNERS[info]?.(code);
  if (typeof outcome === "string") skip(outcome);
  expect(outcome).toMatchObject({ code: 0 });
});

test("the README has every kind of block", () => {
  expect(new Set(blocks.map(({ info }) => info))).toEqual(new Set(Object.keys(RUNNERS)));
});

test("every room is on the map", () => {
  const rooms = readdirSync(join(root, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const onMap = [...readme.matchAll(/^\| \[?`(\w+)\/`/gm)].map(([, name]) => name);
  expect(onMap.toSorted()).toEqual(rooms.map(({ name }) => name).toSorted());
});

test("every option that it names exists", () => {
  const known = [...Object.keys(OPTIONS).map((name) => `--${optionText(name)}`), ...OPTIONS_OF_OTHERS];
  const named = readme.match(/(?<=[\s`(])--[a-z][a-z0-9-]+/g) ?? [];
  expect(known).toEqual(expect.arrayContaining(named));
});

test.each([...new Set([...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link ?? ""))])("%s is there", (link) => {
  expect(existsSync(join(root, link))).toBe(true);
});
