import { CountedEntry } from "../../at/entry/counted-entry.ts";
import { FileDownload } from "../../services/file-download.ts";
import { FileUpload } from "../../services/file-upload.ts";
import { type DataPrompt, receive, send } from "../data-transfer.ts";
import { pathParameter, pathText, withPlace } from "../file-path.ts";
import { type Command, defineCommand } from "../modem-context.ts";

const SPEC = { document: "field", section: "6" } as const;

/** The most bytes that one file may be said to have. */
const MAX_LENGTH = 2_147_483_647;

const FULL_PATH = /^[CD]:[/\\]/i;

const toModule = defineCommand({
  name: "+CFTRANRX",
  summary: "Takes a file from the host",
  spec: SPEC,
  kind: "holding",
  needsPin: false,
  parameters: [pathParameter("file"), { kind: "int", name: "length", min: 0, max: MAX_LENGTH }],
  test: () => ['+CFTRANRX: [{non-ascii}]"FILEPATH"'],
  write({ file, length }, context) {
    if (!FULL_PATH.test(pathText(file))) return "ERROR";
    return withPlace(file, context.efs, async (place) => {
      const upload = new FileUpload(await context.efs.openWriter(place), context.line.signal);
      const entry: DataPrompt["entry"] = (write) => new CountedEntry(length, write);
      const received = await receive(context.line, { text: ">", style: "inline", entry }, upload);
      return received === undefined ? "ERROR" : "OK";
    });
  },
});

const toHost = defineCommand({
  name: "+CFTRANTX",
  summary: "Gives a file to the host, or the part of it that begins at a byte and has a size",
  spec: SPEC,
  kind: "holding",
  needsPin: false,
  parameters: [
    pathParameter("file"),
    { kind: "int", name: "location", min: 0, max: MAX_LENGTH, optional: true },
    { kind: "int", name: "size", min: 0, max: MAX_LENGTH, optional: true },
  ],
  test: () => ['+CFTRANTX: [{non-ascii}]"FILEPATH"'],
  write({ file, location = 0, size }, context) {
    return withPlace(file, context.efs, async (place) => {
      const reader = await context.efs.openReader(place);
      const rest = reader.size - location;
      const part = { start: location, length: Math.min(size ?? rest, rest) };
      const download = new FileDownload(reader, part, context.line.signal);
      if (rest < 0) {
        await download.abort();
        return "ERROR";
      }
      await send(context, { name: "+CFTRANTX", filled: true }, download);
      context.line.info("+CFTRANTX: 0");
      return "OK";
    });
  },
});

/** Files between host and module, by their length (field.md 6). */
export const fileTransferCommands: readonly Command[] = [toModule, toHost];
