import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SerialPort } from "serialport";
import { expect, onTestFinished, test } from "vitest";
import { measureFleet, measureHeap } from "../fleet/measure.ts";
import { bounded, runProgram, startProgram, until } from "../support/program.ts";

interface ReadyModem {
  readonly id: string;
  readonly port: string;
  readonly link?: string;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "vmodem-fleet-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function fleetFile(content: unknown): string {
  const path = join(temporaryFolder(), "fleet.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

async function modemsOf(program: ReturnType<typeof startProgram>): Promise<readonly ReadyModem[]> {
  return JSON.parse(await program.waitFor("\n")).modems;
}

/** What a modem answers to a command line, up to its OK. */
function ask(path: string, line: string): Promise<string> {
  const [host, port] = path.split(":");
  const end =
    host === undefined || port === undefined
      ? new SerialPort({ path, baudRate: 115200 })
      : connect({ host, port: Number(port) });
  onTestFinished(() => void end.destroy());
  return bounded(
    new Promise((resolve) => {
      let answer = "";
      end.on("data", (chunk: Buffer) => {
        answer += chunk.toString("latin1");
        if (answer.endsWith("\r\nOK\r\n")) resolve(answer);
      });
      end.write(line);
    }),
    () => `an answer at ${path}`,
  );
}

test("--count starts modems alike, each with a link and a directory of its own", async () => {
  const folder = temporaryFolder();
  const link = join(folder, "modem");
  const options = ["--count", "3", "--link", link, "--state", join(folder, "state"), "--identity", "sim5320"];
  const program = startProgram(["start", "--json", ...options]);
  const modems = await modemsOf(program);
  expect(modems.map((modem) => [modem.id, modem.link])).toEqual([
    ["m1", `${link}1`],
    ["m2", `${link}2`],
    ["m3", `${link}3`],
  ]);
  expect(modems.map((modem) => readlinkSync(modem.link ?? ""))).toEqual(modems.map(({ port }) => port));
  const answers = await Promise.all(modems.map(({ port }) => ask(port, "ATE0+CGMM\r")));
  expect(new Set(answers)).toEqual(new Set(["ATE0+CGMM\r\r\nSIMCOM_SIM5320E\r\n\r\nOK\r\n"]));
  expect(readdirSync(join(folder, "state")).toSorted()).toEqual(["1", "2", "3"]);
  program.child.kill("SIGTERM");
  expect(await program.ended).toMatchObject({ code: 0 });
  expect(readdirSync(folder)).toEqual(["state"]);
});

test("--count with port 0 listens at ports that differ", async () => {
  const modems = await modemsOf(startProgram(["start", "--json", "--count", "2", "--tcp", "0"]));
  expect(new Set(modems.map(({ port }) => port)).size).toBe(2);
  expect(await Promise.all(modems.map(({ port }) => ask(port, "ATE0\r")))).toEqual(Array(2).fill("ATE0\r\r\nOK\r\n"));
});

test("--fleet starts each modem as its object says, and as the command line says for all", async () => {
  const fleet = fleetFile([{ identity: "sim5218" }, { "boot-time": 5, sim: "absent", identity: "sim5320" }]);
  const modems = await modemsOf(startProgram(["start", "--json", "--fleet", fleet, "--identity", "sim5216"]));
  const answers = await Promise.all(modems.map(({ port }) => ask(port, "ATE0+CGMM\r")));
  expect(answers.map((answer) => /SIM\d+/.exec(answer)?.[0])).toEqual(["SIM5218", "SIM5320"]);
});

/** The far end of a serial cable, which is unplugged when the process ends. */
const FAR_END = "import os, sys; far, near = os.openpty(); print(os.ttyname(near), flush=True); sys.stdin.read()";

test("a modem that loses its port ends alone", async () => {
  const far = spawn("python3", ["-c", FAR_END], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void far.kill("SIGKILL"));
  const path = String((await once(far.stdout, "data"))[0]).trim();
  const program = startProgram(["start", "--json", "--fleet", fleetFile([{ serial: path }, {}])]);
  const [, other] = await modemsOf(program);
  far.kill("SIGKILL");
  await until(() => /modem-lost.*m1/.test(program.errors()), "word of the loss");
  expect(await ask(other?.port ?? "", "ATE0\r")).toBe("ATE0\r\r\nOK\r\n");
});

test("run names each port, and inherits none", async () => {
  const inner = "run --count 2 -- env".split(" ");
  const script = '"$0" "$1" run --count 3 -- "$0" "$@"';
  const vmodem = join(import.meta.dirname, "..", "..", "bin", "vmodem.js");
  const { code, output } = await runProgram(["run", "--", "sh", "-c", script, process.execPath, vmodem, ...inner]);
  const names = [...output.matchAll(/^(VMODEM_PORT\w*)=\/dev\/pts\/\d+$/gm)].map(([, name]) => name);
  expect(code).toBe(0);
  expect(names.toSorted()).toEqual(["VMODEM_PORT", "VMODEM_PORT_1", "VMODEM_PORT_2"]);
});

test.each<readonly [options: readonly string[], complaint: RegExp]>([
  [["--count", "0"], /^--count 0: not a whole number from 1 to 4096$/],
  [["--count", "2", "--stdio"], /^--count and --stdio exclude each other$/],
  [["--count", "2", "--tcp", "65535"], /^--tcp 65535: --count 2 needs ports to 65536$/],
  [["--count", "2", "--fleet", "x"], /^--count and --fleet exclude each other$/],
  [["--fleet", "/nope.json"], /^--fleet \/nope\.json: there is no such file$/],
  [["--fleet", "/tmp", "--link", "/tmp/x"], /^--fleet and --link exclude each other$/],
])("%j is one line on stderr and code 2", async (options, complaint) => {
  const { code, errors } = await runProgram(["start", ...options]);
  expect(code).toBe(2);
  expect(errors.replace(/^vmodem: (.*)\n$/, "$1")).toMatch(complaint);
});

test.each<readonly [content: unknown, complaint: string]>([
  ["[{", "Expected property name"],
  [{}, "not an array with at least one object"],
  [[], "not an array with at least one object"],
  [[1], "options: not an object"],
  [[{}, { identiy: "sim5320" }], "unknown option [1].identiy; did you mean [1].identity?"],
  [[{ sim: "lost" }], "[0].sim lost: not one of"],
  [[{ stdio: true }], "stdio belongs to one modem alone"],
])("a fleet of %j is refused", async (content, complaint) => {
  const path = fleetFile(content);
  const { code, errors } = await runProgram(["start", "--fleet", path]);
  expect(code).toBe(2);
  expect(errors).toContain(`vmodem: --fleet ${path}: ${complaint}`);
});

test("a hundred modems in one process rest when idle, and send mail at once", async () => {
  const { idle, mails } = await measureFleet(100);
  expect(idle).toBeLessThan(0.2);
  expect(mails).toBe(100);
}, 60_000);

test("a modem that only waits holds little", async () => {
  expect(await measureHeap(100)).toBeLessThan(32);
});
