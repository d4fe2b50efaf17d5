import type { Endpoint } from "../platform/network/network.ts";
import { parseListenAddress } from "../transport/tcp.ts";
import { type OptionKind, WrongValue } from "./option-kinds.ts";

/** Where to listen: `[ADDRESS:]PORT`, or a port number for loopback. */
export const listenAddress: OptionKind<Endpoint> = {
  kind: "address",
  read(given) {
    try {
      return parseListenAddress(String(given));
    } catch {
      throw new WrongValue("not [ADDRESS:]PORT");
    }
  },
};

/** Where the control interface listens: `[ADDRESS:]PORT` or `unix:PATH`. */
export const controlAddress: OptionKind<ControlPlace> = {
  kind: "address",
  read(given) {
    const unix = typeof given === "string" && given.startsWith("unix:") ? given.slice(5) : undefined;
    if (unix === undefined) return { kind: "tcp", ...listenAddress.read(given) };
    if (unix === "" || unix.includes("\0")) throw new WrongValue("not [ADDRESS:]PORT or unix:PATH");
    return { kind: "unix", path: unix };
  },
};

/** A place to listen at. */
export type ControlPlace = ({ readonly kind: "tcp" } & Endpoint) | { readonly kind: "unix"; readonly path: string };

/** An address of this machine: an IPv4 or IPv6 literal. */
export const localAddress: OptionKind<string> = {
  kind: "ip",
  read(given) {
    const address = String(given);
    if (address === "" || address === "localhost") throw new WrongValue("not an IP address");
    try {
      return parseListenAddress(`${address.includes(":") ? `[${address}]` : address}:1`).host;
    } catch {
      throw new WrongValue("not an IP address");
    }
  },
};
