import { hmacMd5 } from "../../platform/crypto.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import type { SmtpDialogue } from "./dialogue.ts";
import { accept, SmtpRefusal, type SmtpReply } from "./reply.ts";

export interface SmtpCredentials {
  readonly user: string;
  readonly password: string;
}

type Mechanism = (dialogue: SmtpDialogue, credentials: SmtpCredentials) => Promise<SmtpReply>;

/** In the order of preference: the password itself goes out only to a server that knows no better. */
const MECHANISMS: ReadonlyMap<string, Mechanism> = new Map([
  ["CRAM-MD5", cramMd5],
  ["PLAIN", plain],
  ["LOGIN", login],
]);

/** RFC 4954 §4: an initial response must not make the line longer than 512 bytes. */
const INITIAL_RESPONSE_LIMIT = 512 - "AUTH PLAIN \r\n".length;

/** Authenticates by the first mechanism that the server offers; one that offers none of ours is `REPLY`. */
export async function authenticate(
  dialogue: SmtpDialogue,
  offered: ReadonlySet<string>,
  credentials: SmtpCredentials,
): Promise<void> {
  // NUL separates the fields of PLAIN.
  if (/[\0\r\n]/.test(credentials.user + credentials.password)) {
    throw new SmtpRefusal("AUTH", 535, "a control character in the credentials");
  }
  for (const [name, mechanism] of MECHANISMS) {
    if (!offered.has(name)) continue;
    accept(await mechanism(dialogue, credentials), "AUTH", 2);
    return;
  }
  throw new ServiceError("REPLY", "the server offers no mechanism of ours");
}

/** RFC 2195. */
async function cramMd5(dialogue: SmtpDialogue, { user, password }: SmtpCredentials): Promise<SmtpReply> {
  const challenge = accept(await dialogue.request("AUTH", "AUTH CRAM-MD5"), "AUTH", 3).lines[0] ?? "";
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(challenge)) throw new ServiceError("REPLY", "a challenge that is not base64");
  const text = Buffer.from(challenge, "base64").toString("utf8");
  return answer(dialogue, `${user} ${hmacMd5(password, text)}`);
}

/** RFC 4616. */
async function plain(dialogue: SmtpDialogue, { user, password }: SmtpCredentials): Promise<SmtpReply> {
  const response = `\0${user}\0${password}`;
  const initial = base64(response);
  if (initial.length <= INITIAL_RESPONSE_LIMIT) return secret(dialogue, `AUTH PLAIN ${initial}`, "AUTH PLAIN ***");
  accept(await dialogue.request("AUTH", "AUTH PLAIN"), "AUTH", 3);
  return answer(dialogue, response);
}

/** What servers call LOGIN: they ask for the name, then for the password, in words that nobody reads. */
async function login(dialogue: SmtpDialogue, { user, password }: SmtpCredentials): Promise<SmtpReply> {
  accept(await dialogue.request("AUTH", "AUTH LOGIN"), "AUTH", 3);
  accept(await answer(dialogue, user), "AUTH", 3);
  return answer(dialogue, password);
}

function answer(dialogue: SmtpDialogue, text: string): Promise<SmtpReply> {
  return secret(dialogue, base64(text), "***");
}

function secret(dialogue: SmtpDialogue, line: string, shown: string): Promise<SmtpReply> {
  return dialogue.request("AUTH", line, shown);
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
