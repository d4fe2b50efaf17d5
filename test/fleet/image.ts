import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { bounded, until } from "../support/program.ts";
import { works } from "../support/project.ts";
import { type Daemon, endDaemons, startDaemon } from "./daemons.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const CONTAINERFILE = join(ROOT, "fixtures", "deploy", "container", "Containerfile");
/** How long one step of the build may take, in milliseconds. */
const PATIENCE = 400_000;
/** The authorities that npm needs. */
const AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";
/** A user whom no file of the image knows. */
const USER = { uid: 54_321, gid: 54_321 };

/** What is used of the configuration of a container. */
interface Config {
  readonly process: {
    readonly args: readonly string[];
    readonly user: { readonly uid: number; readonly gid: number };
    readonly terminal: boolean;
    readonly capabilities: Readonly<Record<string, readonly string[]>>;
  };
  readonly root: { readonly path: string; readonly readonly?: boolean };
}

type Run = (command: string, ...args: readonly string[]) => Promise<{ readonly stdout: string }>;

/** Whether images can be built and run here, which takes root. */
export async function canBuild(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  const tools = ["buildah", "mmdebstrap", "umoci", "runc"].map((tool) => works(tool, "--version"));
  return (await Promise.all(tools)).every(Boolean);
}

/** The image that the Containerfile makes, unpacked for a runtime. */
export interface Image {
  /** The command that checks its health. */
  readonly healthCheck: readonly string[];
  /** Starts it: no file can be written, there is no capability, and the user is any. Without a command it runs its own. */
  start(...command: readonly string[]): Promise<Container>;
  close(): Promise<void>;
}

export interface Container {
  waitFor(text: string): Promise<void>;
  /** Runs a program inside, and gives what it prints. */
  exec(...command: readonly string[]): Promise<string>;
  /** Signals it as an engine does, and gives the exit code. */
  end(): Promise<number | null>;
}

/** Builds it on a Debian with the Node of this machine, in the place of the base image. */
export async function buildImage(): Promise<Image> {
  const folder = await mkdtemp(join(tmpdir(), "vmodem-image-"));
  const at = (name: string) => join(folder, name);
  const run: Run = (command, ...args) => promisify(execFile)(command, args, { cwd: folder, timeout: PATIENCE });
  const daemons: Daemon[] = [];
  const close = async () => {
    await endDaemons(daemons);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await makeBase(at("base"), run);
    await mkdir(at("context"));
    await run("npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", at("context"), ROOT);
    const storage = ["--root", at("store"), "--runroot", at("storerun"), "--storage-driver", "vfs"];
    const build = ["build", "--isolation", "chroot", "--format", "docker"];
    await writeFile(at("Containerfile"), "FROM scratch\nCOPY . /\n");
    await run("buildah", ...storage, ...build, "--tag", "base", "--file", at("Containerfile"), at("base"));
    const argument = ["--build-arg", "BASE=localhost/base"];
    await run("buildah", ...storage, ...build, ...argument, "--tag", "vmodem", "--file", CONTAINERFILE, at("context"));
    const { stdout } = await run("buildah", ...storage, "inspect", "--type", "image", "vmodem");
    const { Healthcheck, Entrypoint } = JSON.parse(stdout).Docker.config;
    await run("buildah", ...storage, "push", "vmodem", `oci:${at("oci")}:vmodem`);
    await run("umoci", "unpack", "--image", `${at("oci")}:vmodem`, at("bundle"));
    const configFile = join(at("bundle"), "config.json");
    const config: Config = JSON.parse(await readFile(configFile, "utf8"));
    const runtime = ["--root", at("runtime")];
    const start = async (...command: readonly string[]): Promise<Container> => {
      const name = `vmodem-${daemons.length}`;
      const args = command.length === 0 ? config.process.args : [...Entrypoint, ...command];
      await writeFile(configFile, JSON.stringify(confined(config, args)));
      const daemon = startDaemon("runc", [...runtime, "run", "--bundle", at("bundle"), name], { cwd: folder });
      daemons.push(daemon);
      return {
        waitFor: (text) => until(() => daemon.output().includes(text), `${text} of ${name}`),
        exec: async (...inside) => (await run("runc", ...runtime, "exec", name, ...inside)).stdout,
        end: async () => {
          await run("runc", ...runtime, "kill", name, "TERM");
          return bounded(daemon.ended, () => `${name} to end`);
        },
      };
    };
    return { healthCheck: Healthcheck.Test, start, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function makeBase(folder: string, run: Run): Promise<void> {
  await run("mmdebstrap", "--variant=apt", "--include=tini,libstdc++6", "bookworm", folder);
  const npm = join((await run("npm", "root", "--global")).stdout.trim(), "npm");
  await cp(process.execPath, join(folder, "usr", "bin", "node"));
  await cp(npm, join(folder, "usr", "lib", "node_modules", "npm"), { recursive: true });
  await symlink("../lib/node_modules/npm/bin/npm-cli.js", join(folder, "usr", "bin", "npm"));
  await mkdir(dirname(join(folder, AUTHORITIES)), { recursive: true });
  await cp(AUTHORITIES, join(folder, AUTHORITIES));
  await writeFile(join(folder, "root", ".npmrc"), `cafile=${AUTHORITIES}\n`);
}

function confined(config: Config, args: readonly string[]): Config {
  const none = Object.fromEntries(Object.keys(config.process.capabilities).map((set) => [set, []]));
  return {
    ...config,
    process: { ...config.process, args, user: USER, terminal: false, capabilities: none },
    root: { ...config.root, readonly: true },
  };
}
