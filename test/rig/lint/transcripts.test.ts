import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { Journal } from "../../../src/rig/journal.ts";
import { RigLint } from "../../../src/rig/lint/rig-lint.ts";
import { lintView } from "../../../src/rig/lint/view.ts";
import { memoryPair } from "../../../src/transport/memory.ts";
import { parseTranscript } from "../../support/parse-transcript.ts";
import { playTranscript } from "../../support/play-transcript.ts";
import { type Finding, findingsOf } from "./bench.ts";

const folder = join(import.meta.dirname, "..", "..", "..", "fixtures", "transcripts");

/** The sessions in which the module suffers, and the rules that say so. */
const SUFFERING: Readonly<Record<string, readonly string[]>> = {
  // Typed at a terminal, whose Enter is CR, and without the empty line that ends a header.
  "manual-http.txt": ["http-header", "http-header"],
  // A host that falls silent in data entry; a request without Host.
  "manual-http-errors.txt": ["http-header", "unended"],
  "field-http-errors.txt": ["http-header"],
  // A request while the SIM asks for its PIN.
  "boot-locked-sim.txt": ["needs-network"],
  // TinyGSM tries two commands that the firmware of 2012 lacks.
  "field-sim5320-b08-sockets.txt": ["unknown-command", "unknown-command"],
  // POP3 commands after a log-in that failed, and after a connection that broke.
  "manual-pop3-errors.txt": ["stale-session", "stale-session", "stale-session"],
};

test.each(readdirSync(folder).filter((name) => name.endsWith(".txt")))("%s", async (name) => {
  const journal = new Journal({ clock: new VirtualClock() });
  const lint = new RigLint(journal);
  const { module, host } = memoryPair();
  await playTranscript(
    parseTranscript(readFileSync(join(folder, name), "utf8")),
    { medium: "memory", module, host },
    {
      events: journal.port("m1", { momentOf: (event) => lint.momentOf("m1", event) }),
      started: (modem) => lint.add("m1", lintView(modem)),
    },
  );
  const rules = findingsOf(journal.query().events).map(([rule]: Finding) => rule);
  expect(rules).toEqual(SUFFERING[name] ?? []);
});
