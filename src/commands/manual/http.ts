import { cmeError } from "../../at/cme-error.ts";
import { EtxEntry } from "../../at/entry/etx-entry.ts";
import { HTTP_CODES } from "../../services/http/code.ts";
import { type Command, defineCommand } from "../modem-context.ts";

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
    const operation = await http.open({ host: address, port }, line.signal);
    if (typeof operation === "number") return cmeError(operation);
    const entry = new EtxEntry((data) => operation.write(data), { binary: false });
    const outcome = await line.prompt("+CHTTPACT: REQUEST", entry);
    if (outcome !== "ended") {
      operation.abort(new Error(`data entry ended as ${outcome}`));
      return cmeError(HTTP_CODES.timeout);
    }
    const code = await operation.finish();
    if (code !== undefined) return cmeError(code);
    line.afterwards(() => operation.start());
    return "OK";
  },
});

/** Manual chapter 6. */
export const httpCommands: readonly Command[] = [launch];
