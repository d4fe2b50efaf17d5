import fc from "fast-check";
import { expect, test } from "vitest";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { FtpMemoryRoot } from "../../../src/sandbox/ftp/memory-root.ts";
import { printFtpPath, resolveFtpPath } from "../../../src/sandbox/ftp/root.ts";

test("no argument leads out of the root, and a printed path means itself", () => {
  const argument = fc
    .array(fc.constantFrom("..", ".", "", "a", "b c", "/"), { maxLength: 8 })
    .map((names) => names.join("/"));
  fc.assert(
    fc.property(argument, argument, (first, second) => {
      const path = resolveFtpPath(resolveFtpPath([], first), second);
      expect(path.every((name) => name === "a" || name === "b c")).toBe(true);
      expect(resolveFtpPath(["elsewhere"], printFtpPath(path))).toEqual(path);
    }),
  );
});

test("whatever is written, in whatever pieces, is read back from any offset", async () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.nat(500), async (chunks, seed) => {
      const root = new FtpMemoryRoot(new VirtualClock());
      const writer = await root.write(["f"], 0);
      for (const chunk of chunks) await writer.write(chunk);
      await writer.close();
      const whole = Buffer.concat(chunks);
      const offset = seed % (whole.length + 1);
      const read: Uint8Array[] = [];
      for await (const piece of root.read(["f"], offset)) read.push(piece);
      expect(Buffer.concat(read).equals(whole.subarray(offset))).toBe(true);
    }),
  );
});

test("what is being read does not change when the file is written anew", async () => {
  const root = new FtpMemoryRoot(new VirtualClock());
  root.writeFile("f", Buffer.from("old content"));
  const reading = root.read(["f"], 0)[Symbol.asyncIterator]();
  const { value } = await reading.next();
  const writer = await root.write(["f"], 4);
  await writer.write(Buffer.from("NEW"));
  expect(String(value)).toBe("old content");
  expect(String(root.readFile("f"))).toBe("old NEW");
});

test("a file that was removed takes no more bytes", async () => {
  const root = new FtpMemoryRoot(new VirtualClock(), 10);
  const writer = await root.write(["f"], 0);
  await writer.write(Buffer.alloc(10));
  await root.remove(["f"]);
  await expect(writer.write(Buffer.alloc(1))).rejects.toMatchObject({ reply: 550 });
  root.writeFile("g", Buffer.alloc(10));
  expect(() => root.writeFile("h", Buffer.alloc(1))).toThrow("No space left");
});
