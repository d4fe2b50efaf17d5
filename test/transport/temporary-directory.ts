import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** An empty directory that goes when the test does. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "vmodem-transport-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
