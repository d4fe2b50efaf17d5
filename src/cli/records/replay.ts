import { SystemClock } from "../../platform/time/clock.ts";
import { UsageError } from "../../platform/usage-error.ts";
import { Mask } from "../../trace/compare/mask.ts";
import { replay as replaySession } from "../../trace/replay/replay.ts";
import { listenForEnd } from "../end-signals.ts";
import { openModulePort } from "../open-module-port.ts";
import { parseOptions } from "../parse-options.ts";
import { Output } from "./output.ts";
import { sessionFile } from "./session-file.ts";

/** `vmodem replay FILE --port PORT`: 0 and `same`, or 1 and the first difference. */
export async function replay(argv: readonly string[]): Promise<number> {
  const { checked, operands } = parseOptions("replay", argv, ["FILE"]);
  const [path = "-"] = operands;
  const { port: device, baud, modem, timeout, noMask } = checked;
  if (device === undefined) throw new UsageError("replay needs --port PORT; see vmodem replay --help");
  const { signal } = listenForEnd();
  const clock = new SystemClock();
  const output = new Output(process.stdout);
  const mask = new Mask(checked.mask, { withDefaults: !noMask });
  const port = await openModulePort("--port", { address: device, baudRate: baud }, { clock, signal });
  try {
    const events = sessionFile(path, { signal });
    const { difference, reason } = await replaySession(events, port, { mask, modem, timeout, clock, signal });
    if (difference === undefined) {
      await output.lines(["same"]);
    } else {
      await output.lines([`--- ${path}`, `+++ ${device}`, ...difference]);
      if (reason !== undefined) process.stderr.write(`vmodem: ${device}: ${reason}\n`);
    }
    await output.flush();
    return difference === undefined ? 0 : 1;
  } catch (error) {
    if (error === signal.reason) return 1;
    throw error;
  } finally {
    await port.close();
  }
}
