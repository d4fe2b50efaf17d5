import { integer, object, text } from "../../../platform/schema/schema.ts";
import type { Stage } from "../../flow.ts";
import { defineNetworkKind } from "../kind.ts";

export const corrupt = defineNetworkKind({
  kind: "corrupt",
  summary: "Replaces bytes at a place, as many as the string has",
  fields: object({
    at: integer({ minimum: 0, description: "Place of the first byte, from 0, since the fault holds" }),
    bytes: text({
      minLength: 1,
      maxLength: 65_536,
      pattern: "^[\\u0000-\\u00ff]*$",
      "x-pattern": "one character from 0 to 255 a byte",
    }),
  }),
  isUsedLate: true,
  open({ at: place, bytes: given }, { use }) {
    const replacement = Buffer.from(given, "latin1");
    const stage = (): Stage => {
      let passed = 0;
      return {
        async *pass(bytes) {
          const changed = Buffer.from(bytes);
          const start = Math.max(place, passed);
          const end = Math.min(place + replacement.length, passed + changed.length);
          if (start < end && use()) replacement.copy(changed, start - passed, start - place, end - place);
          passed += changed.length;
          yield changed;
        },
      };
    };
    return { up: stage(), down: stage() };
  },
});
