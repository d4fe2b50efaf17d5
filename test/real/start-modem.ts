import { expect } from "vitest";
import { type Program, startProgram } from "../support/program.ts";

/** The built program with a modem in it, as a user starts it. */
export interface StartedModem {
  readonly program: Program;
  /** The pseudo-terminal. */
  readonly port: string;
}

/** Starts `vmodem start` and waits until it is ready. It ends with the test. */
export async function startModem(...options: readonly string[]): Promise<StartedModem> {
  const program = startProgram(["start", "--json", ...options]);
  const { port } = JSON.parse(await program.waitFor("\n"));
  return { program, port };
}

/** Asks a modem's control interface, at the route of the modem itself or one below it. */
export async function askControl<Answer>(
  { program }: StartedModem,
  method: string,
  route: string,
  body?: object,
): Promise<Answer> {
  const { control } = JSON.parse(program.output()) as { readonly control: string };
  const content = { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`${control}/api/modems/m1${route}`, { method, ...(body === undefined ? {} : content) });
  expect(response.ok).toBe(true);
  return (await response.json()) as Answer;
}
