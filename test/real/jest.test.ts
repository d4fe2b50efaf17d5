import { execFile } from "node:child_process";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newProject } from "../support/project.ts";

/** How long npm may take to fetch Jest, and Jest to start, in milliseconds. */
const PATIENCE = 240_000;
/** Where Jest is, which nothing of the package depends on. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vmodem-jest-"));
  await promisify(execFile)("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "jest@30"], {
    timeout: PATIENCE,
  });
}, PATIENCE);
afterAll(() => rm(folder, { recursive: true, force: true }));

test("the example for Jest passes, and tells what a modem does not say", { timeout: PATIENCE }, async () => {
  const project = await newProject({ packages: ["serialport"], from: "fixtures/examples/jest" });
  await appendFile(join(project.folder, "package.json"), "{}");
  await appendFile(
    join(project.folder, "modem.test.cjs"),
    `test("a port that nobody has made", async () => {
      const port = new SerialPort({ path: "/dev/ttyUSB1", baudRate: 115200, autoOpen: false });
      expect(await new Promise((resolve) => port.open(resolve))).toBe(null);
    });`,
  );
  const jest = [join(folder, "node_modules", "jest", "bin", "jest.js"), "--rootDir", project.folder];
  const { code, output } = await project.run(process.execPath, [...jest, "--testMatch", "**/*.test.cjs"]);
  expect(output).toMatch(/✓ a modem answers/);
  expect(output).toMatch(/✕ a port that nobody has made/);
  expect(output).toMatch(/Tests: +1 failed, 1 passed, 2 total/);
  expect(code).toBe(1);
});
