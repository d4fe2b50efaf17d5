import type { Result } from "../../../at/result-code.ts";
import { ipErrorText, SOCKET_FAILURES, type SocketFailure } from "../../../services/sockets/codes.ts";
import type { ModemContext } from "../../modem-context.ts";

/** What a socket command may touch. */
export type SocketContext = Pick<ModemContext, "line" | "sockets" | "settings" | "identity">;

/** `+IP ERROR` and `ERROR`: the text, or the number with AT+CIPCCFG's errMode 0 (module.md 1.8). */
export function ipError({ line, settings }: SocketContext, failure: SocketFailure): Result {
  const isText = settings.get("+CIPCCFG:3") === 1;
  line.info(`+IP ERROR: ${isText ? ipErrorText(failure) : SOCKET_FAILURES[failure].ip}`);
  return "ERROR";
}

/** A line with the number of a failure behind what stands before it, and `ERROR`. */
export function numberedError({ line }: SocketContext, head: string, failure: SocketFailure): Result {
  line.info(`${head}${SOCKET_FAILURES[failure].err}`);
  return "ERROR";
}

/** The answer to a failed command that both sets have, in the form of the set in force. */
export function cipError(context: SocketContext, failure: SocketFailure): Result {
  return usesOlderSet(context) ? ipError(context, failure) : numberedError(context, "+CIPERROR: ", failure);
}

/** Which set holds: that of AT+NETOPEN; before it the later one, where the module has it. */
export function usesOlderSet({ sockets, identity }: SocketContext): boolean {
  const { network } = sockets;
  return network === undefined ? identity.socketSets === "older" : network.set === "older";
}

/** The reason why a command of the older set cannot run now; `undefined` when it can. */
export function olderSetRefusal({ sockets }: SocketContext): SocketFailure | undefined {
  if (sockets.network === undefined) return "closed";
  return sockets.network.set === "older" ? undefined : "unsupported";
}
