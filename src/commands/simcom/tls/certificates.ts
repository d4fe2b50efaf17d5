import { CountedEntry } from "../../../at/entry/counted-entry.ts";
import type { Result } from "../../../at/result-code.ts";
import { quoted } from "../../../codec/quoted-string.ts";
import { EfsError } from "../../../efs/efs-error.ts";
import { AUTHORITIES, Credentials } from "../../../services/tls/credentials.ts";
import { TLS_LIMITS } from "../../../services/tls/limits.ts";
import { type Command, defineCommand } from "../../modem-context.ts";

const SPEC = { document: "module", section: "2.3" } as const;
const file = { kind: "string", name: "file", minLength: 1, maxLength: 100 } as const;

const download = defineCommand({
  name: "+CCERTDOWN",
  summary: "Takes a certificate or key, .pem or .der, into the EFS",
  spec: SPEC,
  kind: "holding",
  needsPin: false,
  parameters: [file, { kind: "int", name: "length", min: 1, max: TLS_LIMITS.certificate }],
  test: () => ['+CCERTDOWN: "FILENAME",(1-32768)'],
  async write({ file: name, length }, { line, credentials }) {
    if (!Credentials.isName(name)) return "ERROR";
    const pieces: Buffer[] = [];
    const receive = async (data: Buffer) => void pieces.push(data);
    const outcome = await line.prompt(">", new CountedEntry(length, receive, { early: true }), "inline");
    if (outcome !== "ended") return "ERROR";
    return whetherKept(credentials.store(name, Buffer.concat(pieces), line.signal));
  },
});

/** `ERROR` where the EFS refuses. */
async function whetherKept(work: Promise<unknown>): Promise<Result> {
  try {
    await work;
    return "OK";
  } catch (error) {
    if (error instanceof EfsError) return "ERROR";
    throw error;
  }
}

const list = defineCommand({
  name: "+CCERTLIST",
  summary: "Lists the certificates and keys in the EFS",
  spec: SPEC,
  kind: "holding",
  needsPin: false,
  parameters: [],
  async execute({ line, credentials }): Promise<Result> {
    const names = await credentials.list();
    if (names.length > 0) line.info(names.map((name) => `+CCERTLIST: ${quoted(name)}`).join("\r\n"));
    return "OK";
  },
});

const remove = defineCommand({
  name: "+CCERTDELE",
  summary: "Removes a certificate or key",
  spec: SPEC,
  kind: "holding",
  needsPin: false,
  parameters: [file],
  test: () => [],
  write: async ({ file: name }, { credentials }) => ((await credentials.remove(name)) ? "OK" : "ERROR"),
});

const authority = defineCommand({
  name: "+CSSLCA",
  summary: "Trusts an authority: servers are checked against those that are trusted, if any",
  spec: SPEC,
  kind: "holding",
  needsPin: false,
  parameters: [{ kind: "int", name: "place", min: 0, max: AUTHORITIES - 1 }, file],
  test: () => ["+CSSLCA: (0-3)"],
  write: async ({ place, file: name }, { credentials }) =>
    (await credentials.useAuthority(place, name)) ? "OK" : "ERROR",
});

const certificate = defineCommand({
  name: "+CSSLCERT",
  summary: "Chooses the certificate that is shown to a server that asks for one",
  spec: SPEC,
  kind: "holding",
  needsPin: false,
  parameters: [file, { kind: "int", name: "index", min: 0, max: 3, optional: true }],
  test: () => [],
  write: async ({ file: name }, { credentials }) => ((await credentials.useCertificate(name)) ? "OK" : "ERROR"),
});

const key = defineCommand({
  name: "+CSSLKEY",
  summary: "Chooses the key of that certificate",
  spec: SPEC,
  kind: "holding",
  needsPin: false,
  parameters: [file, { kind: "int", name: "type", min: 0, max: 1, optional: true }],
  test: () => [],
  write: async ({ file: name }, { credentials }) => ((await credentials.useKey(name)) ? "OK" : "ERROR"),
});

const check = defineCommand({
  name: "+CSSLLOADCK",
  summary: "Loads the chosen certificate and key",
  spec: SPEC,
  kind: "holding",
  needsPin: false,
  parameters: [],
  execute: async ({ credentials, line }) => ((await credentials.load(line.signal)) ? "OK" : "ERROR"),
});

/** Certificates and keys. */
export const certificateCommands: readonly Command[] = [download, list, remove, authority, certificate, key, check];
