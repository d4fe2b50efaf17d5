import { object } from "../../platform/schema/schema.ts";
import type { ModuleKind } from "./kind.ts";

const NONE = object({});

/** A fault that changes the state of the module while it holds. */
const changed = (kind: string, summary: string, patch: object): ModuleKind => ({
  side: "module",
  kind,
  summary,
  fields: NONE,
  begin(control) {
    const before = control.read(patch);
    control.patch(patch);
    return () => control.patch(before);
  },
});

const reset: ModuleKind = {
  side: "module",
  kind: "reset",
  summary: "The module crashes and boots anew, with its URCs",
  fields: NONE,
  begin(control) {
    control.crash();
    return undefined;
  },
};

/** The faults that happen to a module, in the order in which they are documented. */
export const MODULE_KINDS: readonly ModuleKind[] = [
  changed("card_pull", "The storage card is pulled out", { card: { inserted: false } }),
  changed("sim_pull", "The SIM is pulled out", { sim: { state: "absent" } }),
  changed("deregister", "The module loses its registration", { radio: { registration: "none" } }),
  changed("detach", "The module is detached from the packet domain", { packet: { attached: false } }),
  reset,
];
