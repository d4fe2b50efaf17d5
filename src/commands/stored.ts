import type { Result } from "../at/result-code.ts";
import { NvramError } from "../module/settings/nvram.ts";

/**
 * Answers a change of NVRAM once it is on the disk: `OK`, or what `answer` makes of its outcome. Where the disk refuses the
 * change, the answer is `ERROR`, and the old value stays (decisions 11).
 */
export async function whenStored<T>(change: Promise<T>, answer: (outcome: T) => Result = () => "OK"): Promise<Result> {
  try {
    return answer(await change);
  } catch (error) {
    if (error instanceof NvramError) return "ERROR";
    throw error;
  }
}
