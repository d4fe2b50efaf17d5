import type { Random } from "../../platform/crypto.ts";
import type { Alarm, Clock } from "../../platform/time/clock.ts";
import { type ControlPacket, writeControlPacket } from "./control-packet.ts";
import type { Authentication } from "./lcp.ts";
import { PPP_LIMITS } from "./limits.ts";

/** The codes of PAP (RFC 1334 2.2) and of CHAP (RFC 1994 4). */
const PAP = { request: 1, ack: 2 } as const;
const CHAP = { challenge: 1, response: 2, success: 3 } as const;

/** Who challenges: AMSS's name for itself. */
const NAME = "UMTS_CHAP_SRVR";

/** Bytes of a challenge. */
const CHALLENGE = 16;

export interface AuthenticatorParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly method: Authentication;
  send(packet: Buffer): void;
  succeeded(): void;
  /** The host does not answer. */
  failed(): void;
}

/**
 * Lets the host show who it is: any credentials are right, they are for a network that does not check them. A challenge
 * is repeated until it is answered; PAP waits for the host.
 */
export class Authenticator {
  readonly #parts: AuthenticatorParts;
  readonly #challenge: Buffer;
  #tries: number = PPP_LIMITS.configure;
  #timer: Alarm | undefined;
  #done = false;

  constructor(parts: AuthenticatorParts) {
    this.#parts = parts;
    const hex = parts.random.hex(2 * CHALLENGE);
    this.#challenge = Buffer.concat([Buffer.of(CHALLENGE), Buffer.from(hex, "hex"), Buffer.from(NAME)]);
    this.#try();
  }

  get method(): Authentication {
    return this.#parts.method;
  }

  /** Takes a packet of the protocol. One that was answered before is answered again: its answer may have been lost. */
  receive({ code, id, data }: ControlPacket): void {
    const { method } = this.#parts;
    const isLogin =
      method === "pap" ? code === PAP.request && isPapLogin(data) : code === CHAP.response && isChapLogin(data);
    if (!isLogin) return;
    this.#timer?.cancel();
    // PAP's acknowledgement counts the bytes of its empty message.
    if (method === "pap") this.#send(PAP.ack, id, Buffer.of(0));
    else this.#send(CHAP.success, id, Buffer.alloc(0));
    if (this.#done) return;
    this.#done = true;
    this.#parts.succeeded();
  }

  /** Stops the timer. */
  dispose(): void {
    this.#timer?.cancel();
  }

  #try(): void {
    const { clock, method, failed } = this.#parts;
    if (method === "chap") this.#send(CHAP.challenge, PPP_LIMITS.configure - this.#tries, this.#challenge);
    this.#timer = clock.alarm(PPP_LIMITS.restart, () => {
      this.#tries--;
      if (this.#tries > 0) this.#try();
      else failed();
    });
  }

  #send(code: number, id: number, data: Buffer): void {
    this.#parts.send(writeControlPacket(code, id, data));
  }
}

/** Name and password, each behind its length. */
function isPapLogin(data: Buffer): boolean {
  const name = data[0];
  const password = name === undefined ? undefined : data[1 + name];
  return name !== undefined && password !== undefined && data.length >= 2 + name + password;
}

/** A value behind its length, and the name. */
function isChapLogin(data: Buffer): boolean {
  const [length] = data;
  return length !== undefined && length > 0 && data.length > length;
}
