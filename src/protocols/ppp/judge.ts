import { CODES, type Option } from "./control-packet.ts";
import type { Verdict } from "./negotiation.ts";

/** What is said to one option of the peer's. */
export interface OptionRule {
  /** How many bytes its value has. */
  readonly length: number;
  /** The value that it should have; the one that was given where that is right. */
  readonly wanted: (data: Buffer) => Buffer;
}

/**
 * Judges a request by a rule for each option that is known. What is not known, has a wrong length or stands twice is rejected;
 * only when nothing is, other values are proposed (RFC 1661 5.3, 5.4).
 */
export function judgeBy(rules: ReadonlyMap<number, OptionRule>, options: readonly Option[]): Verdict {
  const types = options.map(({ type }) => type);
  const rejected = options.filter(
    ({ type, data }, index) => rules.get(type)?.length !== data.length || types.indexOf(type) !== index,
  );
  if (rejected.length > 0) return { code: CODES.configureReject, options: rejected };
  const better = options.flatMap(({ type, data }) => {
    const wanted = rules.get(type)?.wanted(data) ?? data;
    return wanted.equals(data) ? [] : [{ type, data: wanted }];
  });
  if (better.length > 0) return { code: CODES.configureNak, options: better };
  return { code: CODES.configureAck, options };
}
