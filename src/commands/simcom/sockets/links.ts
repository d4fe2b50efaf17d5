import type { Result } from "../../../at/result-code.ts";
import { SOCKET_LIMITS } from "../../../services/sockets/limits.ts";
import type { LinkRequest } from "../../../services/sockets/link.ts";
import { ipError, type SocketContext } from "./answers.ts";

/** The number of a link. */
export const linkParameter = { kind: "int", name: "link", min: 0, max: SOCKET_LIMITS.links - 1 } as const;

/** Any number that a host may write: the handler tells a wrong one from a malformed one. */
export const ANY_NUMBER = { min: 0, max: 4_294_967_295 } as const;

/** Opens a link and leads the line to it (module.md 1.7). */
export async function openTransparent(context: SocketContext, request: LinkRequest): Promise<Result> {
  const { line, sockets, settings } = context;
  const link = await sockets.open(request, settings.get("+CIPTIMEOUT:1"));
  if (typeof link !== "object") {
    if (sockets.network?.set === "older") return connectFailed(context);
    line.info("CONNECT FAIL");
    return "NONE";
  }
  const { link: far, farewell } = sockets.transparent(link);
  line.online(far, farewell);
  return "CONNECT";
}

/** Opens a link of the older command set (module.md 1.3). */
export async function openOlder(context: SocketContext, request: LinkRequest): Promise<Result> {
  const { line, sockets } = context;
  const link = await sockets.open(request, SOCKET_LIMITS.connect);
  if (typeof link !== "object") {
    return link === "create" || link === "unresolved" ? ipError(context, link) : connectFailed(context);
  }
  if (request.protocol === "TCP") line.info("Connect ok");
  line.afterwards(() => link.start());
  return "OK";
}

/** Opens the one connection of the older command set. */
export function connectFirst(context: SocketContext, request: LinkRequest): Promise<Result> {
  const open = context.sockets.network?.transparent === true ? openTransparent : openOlder;
  return open(context, request);
}

function connectFailed({ line }: SocketContext): Result {
  line.info("Connect fail");
  return "ERROR";
}
