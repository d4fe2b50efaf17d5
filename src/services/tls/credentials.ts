import type { Efs } from "../../efs/efs.ts";
import { EfsError } from "../../efs/efs-error.ts";
import { childPath, type EfsPath } from "../../efs/path.ts";
import type { SecureOptions } from "../../platform/network/network.ts";
import { TLS_LIMITS } from "./limits.ts";

/** Where certificates and keys are kept. */
const FOLDER: EfsPath = { volume: "C", segments: ["cert"] };

/** The places for authorities. */
export const AUTHORITIES = 4;

type Kind = "CERTIFICATE" | "PRIVATE KEY";

/**
 * Certificates and keys: files of the EFS, and which of them sessions use. A server is checked only against authorities that
 * the host has loaded; without any it is taken as it is.
 *
 * @spec module.md 2.3
 */
export class Credentials {
  readonly #efs: Efs;
  readonly #authorities = new Map<number, string>();
  #certificate: string | undefined;
  #key: string | undefined;

  constructor(efs: Efs) {
    this.#efs = efs;
  }

  /** Whether a file may have that name. */
  static isName(name: string): boolean {
    return /^[^/\\]+\.(pem|der)$/i.test(name) && childPath(FOLDER, name) !== undefined;
  }

  /** Keeps a file. Rejects with an `EfsError` where the EFS does not take it. */
  async store(name: string, content: Uint8Array, signal: AbortSignal): Promise<void> {
    await this.#efs.ensureDirectory(FOLDER);
    const writer = await this.#efs.openWriter(pathOf(name));
    try {
      await writer.write(content, signal);
      await writer.commit();
    } finally {
      await writer.abandon();
    }
  }

  /** The names of the files. */
  async list(): Promise<readonly string[]> {
    try {
      const entries = await this.#efs.list(FOLDER);
      return entries.filter(({ kind }) => kind === "file").map(({ path }) => path.segments.at(-1) ?? "");
    } catch (error) {
      if (error instanceof EfsError) return [];
      throw error;
    }
  }

  /** Removes a file; `false` where there is none. */
  async remove(name: string): Promise<boolean> {
    if (!(await this.#has(name))) return false;
    await this.#efs.remove(pathOf(name));
    return true;
  }

  /** Uses a file as the authority of a place; `false` where there is none. */
  async useAuthority(place: number, name: string): Promise<boolean> {
    if (!(await this.#has(name))) return false;
    this.#authorities.set(place, name);
    return true;
  }

  /** Uses a file as our own certificate, as of {@link useAuthority}. */
  async useCertificate(name: string): Promise<boolean> {
    if (!(await this.#has(name))) return false;
    this.#certificate = name;
    return true;
  }

  /** Uses a file as our own key, as of {@link useAuthority}. */
  async useKey(name: string): Promise<boolean> {
    if (!(await this.#has(name))) return false;
    this.#key = name;
    return true;
  }

  /** Whether our own certificate and key can be read. */
  async load(signal: AbortSignal): Promise<boolean> {
    try {
      return (await this.#identity(signal)) !== undefined;
    } catch (error) {
      if (error instanceof EfsError) return false;
      throw error;
    }
  }

  /** How a session becomes secure. Rejects with an `EfsError` where a file that is in use has gone. */
  async secureOptions(serverName: string, signal: AbortSignal): Promise<SecureOptions> {
    const names = [...this.#authorities.values()];
    const ca = await Promise.all(names.map((name) => this.#read(name, "CERTIFICATE", signal)));
    const identity = await this.#identity(signal);
    return {
      side: "client",
      serverName,
      verify: ca.length > 0,
      // Modules check who has issued a certificate, not for which name.
      anyName: true,
      ca,
      ...(identity === undefined ? {} : { identity }),
    };
  }

  async #identity(signal: AbortSignal): Promise<{ readonly key: string; readonly certificate: string } | undefined> {
    if (this.#certificate === undefined || this.#key === undefined) return undefined;
    const certificate = await this.#read(this.#certificate, "CERTIFICATE", signal);
    return { certificate, key: await this.#read(this.#key, "PRIVATE KEY", signal) };
  }

  async #has(name: string): Promise<boolean> {
    return (await this.list()).includes(name);
  }

  /** The file as PEM. */
  async #read(name: string, kind: Kind, signal: AbortSignal): Promise<string> {
    const reader = await this.#efs.openReader(pathOf(name));
    const pieces: Uint8Array[] = [];
    try {
      if (reader.size > TLS_LIMITS.certificate) throw new EfsError("BAD_NAME", `${name} is no certificate`);
      for (let piece = await reader.read(signal); piece !== undefined; piece = await reader.read(signal))
        pieces.push(Buffer.from(piece));
    } finally {
      await reader.close();
    }
    const content = Buffer.concat(pieces);
    return /\.der$/i.test(name) ? pemOf(content, kind) : content.toString("latin1");
  }
}

function pathOf(name: string): EfsPath {
  const path = childPath(FOLDER, name);
  if (path === undefined) throw new EfsError("BAD_NAME", `${name} is no name of the EFS`);
  return path;
}

/** RFC 7468: base64 in lines of 64. */
function pemOf(der: Buffer, kind: Kind): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${kind}-----\n${lines.join("\n")}\n-----END ${kind}-----\n`;
}
