import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { chmodSync, lstatSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { formatControlAddress } from "../control/client.ts";
import { ROUTES } from "../control/routes/routes.ts";
import { ControlServer } from "../control/server.ts";
import type { Log } from "../platform/log.ts";
import { UsageError } from "../platform/usage-error.ts";
import type { ControlPlace } from "../rig/address-kinds.ts";
import type { Rig } from "../rig/rig.ts";
import { writeRigFile } from "./ctl/rig-file.ts";
import { explainError } from "./explain.ts";

/** A control interface that listens. */
export interface Control {
  /** `http://127.0.0.1:4711` or `unix:/path`. */
  readonly address: string;
  /** What requests must carry; `undefined` where they need no token. */
  readonly token: string | undefined;
  /** Whether the token was made here, so that the user must be told. */
  readonly isTokenNew: boolean;
  close(): Promise<void>;
  /** Removes the files that tell of it: what a process can still do while it exits. */
  release(): void;
}

/**
 * Serves the control interface of a rig, and leaves the file by which `vmodem ctl` finds it.
 *
 * @throws UsageError where it cannot listen
 */
export async function serveControl(
  rig: Rig,
  place: ControlPlace,
  givenToken: string | undefined,
  log: Log,
): Promise<Control> {
  const isBeyond = place.kind === "tcp" && !isLoopback(place.host);
  const token = givenToken ?? (isBeyond ? randomBytes(24).toString("base64url") : undefined);
  const access = { unix: place.kind === "unix", token, equal };
  const server = new ControlServer({ rig, routes: ROUTES, access, log });
  await listen(server, place);
  const address = formatControlAddress(addressOf(server, place));
  const removeFile = writeRigFile({ pid: process.pid, control: address, token });
  const release = () => {
    removeFile();
    if (place.kind === "unix") rmSync(place.path, { force: true });
  };
  return {
    address,
    token,
    isTokenNew: token !== givenToken,
    close: async () => {
      release();
      await server.close();
    },
    release,
  };
}

async function listen(server: ControlServer, place: ControlPlace): Promise<void> {
  const name = place.kind === "unix" ? `--control unix:${place.path}` : `--control ${place.host}:${place.port}`;
  try {
    if (place.kind === "unix") {
      await removeDeadSocket(place.path);
      // The socket must never be open to others, not even between being made and being listened to.
      const mask = process.umask(0o177);
      server.http.listen({ path: place.path });
      process.umask(mask);
    } else {
      server.http.listen({ host: place.host, port: place.port });
    }
    await once(server.http, "listening");
    if (place.kind === "unix") chmodSync(place.path, 0o600);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${name}: ${explainError(error) ?? String(error)}`, { option: "--control", cause: error });
  }
}

/** Removes a socket at which nothing listens any more; another file stays, and refuses the place. */
async function removeDeadSocket(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new UsageError(`--control unix:${path}: the file there is not a socket`);
  const socket = connect({ path });
  const isAlive = await once(socket, "connect").then(
    () => true,
    () => false,
  );
  socket.destroy();
  if (isAlive) throw new UsageError(`--control unix:${path}: another process listens there`);
  rmSync(path, { force: true });
}

function addressOf(server: ControlServer, place: ControlPlace) {
  const bound = server.http.address();
  return place.kind === "tcp" && typeof bound === "object" && bound !== null ? { ...place, port: bound.port } : place;
}

function isLoopback(host: string): boolean {
  return host === "::1" || host === "localhost" || /^127\./.test(host);
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
