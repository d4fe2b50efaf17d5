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
