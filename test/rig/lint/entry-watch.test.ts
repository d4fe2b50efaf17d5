import fc from "fast-check";
import { expect, test } from "vitest";
import { withBytes } from "../../../src/platform/long-bytes.ts";
import { EntryWatch } from "../../../src/rig/lint/entry-watch.ts";

test("an entry whose pieces are lent is seen as one whose pieces are not", () => {
  const size = fc.oneof(fc.nat({ max: 2000 }), fc.nat({ max: 40_000 }));
  fc.assert(
    fc.property(fc.array(size, { minLength: 1, maxLength: 12 }), fc.nat({ max: 1 }), (sizes, linefeed) => {
      const watches = [new EntryWatch("+CFTPPUT", linefeed === 1), new EntryWatch("+CFTPPUT", linefeed === 1)];
      const memory = Buffer.alloc(40_000);
      let total = 0;
      for (const [index, length] of sizes.entries()) {
        const bytes = memory.subarray(0, length);
        for (let at = 0; at < length; at++) bytes[at] = 32 + ((total + at * 7) % 200);
        total += length;
        if (index === sizes.length - 1 && length > 3) bytes.write("\x1aAT", length - 3, "latin1");
        watches[0]?.add(withBytes({}, bytes), index);
        watches[1]?.add({ bytes: bytes.toString("latin1") }, index);
        memory.fill(0);
      }
      const [lent, own] = watches.map((watch) => watch.end(Math.max(0, total - 3), "ended"));
      expect(lent).toEqual(own);
    }),
  );
});
