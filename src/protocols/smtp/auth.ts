import { hmacMd5 } from "../../platform/crypto.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import type { SmtpDialogue } from "./dialogue.ts";
import { accept, SmtpRefusal, type SmtpReply } from "./reply.ts";

export interface SmtpCredentials {
  readonly user: string;
  readonly password: string;
}

type Mechanism = (dialogue: SmtpDialogue, credentials: SmtpCredentials) => Promise<SmtpReply>;

/** In the order of preference: CRAM-MD5 does not send the password itself. */
const MECHANISMS: ReadonlyMap<string, Mechanism> = new Map([
  ["CRAM-MD5", cramMd5],
  ["PLAIN", plain],
  ["LOGIN", login],
]);

/** RFC 4954 §4: an initial response must not make the line longer than 512 bytes. */
const INITIAL_RESPONSE_LIMIT = 512 - "AUTH PLAIN \r\n".length;

/**
 * Authenticates by the first of our mechanisms that the server offers and turns out to support. A server that offers none
 * of them is `REPLY`; where the last one offered fails, its refusal is thrown.
 */
export async function authenticate(
  dialogue: SmtpDialogue,
  offered: ReadonlySet<string>,
  credentials: SmtpCredentials,
): Promise<void> {
  // NUL separates the fields of PLAIN.
  if (/[\0\r\n]/.test(credentials.user + credentials.password)) {
    throw new SmtpRefusal("AUTH", 535, "a control character in the credentials");
  }
  let failure = new ServiceError("REPLY", "the server offers no AUTH mechanism that the client supports");
  for (const [name, mechanism] of MECHANISMS) {
    if (!offered.has(name)) continue;
    try {
      accept(await mechanism(dialogue, credentials), "AUTH", 2);
      return;
    } catch (error) {
      if (!isUnsupported(error)) throw error;
      failure = error;
    }
  }
  throw failure;
}

/**
 * Whether a refusal is about the mechanism and not about the credentials: 504 (RFC 4954 §4), or the 535 of servers that
 * offer in EHLO what their authentication back end does not support. Exim and Cyrus SASL only say so in the text.
 */
function isUnsupported(error: unknown): error is SmtpRefusal {
  if (!(error instanceof SmtpRefusal)) return false;
  return error.reply === 504 || (error.reply === 535 && (error.status === "5.5.4" || /mechanism/i.test(error.text)));
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
  if (initial.length <= INITIAL_RESPONSE_LIMIT) {
    const reply = await secret(dialogue, `AUTH PLAIN ${initial}`, "AUTH PLAIN ***");
    // Some servers ignore the initial response and ask for it by an empty challenge.
    const isAskedFor = reply.code === 334 && reply.lines.every((line) => line.trim() === "");
    return isAskedFor ? answer(dialogue, response) : reply;
  }
  accept(await dialogue.request("AUTH", "AUTH PLAIN"), "AUTH", 3);
  return answer(dialogue, response);
}

/** Has no specification: the server asks for the name, then for the password. Its words differ, so they are not looked at. */
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
