import { test } from "vitest";
import type { Command } from "../../src/at/command-definition.ts";
import { framed, OK } from "../support/framing.ts";
import { type LineContext, sessionOnMemory } from "../support/session-on-memory.ts";

const command = (name: string, needsPin: boolean): Command<LineContext> => ({
  name,
  summary: name,
  spec: { document: "manual", section: "1.4" },
  kind: "synchronous",
  needsPin,
  parameters: [{ kind: "int", name: "value", min: 0, max: 1, optional: true }],
  read: () => "OK",
  write: () => "OK",
});

test.each([
  ["pin", "SIM PIN required"],
  ["puk", "SIM PUK required"],
  ["absent", "SIM not inserted"],
] as const)("a SIM that is %s refuses every form of a protected command", async (sim, text) => {
  const { dte } = sessionOnMemory([command("+SAFE", true), command("+FREE", false)], { sim });
  for (const form of ["", "?", "=?", "=1", "=9"]) await dte.command(`AT+SAFE${form}\r`, framed(`+CME ERROR: ${text}`));
  await dte.command("AT#SAFE\r", framed(`+CME ERROR: ${text}`));
  for (const form of ["", "?", "=1"]) await dte.command(`AT+FREE${form}\r`, OK);
});
