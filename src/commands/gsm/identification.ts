import type { Specification } from "../../at/command-definition.ts";
import type { Identity } from "../../module/identity.ts";
import { type Command, defineCommand } from "../modem-context.ts";

/** Defines an execution command that prints something of the identity. */
function identityCommand(
  name: string,
  summary: string,
  spec: Specification,
  describe: (identity: Identity) => string,
): Command {
  return defineCommand({
    name,
    summary,
    spec,
    kind: "synchronous",
    needsPin: false,
    parameters: [],
    execute({ line, identity }) {
      line.info(describe(identity));
      return "OK";
    },
  });
}

const identify = defineCommand({
  name: "I",
  summary: "Identifies the module",
  spec: { document: "V.250", section: "6.1.3" },
  kind: "synchronous",
  needsPin: false,
  parameters: [{ kind: "int", name: "value", min: 0, max: 255, optional: true }],
  write(_, { line, identity }) {
    const lines = [
      `Manufacturer: ${identity.manufacturer}`,
      `Model: ${identity.model}`,
      `Revision: ${identity.revision}`,
      `IMEI: ${identity.imei}`,
      `+GCAP: ${identity.capabilities}`,
    ];
    line.info(lines.join("\r\n"));
    return "OK";
  },
});

const simei = defineCommand({
  name: "+SIMEI",
  summary: "Serial number (IMEI)",
  spec: { document: "field", section: "7" },
  kind: "synchronous",
  needsPin: false,
  parameters: [],
  read({ line, identity }) {
    line.info(`+SIMEI: ${identity.imei}`);
    return "OK";
  },
});

const v250 = (section: string): Specification => ({ document: "V.250", section });
const ts27007 = (section: string): Specification => ({ document: "27.007", section });

/** Who the module is. */
export const identificationCommands: readonly Command[] = [
  identify,
  identityCommand("+GMI", "Manufacturer", v250("6.1.4"), ({ manufacturer }) => manufacturer),
  identityCommand("+GMM", "Model", v250("6.1.5"), ({ model }) => model),
  identityCommand("+GMR", "Revision", v250("6.1.6"), ({ revision }) => `+GMR: ${revision}`),
  identityCommand("+GSN", "Serial number (IMEI)", v250("6.1.7"), ({ imei }) => imei),
  identityCommand("+GCAP", "Capabilities", v250("6.1.9"), ({ capabilities }) => `+GCAP: ${capabilities}`),
  simei,
  identityCommand("+CGMI", "Manufacturer", ts27007("5.1"), ({ manufacturer }) => manufacturer),
  identityCommand("+CGMM", "Model", ts27007("5.2"), ({ model }) => model),
  identityCommand("+CGMR", "Revision", ts27007("5.3"), ({ revision }) => `+CGMR: ${revision}`),
  identityCommand("+CGSN", "Serial number (IMEI)", ts27007("5.4"), ({ imei }) => imei),
];
