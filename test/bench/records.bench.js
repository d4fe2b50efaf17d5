/**
 * What memory `vmodem show`, `diff` and `replay` take for records of two sizes: 64 and 1024 MiB, unless others are given.
 *
 *     npm run build && node test/bench/records.bench.js [MIB...]
 *
 * Needs a disk with room for the larger record. The module of `replay` is this process, at the master of a pty.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { openPty } from "../../dist/transport/pty.js";
import { printTable } from "./measure.js";

const MIB = 1024 * 1024;
const CR = 13;
const HOST = `AT+FSWRITE="${"x".repeat(1000)}"\r`;
const MODULE = `\r\n+FSREAD: ${"y".repeat(3000)}\r\n\r\nOK\r\n`;
/** Exchanges that are written in one piece. */
const BATCH = 64;

const sizes = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "vmodem-bench-"));
const vmodem = fileURLToPath(new URL("../../bin/vmodem.js", import.meta.url));
const peak = join(folder, "peak");
/** Has a process write down the most memory that it had, in KiB. */
const watched = `data:text/javascript,${encodeURIComponent(`
  import { writeFileSync } from "node:fs";
  process.on("exit", () => writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)));
`)}`;

/** A record of so many bytes, in pieces. */
function* recordOf(bytes) {
  const event = (seq, type, said) => `${JSON.stringify({ seq, at: seq, modem: "m1", type, bytes: said })}\n`;
  for (let seq = 1, written = 0; written < bytes; ) {
    let piece = "";
    for (const end = seq + 2 * BATCH; seq < end; seq += 2)
      piece += event(seq, "host", HOST) + event(seq + 1, "module", MODULE);
    written += piece.length;
    yield piece;
  }
}

/** A module that answers every CR alike. */
async function startModule() {
  const line = await openPty();
  const answer = Buffer.from(MODULE);
  line.start({
    data(chunk) {
      const lines = chunk.reduce((count, byte) => (byte === CR ? count + 1 : count), 0);
      return lines === 0 ? undefined : line.write(Buffer.alloc(answer.length * lines, answer));
    },
    lost() {},
  });
  return line;
}

/** Runs vmodem to its end, and gives its peak in MiB and its seconds. */
async function measured(args) {
  const begun = performance.now();
  const program = spawn(process.execPath, ["--import", watched, vmodem, ...args], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = await once(program, "exit");
  if (code !== 0) throw new Error(`vmodem ${args[0]} has ended with ${code}`);
  return { memory: Number(readFileSync(peak, "utf8")) / 1024, seconds: (performance.now() - begun) / 1000 };
}

const module = await startModule();
try {
  const rows = [["MiB of the record", "verb", "peak RSS in MiB", "MB/s"]];
  for (const size of sizes.length > 0 ? sizes : [64, 1024]) {
    const record = join(folder, "record.jsonl");
    await pipeline(recordOf(size * MIB), createWriteStream(record));
    for (const [verb, ...args] of [
      ["show", record],
      ["diff", record, record],
      ["replay", record, "--port", module.device],
    ]) {
      const { memory, seconds } = await measured([verb, ...args]);
      rows.push([String(size), verb, memory.toFixed(0), ((size * MIB) / 1e6 / seconds).toFixed(1)]);
    }
  }
  printTable(rows);
} finally {
  await module.close();
  rmSync(folder, { recursive: true });
}
