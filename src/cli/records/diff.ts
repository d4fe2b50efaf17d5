import { diffSessions } from "../../trace/compare/diff.ts";
import { Mask } from "../../trace/compare/mask.ts";
import { parseOptions } from "../parse-options.ts";
import { Output } from "./output.ts";
import { sessionFile } from "./session-file.ts";

/** `vmodem diff A B`: 0 and `same`, or 1 and the first difference of two records or golden transcripts. */
export async function diff(argv: readonly string[]): Promise<number> {
  const { checked, operands } = parseOptions("diff", argv, ["A", "B"]);
  const [a = "-", b = "-"] = operands;
  const output = new Output(process.stdout);
  const mask = new Mask(checked.mask, { withDefaults: !checked.noMask });
  const options = { signal: output.over };
  const difference = await diffSessions(sessionFile(a, options), sessionFile(b, options), {
    mask,
    modem: checked.modem,
  });
  await output.lines(difference === undefined ? ["same"] : [`--- ${a}`, `+++ ${b}`, ...difference]);
  await output.flush();
  return difference === undefined ? 0 : 1;
}
