import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { openStdio } from "../../src/transport/stdio.ts";
import { transportContract } from "./contract.ts";
import { StreamHost } from "./host.ts";
import { Recorder } from "./recorder.ts";

transportContract("stdio", async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  return { transport: openStdio(input, output), host: new StreamHost(output, input) };
});

describe("stdio", () => {
  test("the end of the input is a loss, after all that came before it", async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const recorder = new Recorder();
    openStdio(input, output).start(recorder);
    input.end("AT\r");
    await recorder.until(() => recorder.losses.length > 0);
    expect(Buffer.concat(recorder.chunks).toString()).toBe("AT\r");
    expect(recorder.losses.map((reason) => reason.message)).toEqual(["stdio has ended"]);
  });

  test("a broken output is a loss, reported once, and later writes are lost quietly", async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const recorder = new Recorder();
    const transport = openStdio(input, output);
    transport.start(recorder);
    output.destroy(new Error("EPIPE"));
    await recorder.until(() => recorder.losses.length > 0);
    input.end();
    expect(transport.write(Buffer.alloc(100_000))).toBeUndefined();
    expect(recorder.losses.map((reason) => reason.message)).toEqual(["EPIPE"]);
  });

  test("an input that broke before the start is reported at the start", async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const transport = openStdio(input, output);
    input.destroy(new Error("gone"));
    await new Promise((resolve) => input.once("close", resolve));
    const recorder = new Recorder();
    transport.start(recorder);
    expect(recorder.losses.map((reason) => reason.message)).toEqual(["gone"]);
  });

  test("close leaves the caller's streams open", async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const transport = openStdio(input, output);
    transport.start(new Recorder());
    await transport.close();
    expect([input.destroyed, output.destroyed, output.writableEnded]).toEqual([false, false, false]);
    expect(input.listenerCount("data")).toBe(0);
  });
});
