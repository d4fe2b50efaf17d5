import { visibleBytes } from "../../rig/report/visible-bytes.ts";
import { Mask } from "../../trace/compare/mask.ts";
import { compareSession } from "../../trace/learn/compare-session.ts";
import type { Exchange } from "../../trace/learn/exchange.ts";
import { listenForEnd } from "../end-signals.ts";
import { parseOptions } from "../parse-options.ts";
import { startOurModule } from "./our-module.ts";
import { Output } from "./output.ts";
import { sessionFile } from "./session-file.ts";

/** `vmodem compare FILE`: 0 and `same`, or 1 and each exchange in which a modem of ours differs from that of the record. */
export async function compare(argv: readonly string[]): Promise<number> {
  const options = parseOptions("compare", argv, ["FILE"]);
  const { checked, operands } = options;
  const [path = "-"] = operands;
  const { signal } = listenForEnd();
  const output = new Output(process.stdout);
  const mask = new Mask(checked.mask, { withDefaults: !checked.noMask });
  const ours = await startOurModule(options);
  let [count, different] = [0, 0];
  try {
    const { modem, timeout } = checked;
    for await (const exchange of compareSession(sessionFile(path, { signal }), ours, {
      mask,
      modem,
      timeout,
      signal,
    })) {
      count++;
      if (exchange.difference === undefined) continue;
      if (different++ === 0) await output.lines([`--- ${path}`, "+++ vmodem"]);
      await output.lines([describeExchange(exchange), ...exchange.difference]);
    }
  } catch (error) {
    if (error === signal.reason) return 1;
    throw error;
  } finally {
    await ours.close();
  }
  await output.lines(different === 0 ? ["same"] : [`${different} of ${count} exchanges differ`]);
  await output.flush();
  return different === 0 ? 0 : 1;
}

/** What the host began it with, and when. */
export function describeExchange({ at, host }: Pick<Exchange, "at" | "host">): string {
  return `@ ${(at / 1000).toFixed(3)} ${visibleBytes(host, 60)}`;
}
