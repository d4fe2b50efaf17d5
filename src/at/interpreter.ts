import type { SimState } from "../module/sim.ts";
import { cmeError } from "./cme-error.ts";
import { cmsError } from "./cms-error.ts";
import { type Command, isExtended, testResponse } from "./command-definition.ts";
import type { Invocation, Parsed } from "./command-line.ts";
import type { CommandTable } from "./command-table.ts";
import { parseArguments } from "./parameter.ts";
import type { Result } from "./result-code.ts";

/** 27.007 9.2: what a PIN-protected command answers without a ready SIM (decisions 2). */
const PIN_ERRORS = {
  absent: cmeError(10),
  pin: cmeError(11),
  puk: cmeError(12),
  blocked: cmeError(13),
  busy: cmeError(14),
} as const;

/** 27.005 3.2.5: the same of a command for short messages. */
const MESSAGE_PIN_ERRORS = {
  absent: cmsError(310),
  pin: cmsError(311),
  puk: cmsError(316),
  blocked: cmsError(313),
  busy: cmsError(314),
} as const;

/** Where a command's information response goes. */
export interface InformationSink {
  info(text: string): void;
}

/** Finds the command that was invoked, where the table has it. */
export function findCommand<C>(table: CommandTable<C>, parsed: Parsed): Command<C> | undefined {
  return parsed === "malformed" ? undefined : table.find(parsed.name);
}

function print(lines: readonly string[], { line }: { readonly line: InformationSink }): Result {
  if (lines.length > 0) line.info(lines.join("\r\n"));
  return "OK";
}

/** Runs one command in the form in which it was given: PIN rule, arguments, handler. */
export function invoke<C extends { readonly line: InformationSink }>(
  command: Command<C>,
  invocation: Invocation,
  context: C,
  sim: SimState,
): Result | Promise<Result> {
  if (command.needsPin && sim !== "ready") {
    return (command.spec.document === "27.005" ? MESSAGE_PIN_ERRORS : PIN_ERRORS)[sim];
  }
  const refused = command.parameterError ?? "ERROR";
  switch (invocation.form) {
    case "test": {
      if (!isExtended(command)) return refused;
      const lines = testResponse(command, context);
      return lines instanceof Promise ? lines.then((found) => print(found, context)) : print(lines, context);
    }
    case "read":
      return command.read === undefined ? refused : command.read(context);
    case "execute":
      if (command.execute !== undefined) return command.execute(context);
      break;
    case "write":
      break;
  }
  // An execution command without a handler of its own is a write command whose parameters are all left out.
  if (command.write === undefined) return refused;
  const values = parseArguments(invocation.argument, command.parameters);
  return values === undefined ? refused : command.write(values, context);
}
