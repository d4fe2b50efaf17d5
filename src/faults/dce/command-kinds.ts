import { flag, integer, list, object, optional, text } from "../../platform/schema/schema.ts";
import { sleep } from "../../platform/time/clock.ts";
import { milliseconds } from "../fault.ts";
import { defineCommandKind } from "./kind.ts";

const RESULTS = "OK|ERROR|NONE|NO CARRIER|NO DIALTONE|NO ANSWER|BUSY|\\+CM[ES] ERROR: \\d{1,3}";

const ENTRY = object(
  {
    prompt: text({ pattern: "^[ -~\\u0080-\\u00ff]*$", "x-pattern": "one line of text", minLength: 1, maxLength: 256 }),
    inline: optional(flag({ description: "The data follow the prompt on its line, as behind `> `" })),
    length: optional(
      integer({
        minimum: 1,
        maximum: 0x7fff_ffff,
        description: "Bytes of data; without it Ctrl-Z or ESC ends them, and ETX makes the next byte a part of them",
      }),
    ),
    binary: optional(
      flag({ description: "The data are those of a file: they are not echoed, and ESC is one of them" }),
    ),
    repeated: optional(flag({ description: "The prompt comes again behind each CR" })),
  },
  { description: "Prompts for data, and answers when they have ended" },
);

export const answer = defineCommandKind({
  kind: "answer",
  summary: "Answers a command instead of the module, which does nothing; also one that the module does not have",
  fields: object({
    lines: optional(
      list(
        text({
          pattern: "^[\\t\\n -~\\u0080-\\u00ff]*$",
          "x-pattern": "one line of text, in which TAB and LF may stand",
        }),
        {
          description: "Lines of the information response",
          maxItems: 1000,
        },
      ),
    ),
    result: optional(
      text({
        pattern: `^(${RESULTS})$`,
        "x-pattern": "a final result code: OK, ERROR, +CME ERROR: 30, NONE",
        default: "OK",
      }),
    ),
    entry: optional(ENTRY),
  }),
  intercept: ({ lines = [], result = "OK", entry }) => ({ answer: { lines, result, entry } }),
});

export const delay = defineCommandKind({
  kind: "delay",
  summary: "A command begins its work only `ms` later",
  fields: object({ ms: milliseconds("Delay") }),
  intercept: ({ ms }, { clock, signal }) => ({ delay: sleep(clock, ms, signal) }),
});

export const busy = defineCommandKind({
  kind: "busy",
  summary: "A command is refused with a number of +CME ERROR",
  fields: object({ code: integer({ minimum: 0, maximum: 999, description: "14 SIM busy, 202 FTP task is busy" }) }),
  intercept: ({ code }) => ({ answer: { lines: [], result: `+CME ERROR: ${code}` } }),
});
