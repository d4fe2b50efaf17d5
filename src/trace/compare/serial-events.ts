import type { RigEvent } from "../../rig/events.ts";

/** What host or module said. */
export type SerialEvent = Extract<RigEvent, { readonly type: "host" | "module"; readonly bytes: string }>;

/** What was said on the serial line of one modem: the one asked for, or the first that says something. */
export async function* serialEvents(events: AsyncIterable<RigEvent>, modem?: string): AsyncGenerator<SerialEvent> {
  let found: { readonly modem: string | undefined } | undefined = modem === undefined ? undefined : { modem };
  for await (const event of events) {
    if (event.type !== "host" && event.type !== "module") continue;
    found ??= { modem: event.modem };
    if (event.modem === found.modem) yield event;
  }
}
