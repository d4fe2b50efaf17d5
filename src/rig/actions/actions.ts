import { object, optional, type Schema } from "../../platform/schema/schema.ts";
import type { Action } from "./action.ts";
import { FAR_END_ACTIONS } from "./far-end-actions.ts";
import { MODEM_ACTIONS } from "./modem-actions.ts";
import { RIG_ACTIONS } from "./rig-actions.ts";
import { SANDBOX_ACTIONS } from "./sandbox-actions.ts";

/**
 * What a time line can do: all that the control interface can change but the clock, on which the time line itself runs. In
 * the order in which it is documented.
 */
const ACTIONS: readonly Action[] = [...MODEM_ACTIONS, ...FAR_END_ACTIONS, ...RIG_ACTIONS, ...SANDBOX_ACTIONS];

/** One action, by name: `{"urc":"RING"}`. */
export const ACTION: Schema<Readonly<Record<string, unknown>>> = object(
  Object.fromEntries(ACTIONS.map(({ name, summary, value }) => [name, optional({ ...value, description: summary })])),
  { minProperties: 1, maxProperties: 1, description: "What happens" },
);

/** The action that an {@link ACTION} names, and its value. */
export function actionOf(given: Readonly<Record<string, unknown>>): readonly [action: Action, value: unknown] {
  const [[name, value] = []] = Object.entries(given);
  const action = ACTIONS.find((candidate) => candidate.name === name);
  if (action === undefined) throw new RangeError(`there is no action ${name}`);
  return [action, value];
}
