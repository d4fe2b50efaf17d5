import { ServiceError } from "../../../platform/network/service-error.ts";
import { object } from "../../../platform/schema/schema.ts";
import { defineNetworkKind } from "../kind.ts";

const NONE = object({});

/** An IPv4 or IPv6 literal: it needs no resolving. */
const LITERAL = /^(\d+\.){3}\d+$|:/;

export const unresolved = defineNetworkKind({
  kind: "unresolved",
  summary: "The name has no address",
  fields: NONE,
  concerns: (_, { host }) => !LITERAL.test(host),
  async connect(_, { host }) {
    throw new ServiceError("UNRESOLVED", `a fault keeps ${host} from being resolved`);
  },
});

export const refused = defineNetworkKind({
  kind: "refused",
  summary: "Nothing listens there: the connection is refused",
  fields: NONE,
  async connect(_, { host }) {
    throw new ServiceError("REFUSED", `a fault refuses the connection to ${host}`);
  },
});

export const unreachable = defineNetworkKind({
  kind: "unreachable",
  summary: "No route leads there",
  fields: NONE,
  async connect(_, { host }) {
    throw new ServiceError("UNREACHABLE", `a fault keeps ${host} out of reach`);
  },
});

export const connectTimeout = defineNetworkKind({
  kind: "connect_timeout",
  summary: "The server never answers to the attempt to connect",
  fields: NONE,
  connect: (_, { hang }) => hang(),
});
