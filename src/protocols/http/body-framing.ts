import { ServiceError } from "../../platform/network/service-error.ts";

/** How the body of a response ends. */
export type BodyFraming =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "close" };

/**
 * Decides how the final response (or the 101) ends, from what was asked and what its header says. `header` is the whole
 * block, status line included.
 *
 * @rfc 9112 §6.3
 * @throws ServiceError `REPLY` when the lengths contradict each other
 */
export function bodyFraming(method: string, status: number, header: string): BodyFraming {
  // RFC 9112 §6.3 rule 1. Protocols may have been switched by 101: what follows has no end that we know.
  if (status === 101) return { kind: "close" };
  if (method === "HEAD" || status === 204 || status === 304) return { kind: "none" };
  // Rule 2: a tunnel.
  if (method === "CONNECT" && status < 300) return { kind: "close" };
  // Rules 3 and 4: the coding overrides a length. `identity` was a coding once (RFC 2616 §3.6) and says nothing.
  const codings = fieldValues(header, "transfer-encoding").filter((coding) => coding.toLowerCase() !== "identity");
  const last = codings.at(-1);
  if (last !== undefined) return { kind: /^chunked$/i.test(last) ? "chunked" : "close" };
  const [length, ...others] = fieldValues(header, "content-length");
  // Rule 8.
  if (length === undefined) return { kind: "close" };
  // Rule 5: the same length said twice is one length, anything else leaves the end unknown.
  if (!/^\d{1,15}$/.test(length) || others.some((other) => other !== length)) {
    throw new ServiceError("REPLY", `a response of Content-Length ${[length, ...others].join(", ")}`);
  }
  return { kind: "length", length: Number(length) };
}

/** The elements of all the field lines of that name, in order. Folded lines are unfolded first (RFC 9112 §5.2). */
function fieldValues(header: string, name: string): string[] {
  const values: string[] = [];
  const [, ...lines] = header.replace(/\r?\n[ \t]+/g, " ").split("\n");
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 0 || line.slice(0, colon).trim().toLowerCase() !== name) continue;
    const elements = line.slice(colon + 1).split(",");
    values.push(...elements.map((element) => element.trim()).filter((element) => element !== ""));
  }
  return values;
}
