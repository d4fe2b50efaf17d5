import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildImage, canBuild, type Image } from "./image.ts";

/** A Debian, Node and an npm that fetches what the package depends on. */
const BUILD_TIME = 900_000;

describe.skipIf(!(await canBuild()))("the image of the Containerfile", () => {
  let image: Image;
  beforeAll(async () => {
    image = await buildImage();
  }, BUILD_TIME);
  afterAll(() => image?.close());

  test("runs with no file to write, no capability and any user; its health is checked, and SIGTERM ends it with 0", async () => {
    const { waitFor, exec, end } = await image.start();
    await waitFor('"event":"ready"');
    expect(await exec("id", "-u")).toBe("54321\n");
    await expect(exec("touch", "/tmp/file")).rejects.toThrow(/Read-only file system/);
    const [kind, ...check] = image.healthCheck;
    expect(kind).toBe("CMD");
    expect(await exec(...check)).toBe("");
    const dialogue = `const host = require("net").connect(4000, "127.0.0.1").on("data", (bytes) => {
      if (String(bytes).includes("OK")) console.log("the modem answers") || host.destroy();
    });
    host.write("AT\\r");`;
    expect(await exec("node", "-e", dialogue)).toBe("the modem answers\n");
    expect(await end()).toBe(0);
  });

  test("waits for the processes that a command of run has left", async () => {
    // A zombie keeps its place in /proc until it is waited for.
    const script = `left=$(sh -c 'sleep 0.1 >&2 & echo $!'); while [ -d /proc/$left ]; do sleep 0.05; done; echo gone
      trap 'exit 3' TERM; while :; do sleep 0.05; done`;
    const { waitFor, end } = await image.start("run", "--", "sh", "-c", script);
    await waitFor("gone");
    expect(await end()).toBe(3);
  });
});
