import fc from "fast-check";
import { expect, test } from "vitest";
import { parameterTokens } from "../../../src/mime/compose/parameter.ts";

test("a name in sections is the sum of them, each of whole characters and on a line of its own", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 60, maxLength: 254 }), (value) => {
      const tokens = parameterTokens("filename", value);
      const sections = tokens.map((token, index) => {
        expect(token.length).toBeLessThan(78);
        expect(token.startsWith(tokens.length === 1 ? "filename" : `filename*${index}*=`)).toBe(true);
        return token.replace(/^[^=]+=(?:utf-8'')?/, "").replace(/;$/, "");
      });
      if (tokens[0]?.startsWith('filename="')) return;
      expect(sections.map(decodeURIComponent).join("")).toBe(value);
    }),
  );
});
