import { choice, object, text } from "../../platform/schema/schema.ts";
import { milliseconds } from "../fault.ts";
import type { Stage } from "../flow.ts";
import { defineSerialKind, type LineMeans } from "./kind.ts";
import { type Printed, PrintedReader } from "./printed.ts";

/** Where in a piece an unsolicited line stands that does not wait for a free line. */
const PLACES: Readonly<Record<string, (printed: Printed) => number | undefined>> = {
  "before-echo": ({ kind, begins }) => (kind === "echo" && begins ? 0 : undefined),
  "after-echo": ({ kind, ends, bytes }) => (kind === "echo" && ends ? bytes.length : undefined),
  "before-result": ({ kind }) => (kind === "result" ? 0 : undefined),
  "in-packet": ({ kind, begins, bytes }) => (kind === "payload" && begins ? bytes.length >> 1 : undefined),
};

export const urc = defineSerialKind({
  kind: "urc",
  summary: "Prints an unsolicited line where no module should: it does not wait until the line is free",
  fields: object({
    text: text({
      minLength: 1,
      maxLength: 2048,
      pattern: "^[ -~\\u0080-\\u00ff]*$",
      "x-pattern": "one line of text",
      description: "Without its line ends",
    }),
    place: choice(["before-echo", "after-echo", "before-result", "in-entry", "in-packet"]),
  }),
  only: ({ place }) => (place === "in-entry" ? "in" : "out"),
  stage: ({ text: said, place }, means) =>
    place === "in-entry" ? whileEntering(said, means) : amid(said, PLACES[place] ?? (() => undefined), means),
});

/** A use is one line printed. */
function amid(said: string, place: (printed: Printed) => number | undefined, { use, framed }: LineMeans): Stage {
  const reader = new PrintedReader();
  return {
    async *pass(bytes) {
      for (const printed of reader.read(bytes)) {
        const at = place(printed);
        if (at === undefined || !use()) {
          yield printed.bytes;
          continue;
        }
        yield printed.bytes.subarray(0, at);
        yield framed(said);
        yield printed.bytes.subarray(at);
      }
    },
  };
}

/** A use is one chunk of data. */
function whileEntering(said: string, { use, framed, phase, print }: LineMeans): Stage {
  return {
    async *pass(bytes) {
      if (phase() === "entry" && use()) print(framed(said));
      yield bytes;
    },
  };
}

export const disconnect = defineSerialKind({
  kind: "disconnect",
  summary: "The port goes away and comes back `ms` later, as that of a USB modem does at a reset",
  fields: object({ ms: milliseconds("Time without a port") }),
  begin({ ms }, { use, unplug }) {
    if (use()) unplug(ms);
  },
});
