import type { Result } from "../../at/result-code.ts";
import type { Efs } from "../../efs/efs.ts";
import type { EfsPath } from "../../efs/path.ts";
import { pathParameter, pathText, placeOf } from "../file-path.ts";
import { type Command, defineCommand } from "../modem-context.ts";

/** The place that an argument of FSCOPY names, or the text of the command for one that names none. */
function copyPlace(argument: string, efs: Efs): EfsPath | "INVALID PATH NAME" | "INVALID FILE NAME" {
  const place = placeOf(argument, efs);
  if (place !== undefined) return place;
  const [, directory] = /^(.*[/\\])[^/\\]*$/s.exec(pathText(argument)) ?? [];
  return directory !== undefined && efs.resolve(directory) === undefined ? "INVALID PATH NAME" : "INVALID FILE NAME";
}

const copy = defineCommand({
  name: "+FSCOPY",
  summary: "Copies a file; with 1, behind the command line",
  spec: { document: "field", section: "6" },
  kind: "synchronous",
  needsPin: false,
  parameters: [
    pathParameter("from"),
    pathParameter("to"),
    { kind: "int", name: "mode", min: 0, max: 1, optional: true },
  ],
  test: () => [],
  async write({ from, to, mode = 0 }, { line, efs, copier }) {
    if (copier.busy) return "ERROR";
    const refuse = (text: string): Result => {
      // Deviation from decisions 8: field.md 6 has a text for each failure, on a line before `ERROR`.
      line.info(text);
      return "ERROR";
    };
    const source = copyPlace(from, efs);
    if (typeof source === "string") return refuse(source);
    const target = copyPlace(to, efs);
    if (typeof target === "string") return refuse(target);
    const opened = await copier.open(source, target, line.signal);
    if (typeof opened === "string") return refuse(opened);
    if (mode === 1) {
      line.afterwards(
        () => void copier.runBehind(opened, line.signal),
        () => opened.close(),
      );
      return "OK";
    }
    const failure = await opened.run((text) => line.info(text), line.signal);
    return failure === undefined ? "OK" : refuse(failure);
  },
});

/** The copying of files (field.md 6). */
export const fileCopyCommands: readonly Command[] = [copy];
