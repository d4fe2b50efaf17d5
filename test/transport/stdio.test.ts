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

  test("what still runs at the end of the input may finish and print before the loss", async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const transport = openStdio(input, output);
    const recorder = new Recorder();
    let finish: () => void = () => undefined;
    const running = new Promise<void>((resolve) => {
      finish = resolve;
    });
    transport.start(Object.assign(recorder, { ended: () => running }));
    input.end("AT\r");
    await recorder.until(() => recorder.heard.includes("closed"));
    for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
    expect(recorder.heard).toEqual(["opened", "AT\r", "closed"]);
    void transport.write(Buffer.from("late"));
    finish();
    await recorder.until(() => recorder.losses.length > 0);
    expect(output.read().toString()).toBe("late");
  });

  test("the end of the input waits until the receiver has taken everything", async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const recorder = new Recorder();
    openStdio(input, output).start(recorder);
    const release = recorder.hold();
    input.write("one");
    input.end("two");
    await recorder.until(() => recorder.chunks.length > 0);
    for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
    expect(recorder.heard).toEqual(["opened", "one"]);
    release();
    await recorder.until(() => recorder.losses.length > 0);
    expect(recorder.heard).toEqual(["opened", "one", "two", "closed", "lost"]);
  });

  test("at a terminal the line feed that Enter makes is a CR", async () => {
    const [input, output] = [Object.assign(new PassThrough(), { isTTY: true }), new PassThrough()];
    const recorder = new Recorder();
    openStdio(input, output).start(recorder);
    input.write("AT\nATI\n");
    expect((await recorder.received(7)).toString()).toBe("AT\rATI\r");
  });

  test("elsewhere a line feed stays one", async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const recorder = new Recorder();
    openStdio(input, output).start(recorder);
    input.write("AT\r\n");
    expect((await recorder.received(4)).toString()).toBe("AT\r\n");
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
