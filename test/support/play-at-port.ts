import { IDENTITIES, type IdentityName } from "../../src/module/identity.ts";
import { SystemClock } from "../../src/platform/time/clock.ts";
import { Mask } from "../../src/trace/compare/mask.ts";
import { readSession } from "../../src/trace/record/read-session.ts";
import { type ReplayResult, replay } from "../../src/trace/replay/replay.ts";
import { openModulePort } from "../../src/transport/module-port.ts";
import type { Transcript } from "./parse-transcript.ts";
import { bounded } from "./program.ts";

/** Milliseconds that a module may take for an answer: a restart takes the longest. */
export const ANSWER_TIMEOUT = 30_000;
const BAUD_RATE = 115_200;

/** Commands that set what AT&F leaves as it is, and transcripts change, to its factory values; not every module has them. */
const FACTORY_COMMANDS = ["AT+CIPMODE", "AT+CIPCCFG", "AT+CIPHEAD", "AT+CIPSRIP"];

/** Options of a transcript that only a module of ours can be given. */
const OUR_OPTIONS = ["sim", "operator", "packet-gap", "boot-time", "timeout-scale"];

/** Says why a transcript cannot be played at any port; `undefined` where it can. */
export function whyNotAtPort({ options, events }: Transcript): string | undefined {
  if (events.some(({ kind }) => kind.startsWith("server"))) return "needs servers, faults or calls that act as it says";
  if (events.some((event) => event.kind === "pass" && !event.atMost)) return "needs a virtual clock";
  const option = OUR_OPTIONS.find((name) => options[name] !== undefined);
  return option === undefined ? undefined : `needs a module with ${option} ${options[option]}`;
}

/** Says why a transcript cannot be played to a module of that model; `undefined` where it can. */
export function whyNotTo(model: string, { options }: Transcript): string | undefined {
  const needed = modelOf(options.identity);
  return needed === undefined || needed === model ? undefined : `needs a ${needed}, and the module is a ${model}`;
}

/** Says why a transcript cannot be played where others are to follow; `undefined` where it can. */
export function whyNotBeforeOthers({ events }: Transcript): string | undefined {
  const isOff = events.some((event) => event.kind === "send" && /^AT\+CPOF\r/i.test(event.bytes));
  return isOff ? "switches the module off" : undefined;
}

/** The model that an identity names, if it does. */
function modelOf(identity: string | undefined): string | undefined {
  if (identity === undefined) return undefined;
  return identity.startsWith("{")
    ? (JSON.parse(identity) as { model?: string }).model
    : IDENTITIES[identity as IdentityName].model;
}

/** Brings the module at a port to its defaults, with echo, and gives its model. */
export async function prepareModule(path: string): Promise<string> {
  await ask(path, "ATE1");
  await ask(path, "AT&F");
  for (const command of FACTORY_COMMANDS) await ask(path, command, /\r\n(?:OK|ERROR)\r\n$/);
  const answer = await ask(path, "AT+CGMM");
  const model = /\r\n(\S+)\r\n/.exec(answer)?.[1];
  if (model === undefined) throw new Error(`no model: ${JSON.stringify(answer)}`);
  return model;
}

/** Plays a transcript to the module at a port. */
export async function playAtPort(text: string, path: string): Promise<ReplayResult> {
  const clock = new SystemClock();
  const port = await openModulePort({ path, baudRate: BAUD_RATE }, clock);
  try {
    const events = readSession(piecesOf(text), (message) => {
      throw new Error(message);
    });
    const { signal } = new AbortController();
    return await replay(events, port, { mask: new Mask(), timeout: ANSWER_TIMEOUT, clock, signal });
  } finally {
    await port.close();
  }
}

async function* piecesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** Sends a line, and gives what the module says up to its result: OK, where no other will do. */
async function ask(path: string, line: string, result = /\r\nOK\r\n$/): Promise<string> {
  const port = await openModulePort({ path, baudRate: BAUD_RATE }, new SystemClock());
  let said = "";
  try {
    const answered = new Promise<void>((resolve, reject) => {
      port.start({
        data(chunk) {
          said += chunk.toString("latin1");
          if (result.test(said)) resolve();
          return undefined;
        },
        lost: reject,
      });
    });
    await port.write(Buffer.from(`${line}\r`));
    await bounded(answered, () => `the result of ${line} at ${path}; it said ${JSON.stringify(said)}`);
    return said;
  } finally {
    await port.close();
  }
}
