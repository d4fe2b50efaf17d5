import type { Network } from "../../src/platform/network/network.ts";

/** What a network of a test's own has where nobody uses UDP, nor asks for addresses. */
export const NO_DATAGRAMS: Pick<Network, "bind" | "resolve" | "nameOf"> = {
  bind: () => Promise.reject(new Error("there is no UDP")),
  nameOf: () => Promise.reject(new Error("nobody asks for names")),
  resolve: () => Promise.reject(new Error("nobody asks for addresses")),
};
