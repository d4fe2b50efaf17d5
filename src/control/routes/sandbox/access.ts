import { ControlError } from "../../control-error.ts";

/** What each route of the sandbox may answer. */
export const refusals = { 409: "The rig has no sandbox" } as const;

/** The sandbox refuses by a `RangeError` what it cannot hold or send. */
export function attempt(work: () => void, status: 422 | 507): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ControlError(status, error.message, { at: "/body" });
  }
}
