import { DIALECTS, type DialectName } from "../../module/dialect.ts";
import { IDENTITIES, type IdentityName } from "../../module/identity.ts";
import { TextFile } from "../../platform/disk/text-file.ts";
import { UsageError } from "../../platform/usage-error.ts";
import type { RigModemOptions } from "../../rig/options.ts";
import { Mask } from "../../trace/compare/mask.ts";
import { type Learned, learn as learnSession } from "../../trace/learn/learn.ts";
import { listenForEnd } from "../end-signals.ts";
import { explainError } from "../explain.ts";
import { modemOptions } from "../fleet.ts";
import { type ParsedOptions, parseOptions } from "../parse-options.ts";
import { openTextFile } from "../report-files.ts";
import { describeExchange } from "./compare.ts";
import { startOurModule } from "./our-module.ts";
import { Output } from "./output.ts";
import { sessionFile } from "./session-file.ts";

/** `vmodem learn FILE [-o SCENARIO]`: writes a scenario with what was learned; code 1 where something still differs. */
export async function learn(argv: readonly string[]): Promise<number> {
  const options = parseOptions("learn", argv, ["FILE"]);
  const { checked, operands, given } = options;
  const [path = "-"] = operands;
  if (path === "-") throw new UsageError("learn reads a file several times; the standard input can be read once");
  const { signal } = listenForEnd();
  const { modem, timeout } = checked;
  try {
    const learned = await learnSession({
      events: () => sessionFile(path, { signal }),
      start: (more, lessons) => startOurModule(options, more, lessons),
      // A scenario of the user has its own.
      hasTimeLine: checked.scenario === undefined,
      candidates: candidatesOf(options),
      mask: new Mask(checked.mask, { withDefaults: !checked.noMask }),
      modem,
      timeout,
      signal,
    });
    const modems = [{ ...modemOptions(given), ...learned.options }];
    const scenario = {
      modems,
      ...(checked.sandbox ? { sandbox: true } : {}),
      faults: [...learned.faults, ...checked.fault],
      ...(learned.timeline.length === 0 ? {} : { timeline: learned.timeline }),
      ...(checked.seed === undefined ? {} : { seed: checked.seed }),
    };
    await write(`${JSON.stringify(scenario, undefined, 2)}\n`, checked.output);
    for (const line of describe(learned)) process.stderr.write(`vmodem: learn: ${line}\n`);
    return learned.open.length === 0 ? 0 : 1;
  } catch (error) {
    if (error === signal.reason) return 1;
    throw error;
  }
}

/** The dialects and identities to try, unless they are given; a module of the record may be none of them. */
function candidatesOf({ given }: ParsedOptions): readonly (readonly RigModemOptions[])[] {
  const dialects = (Object.keys(DIALECTS) as DialectName[]).map((dialect) => ({ dialect }));
  const identities = (Object.keys(IDENTITIES) as IdentityName[]).map((identity) => ({ identity }));
  return [given.dialect === undefined ? dialects : [{}], given.identity === undefined ? identities : [{}]];
}

function describe({ faults, timeline, open }: Learned): readonly string[] {
  const count = [
    counted(faults.length, "answer"),
    ...(timeline.length === 0 ? [] : [counted(timeline.length, "unsolicited line")]),
  ].join(", ");
  if (open.length === 0) return [`${count}; the session is the same now`];
  return [
    `${count}; ${open.length} ${open.length === 1 ? "exchange differs" : "exchanges differ"} still`,
    ...open.map(({ exchange, reason }) => `${describeExchange(exchange)}: ${reason}`),
  ];
}

function counted(count: number, what: string): string {
  return `${count} ${count === 1 ? what : `${what}s`}`;
}

async function write(text: string, path: string | undefined): Promise<void> {
  if (path === undefined) {
    const output = new Output(process.stdout);
    await output.lines([text.trimEnd()]);
    return output.flush();
  }
  const file = await openTextFile("output", path, TextFile.whole);
  file.write(text);
  try {
    await file.close();
  } catch (error) {
    throw new UsageError(`--output ${path}: not written: ${explainError(error) ?? String(error)}`, { cause: error });
  }
}
