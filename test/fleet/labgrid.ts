import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { until, VMODEM } from "../support/program.ts";
import { type Daemon, endDaemons, startDaemon } from "./daemons.ts";

const DEPLOY = join(import.meta.dirname, "..", "..", "fixtures", "deploy", "labgrid");
/** Debian's own, which has Debian's packages. */
export const PYTHON = "/usr/bin/python3";
/** How long one command of labgrid may take, in milliseconds: to load all of it is slow on a busy machine. */
const PATIENCE = 60_000;

/** How a command ended, and all that it printed. */
interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** A lab on this machine: four modems, and everything of labgrid that leases them. */
export interface Lab {
  /** Runs `labgrid-client` as a user: gives what it prints, or rejects with what it complains of. */
  client(user: string, ...args: readonly string[]): Promise<string>;
  /** Runs the tests that stand beside the exporter's file, at a place. */
  pytest(user: string, place: string): Promise<Outcome>;
  close(): Promise<void>;
}

export async function startLab(): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), "vmodem-labgrid-"));
  // pytest writes beside the tests.
  await cp(DEPLOY, folder, { recursive: true });
  const daemons: Daemon[] = [];
  const close = async () => {
    await endDaemons(daemons);
    await rm(folder, { recursive: true });
  };
  const start = async (environment: NodeJS.ProcessEnv, command: string, args: readonly string[], ready: RegExp) => {
    const daemon = startDaemon(command, args, { cwd: folder, env: { ...process.env, ...environment } });
    daemons.push(daemon);
    await until(() => ready.test(daemon.output()), `${args.join(" ")} to be ready`);
    return daemon.output();
  };
  try {
    const vmodem = [VMODEM, "start", "--json", "--count", "4", "--rfc2217", "0"];
    const { modems } = JSON.parse(await start({}, process.execPath, vmodem, /\n/));
    const ports = (modems as readonly { readonly port: string }[]).map(({ port }) => new URL(port).port);
    const router = await start({}, PYTHON, [join(import.meta.dirname, "wamp-router.py")], /\n/);
    const url = `ws://127.0.0.1:${router.trim()}/ws`;
    const environment = { WS: url, LG_CROSSBAR: url, PYTHONUNBUFFERED: "1" };
    await start(environment, PYTHON, ["-m", "labgrid.remote.coordinator"], /Coordinator ready/);
    const exporter = ["-m", "labgrid.remote.exporter", "--name", "farm1", "exporter.yaml"];
    // It tells of a resource when the coordinator has it.
    await start({ ...environment, MODEM_PORTS: ports.join(" ") }, PYTHON, exporter, /add resource modem4/);
    const as = (user: string) => ({ cwd: folder, env: { ...process.env, ...environment, LG_USERNAME: user } });
    return {
      client: async (user, ...args) => {
        const command = ["-m", "labgrid.remote.client", ...args];
        const { stdout } = await promisify(execFile)(PYTHON, command, { ...as(user), timeout: PATIENCE });
        return stdout;
      },
      pytest: (user, place) => {
        const { cwd, env } = as(user);
        const command = ["-m", "pytest", "--lg-env", "environment.yaml"];
        return outcome(command, { cwd, env: { ...env, LG_PLACE: place } });
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function outcome(command: readonly string[], options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }) {
  return new Promise<Outcome>((resolve) => {
    execFile(PYTHON, command, { ...options, timeout: PATIENCE }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, output: stdout + stderr });
    });
  });
}
