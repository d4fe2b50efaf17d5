import { CountedEntry } from "../../at/entry/counted-entry.ts";
import type { Result } from "../../at/result-code.ts";
import { EfsError } from "../../efs/efs-error.ts";
import type { EfsReader, EfsWriter } from "../../efs/store.ts";
import { sleep } from "../../platform/time/clock.ts";
import { pathParameter, pathText, withPlace } from "../file-path.ts";
import { type Command, defineCommand, type ModemContext } from "../modem-context.ts";

const SPEC = { document: "field", section: "6" } as const;

/** The most bytes that one file may be said to have. */
const MAX_LENGTH = 2_147_483_647;

const FULL_PATH = /^[CD]:[/\\]/i;

/** Takes exactly so many bytes from the host into a file. What fails it does so after the last byte: they are no commands. */
async function receive(writer: EfsWriter, length: number, { line }: ModemContext): Promise<Result> {
  let failure: unknown;
  let writing = Promise.resolve();
  const write = async (data: Buffer) => {
    if (failure !== undefined) return;
    await writer.write(data, line.signal).catch((error: unknown) => {
      failure = error;
    });
  };
  const entry = new CountedEntry(length, (data) => {
    writing = write(data);
    return writing;
  });
  const outcome = await line.prompt(">", entry, "inline");
  // A host that has gone ends the entry at once, even while its last bytes are being written.
  await writing;
  if (failure !== undefined && !(failure instanceof EfsError)) throw failure;
  if (failure !== undefined || outcome !== "ended") return "ERROR";
  await writer.commit();
  return "OK";
}

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
      const writer = await context.efs.openWriter(place);
      try {
        return await receive(writer, length, context);
      } finally {
        await writer.abandon();
      }
    });
  },
});

/** Prints `size` bytes of a file from `start` on in packets, filled as the dialect has them. */
async function send(reader: EfsReader, start: number, size: number, context: ModemContext): Promise<Result> {
  const { line, dialect, clock, timing } = context;
  const gap = async () => {
    if (timing.packetGap > 0) await sleep(clock, timing.packetGap, line.signal);
  };
  const end = start + size;
  let packet = Buffer.alloc(0);
  const print = async () => {
    if (packet.length === 0) return;
    await gap();
    line.info(`+CFTRANTX: DATA${dialect.packetSeparator}${packet.length}`);
    await line.payload(packet);
    packet = Buffer.alloc(0);
  };
  for (let position = 0; position < end; ) {
    const piece = await reader.read(line.signal);
    if (piece === undefined) break;
    const wanted = piece.subarray(Math.max(0, start - position), Math.max(0, end - position));
    position += piece.length;
    for (let at = 0; at < wanted.length; ) {
      const part = wanted.subarray(at, at + dialect.packetSize - packet.length);
      packet = packet.length === 0 ? Buffer.from(part) : Buffer.concat([packet, part]);
      at += part.length;
      if (packet.length === dialect.packetSize) await print();
    }
  }
  await print();
  await gap();
  line.info("+CFTRANTX: 0");
  return "OK";
}

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
      try {
        if (location > reader.size) return "ERROR";
        const rest = reader.size - location;
        return await send(reader, location, Math.min(size ?? rest, rest), context);
      } finally {
        await reader.close();
      }
    });
  },
});

/** Files between host and module, by their length (field.md 6). */
export const fileTransferCommands: readonly Command[] = [toModule, toHost];
