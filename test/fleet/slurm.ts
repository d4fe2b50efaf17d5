import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../support/free-port.ts";
import { until } from "../support/program.ts";
import { endDaemons, startDaemon } from "./daemons.ts";

const DEPLOY = join(import.meta.dirname, "..", "..", "fixtures", "deploy", "slurm");
const MODEMS = 4;

/** A Slurm of one node on this machine, with modems as a resource. */
export interface Slurm {
  readonly folder: string;
  /** Runs one of its commands in its folder; gives what it printed, or rejects. */
  run(command: string, ...args: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

/** Kills the daemon of a job's step, which a killed slurmd leaves behind. */
async function killStepDaemons(configurationFile: string): Promise<void> {
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const of = (name: string) => readFile(`/proc/${pid}/${name}`, "latin1").catch(() => "");
    if ((await of("comm")) !== "slurmstepd\n") continue;
    if ((await of("environ")).includes(`SLURM_CONF=${configurationFile}\0`)) process.kill(Number(pid), "SIGKILL");
  }
}

/** Starts it, with a key of its own beside any other that runs here. */
export async function startSlurm(): Promise<Slurm> {
  const folder = await mkdtemp(join(tmpdir(), "vmodem-slurm-"));
  const file = (name: string) => join(folder, name);
  const environment = {
    ...process.env,
    SLURM_CONF: file("slurm.conf"),
    VMODEM: join(DEPLOY, "../../../bin/vmodem.js"),
  };
  const run = async (command: string, ...args: readonly string[]) => {
    const { stdout } = await promisify(execFile)(command, args, { cwd: folder, env: environment });
    return stdout;
  };
  for (const name of ["state", "spool"]) await mkdir(file(name));
  await writeFile(file("key"), randomBytes(1024), { mode: 0o400 });
  await writeFile(file("slurm.conf"), await configuration(folder));
  await writeFile(file("gres.conf"), await readFile(join(DEPLOY, "gres.conf")));
  const names = ["socket", "pid-file", "log-file", "seed-file"].map((name) => `--${name}=${file(`munge.${name}`)}`);
  const daemons = [
    ["munged", "--foreground", "--force", `--key-file=${file("key")}`, ...names],
    ["slurmctld", "-D"],
    ["slurmd", "-D", "-N", node()],
  ].map(([command = "", ...args]) => startDaemon(command, args, { cwd: folder, env: environment, stdio: "ignore" }));
  const close = async () => {
    // slurmd may wait for a step of a cancelled job for minutes, and is killed then.
    await endDaemons(daemons);
    await killStepDaemons(environment.SLURM_CONF);
    await rm(folder, { recursive: true });
  };
  try {
    await untilIdle(run);
  } catch (error) {
    await close();
    throw error;
  }
  return { folder, run, close };
}

/** The controller takes a moment to listen, and the node to report. */
async function untilIdle(run: Slurm["run"]): Promise<void> {
  let state = "";
  const look = async (): Promise<void> => {
    state = await run("sinfo", "--noheader", "--format=%T").catch(() => "");
  };
  let looking = Promise.resolve();
  await until(() => {
    looking = looking.then(look);
    return state.trim() === "idle";
  }, "the node to be idle");
  await looking;
}

function node(): string {
  return hostname().split(".")[0] ?? "";
}

async function configuration(folder: string): Promise<string> {
  const [control, daemon] = [await freePort(), await freePort()];
  return `Include ${join(DEPLOY, "modem.conf")}
ClusterName=farm
SlurmctldHost=${node()}(127.0.0.1)
SlurmctldPort=${control}
SlurmUser=root
AuthInfo=socket=${join(folder, "munge.socket")}
StateSaveLocation=${join(folder, "state")}
SlurmdSpoolDir=${join(folder, "spool")}
SlurmctldPidFile=${join(folder, "slurmctld.pid")}
SlurmdPidFile=${join(folder, "slurmd.pid")}
SlurmctldLogFile=${join(folder, "slurmctld.log")}
SlurmdLogFile=${join(folder, "slurmd.log")}
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
KillWait=5
NodeName=${node()} NodeAddr=127.0.0.1 Port=${daemon} CPUs=16 Gres=modem:${MODEMS}
PartitionName=farm Nodes=${node()} Default=YES
`;
}
