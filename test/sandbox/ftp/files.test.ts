import { expect, test } from "vitest";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { FtpFiles, shownPath } from "../../../src/sandbox/ftp/files.ts";
import { FtpMemoryRoot } from "../../../src/sandbox/ftp/memory-root.ts";

const GBK = "\xb2\xe2\xca\xd4.txt";

function bench(capacity?: number) {
  const root = new FtpMemoryRoot(new VirtualClock(), capacity);
  return { root, files: new FtpFiles(root) };
}

test("a file is put with the directories above it, replaced, listed and removed", async () => {
  const { root, files } = bench();
  await files.put("/a/b/测.txt", "one");
  await files.put("a/b/测.txt", Buffer.from("two"));
  expect(String(await files.get("/a/b/测.txt"))).toBe("two");
  expect(String(root.readFile(Buffer.from("/a/b/测.txt").toString("latin1")))).toBe("two");
  expect(await files.list("/a/b")).toMatchObject([{ name: "测.txt", kind: "file", size: 3 }]);
  expect(await files.list()).toMatchObject([{ name: "a", kind: "directory" }]);
  expect(await files.delete("/a")).toBe(true);
  expect(await files.delete("/a")).toBe(false);
  expect(await files.list("/")).toEqual([]);
});

test("a name that a client gave in GBK is shown, found, replaced and removed as text", async () => {
  const { root, files } = bench();
  root.writeFile(`/d/${GBK}`, Buffer.from("old"));
  expect((await files.list("/d")).map(({ name }) => name)).toEqual(["测试.txt"]);
  await files.put("/d/测试.txt", "new");
  expect(String(root.readFile(`/d/${GBK}`))).toBe("new");
  expect(await files.delete("/d/测试.txt")).toBe(true);
  expect(shownPath(["d", GBK, "\xb2"])).toBe("/d/测试.txt/\xb2");
});

test.each([
  ["a directory", (files: FtpFiles) => files.put("/d", "x"), "Not a plain file"],
  ["the root", (files: FtpFiles) => files.put("/", "x"), "Is a directory"],
  ["a way out", (files: FtpFiles) => files.put("/d/../../x", "x"), "leads out"],
  ["a path below a file", (files: FtpFiles) => files.put("/d/f/x", "x"), "Not a directory"],
  ["more than fits", (files: FtpFiles) => files.put("/x", Buffer.alloc(200)), "No space left"],
  ["a directory that is not there", (files: FtpFiles) => files.list("/nowhere"), "No such file"],
])("%s is refused, and nothing is lost", async (_, act, message) => {
  const { files } = bench(100);
  await files.put("/d/f", "kept");
  await expect(act(files)).rejects.toThrow(message);
  expect(String(await files.get("/d/f"))).toBe("kept");
  expect(await files.get("/d")).toBeUndefined();
});

test("clearing the tree ends an upload that is under way", async () => {
  const { root, files } = bench(10);
  const writer = await root.write(["f"], 0);
  await writer.write(Buffer.alloc(10));
  root.clear();
  await expect(writer.write(Buffer.alloc(1))).rejects.toMatchObject({ reply: 550 });
  await files.put("/g", Buffer.alloc(10));
  expect((await files.list()).map(({ name }) => name)).toEqual(["g"]);
});
