import { isIP, type Socket } from "node:net";
import { connect, createSecureContext, TLSSocket } from "node:tls";
import { onAbort } from "../abortable.ts";
import type { SecureOptions } from "./network.ts";
import { ServiceError } from "./service-error.ts";

/**
 * Starts TLS on a connected socket and resolves with the secure one when the handshake has succeeded. Everything that the
 * socket holds unread is taken for the handshake. A failure is `REPLY`, a lost connection `RESET` or `CLOSED`.
 */
export function startTls(plain: Socket, options: SecureOptions, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // TLS takes over the handle; an error that the plain socket reports beside it must not end the process.
    plain.on("error", () => undefined);
    let secure: TLSSocket;
    try {
      secure = options.side === "server" ? serverSide(plain, options) : clientSide(plain, options);
    } catch (error) {
      reject(new ServiceError("UNKNOWN", `TLS cannot start: ${(error as Error).message}`, { cause: error }));
      return;
    }
    const settle = () => {
      release();
      secure.removeListener("error", onError);
      secure.removeListener("end", onEnd);
      secure.removeListener("close", onEnd);
    };
    const onError = (error: NodeJS.ErrnoException) => {
      settle();
      secure.on("error", () => undefined);
      const code = error.code === "ECONNRESET" || error.code === "EPIPE" ? "RESET" : "REPLY";
      reject(new ServiceError(code, `the TLS handshake failed: ${error.message}`, { cause: error }));
    };
    const onEnd = () => {
      settle();
      secure.on("error", () => undefined);
      reject(new ServiceError("CLOSED", "the connection was closed during the TLS handshake"));
    };
    const release = onAbort(signal, () => {
      settle();
      secure.on("error", () => undefined);
      reject(signal.reason);
    });
    secure.on("error", onError);
    secure.on("end", onEnd);
    secure.on("close", onEnd);
    // "secureConnect" is the client's name for it, after the certificate was checked; "secure" is the server's.
    secure.once(options.side === "server" ? "secure" : "secureConnect", () => {
      settle();
      resolve(secure);
    });
  });
}

/** A secure socket stays half open like the plain one. */
function clientSide(plain: Socket, options: SecureOptions & { readonly side: "client" }): TLSSocket {
  const { serverName, verify = true, anyName = false, ca, identity, session } = options;
  const secure = connect({
    socket: plain,
    rejectUnauthorized: verify,
    // RFC 6066 §3: an address is no server name.
    ...(serverName === undefined ? {} : isIP(serverName) === 0 ? { servername: serverName } : { host: serverName }),
    ...(anyName ? { checkServerIdentity: () => undefined } : {}),
    ...(ca === undefined ? {} : { ca: [...ca] }),
    ...(identity === undefined ? {} : { key: identity.key, cert: identity.certificate }),
    ...(session?.ticket === undefined ? {} : { session: session.ticket }),
  });
  if (session !== undefined) {
    secure.on("session", (ticket) => {
      session.ticket = ticket;
    });
  }
  return secure;
}

function serverSide(plain: Socket, options: SecureOptions & { readonly side: "server" }): TLSSocket {
  const { key, certificate, maxVersion } = options;
  const secureContext = createSecureContext({ key, cert: certificate, ...(maxVersion && { maxVersion }) });
  return new TLSSocket(plain, { isServer: true, secureContext });
}
