import type { Clock } from "../platform/time/clock.ts";
import type { FrozenModules } from "./dce/frozen-modules.ts";
import type { Rule } from "./rule.ts";

/** What the decorators that carry faults out have of the engine. */
export interface Carriers {
  readonly clock: Clock;
  readonly frozen: FrozenModules;
  readonly rules: () => Iterable<Rule>;
  /** Calls `listener` with each rule that begins, until the function that it gives is called. */
  readonly onBegin: (listener: (rule: Rule) => void) => () => void;
}
