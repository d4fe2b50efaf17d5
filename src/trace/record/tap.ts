import { onAbort } from "../../platform/abortable.ts";
import type { Events } from "../../platform/events.ts";
import { withBytes } from "../../platform/long-bytes.ts";
import type { SerialLine } from "../../platform/serial-line.ts";
import type { ModulePort } from "../../transport/module-port.ts";

export interface TapParts {
  /** The line that the host has. */
  readonly host: SerialLine;
  /** The port of the module. */
  readonly module: ModulePort;
  readonly events: Events;
  /** A promise while the record takes no more: both sides are held back then. */
  readonly room: () => Promise<void> | undefined;
}

/**
 * Stands between a host and a module: passes on bytes and, where both sides have them, modem lines, and emits them as events.
 * A side that does not read holds back the other one's output only; nothing is queued beyond what the two lines buffer. Resolves
 * when the signal aborts, with the reason where a side is lost before.
 */
export function tap({ host, module, events, room }: TapParts, signal: AbortSignal): Promise<string | undefined> {
  const pass = (type: "host" | "module", to: Pick<SerialLine, "write">) => (chunk: Buffer) => {
    const full = to.write(chunk);
    events.emit(withBytes({ type }, chunk));
    const slow = room();
    return slow === undefined || full === undefined ? (slow ?? full) : Promise.all([full, slow]).then(() => undefined);
  };
  return new Promise((resolve) => {
    const release = onAbort(signal, () => resolve(undefined));
    const lost = (name: string) => (reason: Error) => {
      release();
      resolve(`the ${name} is gone: ${reason.message}`);
    };
    wireLines(host, module, events);
    host.port?.onSettings?.(({ rate }) => {
      if (rate !== undefined) void module.setRate(rate);
    });
    host.start({ data: pass("host", module), lost: lost("host's line") });
    module.start({ data: pass("module", host), lost: lost("module's port") });
  });
}

/** Passes on what either side drives: it is there from the beginning. */
function wireLines(host: SerialLine, module: ModulePort, events: Events): void {
  const [ours, theirs] = [host.lines, module.lines];
  const emit = () => {
    const value = { ...(ours === undefined ? {} : ours.inputs), ...(theirs === undefined ? {} : theirs.outputs) };
    events.emit({ type: "state", what: "lines", value });
  };
  if (ours !== undefined || theirs !== undefined) emit();
  theirs?.onChange((outputs) => {
    ours?.set(outputs);
    emit();
  });
  if (ours === undefined) return;
  if (theirs !== undefined) ours.set(theirs.outputs);
  theirs?.set(ours.inputs);
  ours.onDtr((dtr) => {
    theirs?.set({ dtr });
    emit();
  });
  ours.onRts?.((rts) => {
    theirs?.set({ rts });
    emit();
  });
}
