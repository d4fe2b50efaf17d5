import type { Result } from "../../at/result-code.ts";
import type { EfsSpace } from "../../efs/store.ts";
import { errorIfRefused } from "../file-path.ts";
import { type Command, defineCommand, type ModemContext } from "../modem-context.ts";

const COMMON = { spec: { document: "field", section: "6" }, kind: "synchronous", needsPin: false } as const;

async function printSpace({ line, efs }: ModemContext): Promise<Result> {
  const printed = ({ total, used }: EfsSpace) => `(${total}, ${used})`;
  const local = `C:${printed(await efs.space("C"))}`;
  const card = efs.cardInserted ? `, D:${printed(await efs.space("D"))}` : "";
  line.info(`+FSMEM: ${local}${card}`);
  return "OK";
}

const memory = defineCommand({
  ...COMMON,
  name: "+FSMEM",
  summary: "Size and use of the volumes; limit in MB and period of the card's check",
  parameters: [
    { kind: "int", name: "limit", min: 0, max: 243 },
    { kind: "int", name: "timer", min: 0, max: 255 },
  ],
  testSeparator: ",",
  execute(context) {
    return errorIfRefused(printSpace(context));
  },
  // Hosts ask this to learn whether there is a card (field.md 6).
  read({ line, efs, settings }) {
    if (!efs.cardInserted) return "ERROR";
    line.info(`+FSMEM: ${settings.get("+FSMEM")},${settings.get("+FSMEM:1")}`);
    return "OK";
  },
  write({ limit, timer }, { efs, settings }) {
    if (!efs.cardInserted) return "ERROR";
    settings.set("+FSMEM", limit);
    settings.set("+FSMEM:1", timer);
    return "OK";
  },
});

const format = defineCommand({
  ...COMMON,
  name: "+FSFMT",
  summary: "Empties the storage card",
  parameters: [],
  execute({ efs }) {
    const work = async (): Promise<Result> => {
      await efs.formatCard();
      return "OK";
    };
    return errorIfRefused(work());
  },
});

const location = defineCommand({
  ...COMMON,
  name: "+FSLOCA",
  summary: "Where received mail goes: 0 local, 1 storage card",
  parameters: [{ kind: "int", name: "location", min: 0, max: 1, values: [0, 1] }],
  read({ line, settings }) {
    line.info(`+FSLOCA: ${settings.get("+FSLOCA")}`);
    return "OK";
  },
  write({ location }, { efs, settings }) {
    if (location === 1 && !efs.cardInserted) return "ERROR";
    settings.set("+FSLOCA", location);
    return "OK";
  },
});

/** The volumes (field.md 6). */
export const storageCommands: readonly Command[] = [memory, format, location];
