import { object } from "../../platform/schema/schema.ts";
import { efsFull } from "./file-kinds.ts";
import { type AnyModuleKind, defineModuleKind } from "./kind.ts";

const NONE = object({});

/** A fault that changes the state of the module while it holds. */
const changed = (kind: string, summary: string, patch: object): AnyModuleKind =>
  defineModuleKind({
    kind,
    summary,
    fields: NONE,
    begin(_, { read, patch: change }) {
      const before = read(patch);
      change(patch);
      return () => change(before);
    },
  });

const reset = defineModuleKind({
  kind: "reset",
  summary: "The module crashes and boots anew, with its URCs",
  fields: NONE,
  begin(_, { crash }) {
    crash();
    return undefined;
  },
});

const freeze = defineModuleKind({
  kind: "freeze",
  summary: "The module hangs: it answers nothing and its connections stand still, until it is reset or loses its power",
  fields: NONE,
  begin(_, means) {
    means.freeze();
    return undefined;
  },
});

/** The faults that happen to a module, in the order in which they are documented. */
export const MODULE_KINDS: readonly AnyModuleKind[] = [
  efsFull,
  changed("card_pull", "The storage card is pulled out", { card: { inserted: false } }),
  changed("sim_pull", "The SIM is pulled out", { sim: { state: "absent" } }),
  changed("deregister", "The module loses its registration", { radio: { registration: "none" } }),
  changed("detach", "The module is detached from the packet domain", { packet: { attached: false } }),
  changed("lose_fix", "The GPS receiver loses the satellites, as in a tunnel", { gps: { fix: false } }),
  reset,
  freeze,
];
