import { type PacketStyle, send } from "../../data-transfer.ts";
import type { ModemContext } from "../../modem-context.ts";

/** Prints bytes that have waited for the host, in `DATA` packets. */
export async function printWaiting(context: ModemContext, style: PacketStyle, bytes: Buffer): Promise<void> {
  let left: Buffer | undefined = bytes.length > 0 ? bytes : undefined;
  await send(
    context,
    { ...style, filled: true },
    {
      async read() {
        const next = left;
        left = undefined;
        return next;
      },
      finish: async () => undefined,
      abort: async () => undefined,
    },
  );
}
