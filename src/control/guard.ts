import type { IncomingMessage } from "node:http";
import { ControlError } from "./control-error.ts";

/** How a control interface is reached, as far as its safety depends on it. */
export interface Access {
  /** Whether it listens on a unix socket, whose permissions decide who may connect. */
  readonly unix: boolean;
  /** What `Authorization: Bearer` must carry; `undefined` where no token is asked for. */
  readonly token: string | undefined;
  /** Compares two secrets in constant time. */
  readonly equal: (a: string, b: string) => boolean;
}

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;
const IPV6 = /^\[[0-9a-f:.]+(%[\w.]+)?\]$/i;

/**
 * Refuses a request that a web page could have made a browser send (instrument 3, Security): by a name that was made to
 * point here, from another origin, or without the token.
 *
 * @throws ControlError 403, 401
 */
export function guard(request: IncomingMessage, access: Access, isPublic: boolean): void {
  const { host, origin, authorization } = request.headers;
  if (!access.unix && !isLiteral(host)) {
    throw new ControlError(403, `the Host header must be an IP address or localhost, not ${host ?? "missing"}`);
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    throw new ControlError(403, `requests from the origin ${origin} are refused`);
  }
  if (access.token === undefined || isPublic) return;
  const [scheme = "", token = ""] = (authorization ?? "").split(/ +/, 2);
  if (scheme.toLowerCase() !== "bearer" || !access.equal(token, access.token)) {
    throw new ControlError(401, "the header Authorization: Bearer TOKEN is missing or wrong");
  }
}

function isLiteral(host: string | undefined): boolean {
  if (host === undefined) return false;
  const name = host.replace(/:\d+$/, "");
  return name.toLowerCase() === "localhost" || IPV4.test(name) || IPV6.test(name);
}

/** What a browser's forms can send without asking first (Fetch, CORS-safelisted request headers). */
const FORM_TYPES = ["application/x-www-form-urlencoded", "multipart/form-data"];

/**
 * Refuses a body of the wrong content type. JSON routes take `application/json` only. Raw routes take anything but a
 * form's; a `POST` must name its type, because a page can send one without.
 *
 * @throws ControlError 415
 */
export function checkContentType(request: IncomingMessage, body: "json" | "raw"): void {
  const given = request.headers["content-type"];
  const type = (given ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (body === "json") {
    if (type === "application/json") return;
    throw new ControlError(415, `the header Content-Type must be application/json, not ${given ?? "missing"}`);
  }
  const unsafe = request.method === "POST" ? ["", "text/plain", ...FORM_TYPES] : FORM_TYPES;
  if (!unsafe.includes(type)) return;
  throw new ControlError(415, `the header Content-Type must be application/octet-stream, not ${given ?? "missing"}`);
}
