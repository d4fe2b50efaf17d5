import type { IncomingMessage } from "node:http";
import { type ControlCall, callControl, formatControlAddress, readJsonResponse } from "../../control/client.ts";
import { ControlError } from "../../control/control-error.ts";
import type { CtlRequest } from "../../control/route.ts";
import { ROUTES } from "../../control/routes/routes.ts";
import { isObject } from "../../platform/schema/check.ts";
import { UsageError } from "../../platform/usage-error.ts";
import { listenForEnd } from "../end-signals.ts";
import { explainError, explainFile, explainSilence } from "../explain.ts";
import { type BoundCommand, type CtlLine, checkWords, ctlCommands, parseCtlLine, unknownCommand } from "./arguments.ts";
import { ctlHelp } from "./help.ts";
import { serverSentEvents } from "./server-sent-events.ts";
import { findTarget, type Target } from "./target.ts";
import { answerText, eventText } from "./text.ts";

/**
 * `vmodem ctl`: one request of the control interface of a running rig. Prints the answer; gives 0, or 1 when the rig
 * refused, 2 being for a wrong command line. A signal ends the program, unless one is given that ends the request.
 */
export async function ctl(argv: readonly string[], given?: AbortSignal): Promise<number> {
  const commands = ctlCommands(ROUTES);
  const line = parseCtlLine(argv, commands);
  const isHelp = line.bound === undefined && line.words[0] === "help";
  if (line.common.help === true || isHelp) {
    if (line.bound === undefined && !isHelp && line.words.length > 0) throw unknownCommand(line.words, commands);
    process.stdout.write(ctlHelp(commands, line.bound));
    return 0;
  }
  if (line.bound === undefined) throw unknownCommand(line.words, commands);
  const signal = given ?? listenForEnd().signal;
  try {
    return await run(line.bound, line, signal);
  } catch (error) {
    if (signal.aborted) return 130;
    throw error;
  }
}

async function run({ route, command }: BoundCommand, line: CtlLine, signal: AbortSignal): Promise<number> {
  const { own, common } = line;
  checkWords(command, line.words);
  const request = await makeRequest(command, line);
  const follows = own.follow === true;
  const asText = common.text === true;
  const target = await findTarget({ control: textOf(common.control), token: textOf(common["control-token"]) });
  const params = { ...(await defaultModem(route.path, request.params, target, signal)), ...request.params };
  const response = await call(target, {
    method: route.method,
    path: pathOf(route.path, params, request.query ?? {}),
    body: request.body,
    bytes: request.bytes,
    accept: follows ? "text/event-stream" : "application/json",
    signal,
  });
  try {
    if (response.statusCode !== undefined && response.statusCode >= 400) return await refused(response);
    if (follows) return await printEvents(response, asText);
    if (!/^application\/json\b/.test(response.headers["content-type"] ?? "")) return await copy(response);
    const whole = await readJsonResponse(response);
    const answer = command.shows?.(whole, request) ?? whole;
    const text = asText ? answerText(answer) : JSON.stringify(answer, undefined, process.stdout.isTTY ? 2 : undefined);
    process.stdout.write(asText ? text : `${text}\n`);
    return 0;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (signal.aborted || code === undefined) throw error;
    process.stderr.write(`vmodem: ctl: the connection to the rig broke off: ${explainError(error) ?? code}\n`);
    return 1;
  }
}

/** The modem of a path that needs one where none was chosen: the only one. */
async function defaultModem(
  path: string,
  given: CtlRequest["params"],
  { address, token }: Target,
  signal: AbortSignal,
): Promise<CtlRequest["params"]> {
  if (!path.includes("/modems/{id}") || given?.id !== undefined) return {};
  const response = await call({ address, token }, { method: "GET", path: "/api/modems", signal });
  const answer = await readJsonResponse(response);
  // The request itself will be refused for the same reason.
  if (response.statusCode !== 200) return { id: "m1" };
  const modems = isObject(answer) && Array.isArray(answer.modems) ? (answer.modems as { readonly id: string }[]) : [];
  const [only] = modems;
  if (only !== undefined && modems.length === 1) return { id: only.id };
  if (only === undefined) throw new UsageError("ctl: the rig has no modem");
  throw new UsageError(
    `ctl: the rig has several modems, ${modems.map(({ id }) => id).join(", ")}; choose one by --modem`,
  );
}

/** Makes a request of a rig. What does not answer is a {@link UsageError}. */
async function call({ address, token }: Target, request: Omit<ControlCall, "token">): Promise<IncomingMessage> {
  return callControl(address, { ...request, token }).catch((error: unknown) => {
    if (request.signal.aborted) throw error;
    throw new UsageError(`ctl: ${formatControlAddress(address)}: ${explainSilence(error)}`);
  });
}

function textOf(option: string | true | undefined): string | undefined {
  return option === true ? undefined : option;
}

async function makeRequest(command: BoundCommand["command"], { words, own: options }: CtlLine): Promise<CtlRequest> {
  try {
    return await command.request({ words, options, readFile: readInput });
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    throw new UsageError(`ctl ${command.words}: ${error.message}`);
  }
}

function pathOf(
  template: string,
  params: Readonly<Record<string, string>>,
  query: Readonly<Record<string, string | number | undefined>>,
): string {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name] ?? "";
    return name === "path" ? value.split("/").map(encodeURIComponent).join("/") : encodeURIComponent(value);
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return search.size === 0 ? path : `${path}?${search}`;
}

async function refused(response: IncomingMessage): Promise<number> {
  const answer = await readJsonResponse(response).catch(() => undefined);
  const error = isObject(answer) && isObject(answer.error) ? answer.error : {};
  process.stderr.write(`vmodem: ctl: ${String(error.message ?? `the rig answered ${response.statusCode}`)}\n`);
  const { error: _, ...beside } = isObject(answer) ? answer : { error };
  if (Object.keys(beside).length > 0) process.stdout.write(`${JSON.stringify(beside, undefined, 2)}\n`);
  return 1;
}

async function copy(response: IncomingMessage): Promise<number> {
  for await (const piece of untilUnread<Buffer>(response)) {
    if (process.stdout.write(piece)) continue;
    await new Promise<void>((resolve) => {
      process.stdout.once("drain", resolve).once("close", resolve);
    });
  }
  return 0;
}

/** The pieces of a response, until nobody reads the standard output any more. */
async function* untilUnread<T extends string | Buffer>(response: IncomingMessage): AsyncGenerator<T> {
  let isUnread = false;
  const leave = () => {
    isUnread = true;
    response.destroy();
  };
  process.stdout.once("error", leave);
  try {
    yield* response as AsyncIterable<T>;
  } catch (error) {
    if (!isUnread) throw error;
  } finally {
    process.stdout.off("error", leave);
  }
}

/** Prints the events of a stream, one JSON object a line. */
async function printEvents(response: IncomingMessage, asText: boolean): Promise<number> {
  response.setEncoding("utf8");
  for await (const event of serverSentEvents(untilUnread<string>(response))) {
    process.stdout.write(asText ? eventText(JSON.parse(event)) : `${event}\n`);
  }
  return 0;
}

async function readInput(path: string): Promise<Uint8Array> {
  const { readFile } = await import("node:fs/promises");
  try {
    if (path !== "-") return await readFile(path);
  } catch (error) {
    throw new UsageError(`ctl: ${path}: ${explainFile(error) ?? String(error)}`);
  }
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}
