import type { Readable, Writable } from "node:stream";
import type { Transport } from "../platform/transport.ts";
import { StreamTransport } from "./stream-transport.ts";

/**
 * The serial line on the process's own input and output. The line is lost when the input ends; the streams belong to the
 * caller, and closing leaves them open.
 */
export function openStdio(input: Readable, output: Writable): Transport {
  return new StreamTransport({ address: "stdio", lines: undefined, input, output, release: async () => undefined });
}
