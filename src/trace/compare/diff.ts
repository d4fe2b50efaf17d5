import type { RigEvent } from "../../rig/events.ts";
import { Comparison } from "./comparison.ts";
import { type Speaker, Surroundings } from "./difference.ts";
import type { Mask } from "./mask.ts";
import { type SerialEvent, serialEvents } from "./serial-events.ts";

/** Most bytes by which one record may be ahead of the other: their pieces need not be in the same order. */
const AHEAD = 1024 * 1024;

/**
 * Compares what was said on the serial line in two records, by host and by module, whatever pieces it came in. Gives the
 * lines that show the first difference, or `undefined` where there is none.
 */
export async function diffSessions(
  a: AsyncIterable<RigEvent>,
  b: AsyncIterable<RigEvent>,
  { mask, modem }: { readonly mask: Mask; readonly modem?: string | undefined },
): Promise<readonly string[] | undefined> {
  const surroundings = new Surroundings();
  const comparisons: Readonly<Record<Speaker, Comparison>> = {
    host: new Comparison(mask, (line) => surroundings.add("host", line)),
    module: new Comparison(mask, (line) => surroundings.add("module", line)),
  };
  const sides = [new Side(a, modem), new Side(b, modem)] as const;
  const show = (speaker: Speaker) => {
    const { awaited, said } = comparisons[speaker].rest();
    return surroundings.difference(speaker, { a: awaited, b: said });
  };
  try {
    for (;;) {
      // The one that has told less goes on, so that both are at the same place.
      const [first, second] = sides;
      const side = !first.over && (first.count <= second.count || second.over) ? first : second;
      const event = await side.next();
      if (event === undefined) {
        if (first.over && second.over) break;
        continue;
      }
      const comparison = comparisons[event.type];
      if (side === first) comparison.await(event.bytes);
      else comparison.say(event.bytes);
      const { said, awaited } = comparison.backlog;
      if (comparison.state === "different" || Math.max(said, awaited) > AHEAD) return show(event.type);
    }
  } finally {
    await Promise.all(sides.map((side) => side.close()));
  }
  const unequal = (["host", "module"] as const).find((speaker) => comparisons[speaker].state !== "same");
  return unequal === undefined ? undefined : show(unequal);
}

/** One of the records. */
class Side {
  readonly #events: AsyncGenerator<SerialEvent>;
  /** Bytes so far. */
  count = 0;
  over = false;

  constructor(events: AsyncIterable<RigEvent>, modem: string | undefined) {
    this.#events = serialEvents(events, modem);
  }

  async next(): Promise<SerialEvent | undefined> {
    const { value, done } = await this.#events.next();
    if (done === true) this.over = true;
    else this.count += value.bytes.length;
    return done === true ? undefined : value;
  }

  async close(): Promise<void> {
    await this.#events.return(undefined);
  }
}
