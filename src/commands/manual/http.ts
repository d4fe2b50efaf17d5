import { cmeError } from "../../at/cme-error.ts";
import { EtxEntry } from "../../at/entry/etx-entry.ts";
import { HTTP_CODES } from "../../services/http/code.ts";
import { type DataPrompt, receive } from "../data-transfer.ts";
import { type Command, defineCommand } from "../modem-context.ts";

const REQUEST: DataPrompt = {
  text: "+CHTTPACT: REQUEST",
  entry: (write) => new EtxEntry(write, { binary: false }),
};

const launch = defineCommand({
  name: "+CHTTPACT",
  summary: "Sends an HTTP request and prints the response",
  spec: { document: "manual", section: "6.1" },
  kind: "detached",
  needsPin: true,
  parameters: [
    { kind: "string", name: "address", minLength: 1, maxLength: 255, label: '"ADDRESS"' },
    { kind: "int", name: "port", min: 1, max: 65535 },
  ],
  parameterError: cmeError(HTTP_CODES.parameter),
  testSeparator: ",",
  async write({ address, port }, { line, http }) {
    const request = await http.begin({ host: address, port }, line.signal);
    if (typeof request === "number") return cmeError(request);
    const response = (await receive(line, REQUEST, request)) ?? HTTP_CODES.timeout;
    if (typeof response === "number") return cmeError(response);
    line.afterwards(
      () => response.start(),
      () => void response.abort(),
    );
    return "OK";
  },
});

/** Manual chapter 6. */
export const httpCommands: readonly Command[] = [launch];
