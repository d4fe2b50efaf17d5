import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { parseOptions } from "../../src/cli/parse-options.ts";
import { type Serving, serve } from "../../src/cli/serve.ts";
import { Modem } from "../../src/modem/modem.ts";
import { bounded } from "../support/program.ts";

/** Serves with options of `start`, and ends that with the test. */
async function served(argv: readonly string[], announce: (serving: Serving) => void): Promise<Serving> {
  const serving = await serve(parseOptions("start", argv), new AbortController().signal, announce);
  onTestFinished(() => serving.close());
  return serving;
}

function connectTo(port: string): Socket {
  const host = connect(Number(port.split(":")[1]), "127.0.0.1");
  onTestFinished(() => void host.destroy());
  return host;
}

test.each([
  { argv: ["--tcp", "0"], powered: false, why: "nobody can tell" },
  { argv: ["--tcp", "0", "--sandbox"], powered: false, why: "the servers are ready" },
  { argv: ["--tcp", "0", "--count", "3"], powered: false, why: "nobody can tell" },
  { argv: ["--tcp", "0", "--control", "0"], powered: true, why: "the control interface shows it" },
  { argv: ["--tcp", "0", "--lint", "warn"], powered: true, why: "the journal has it" },
  { argv: ["--tcp", "0", "--boot-time", "1"], powered: true, why: "the module prints that it boots" },
  { argv: ["--rfc2217", "0"], powered: true, why: "it drives modem lines" },
])("start $argv is announced with the power on: $powered, because $why", async ({ argv, powered }) => {
  const announced: boolean[] = [];
  const { modems } = await served(argv, (serving) => announced.push(serving.modem.powered));
  expect(announced).toEqual([powered]);
  expect(modems.map((modem) => modem.powered)).toEqual(modems.map(() => true));
});

test("what a host sends before the module has its power is answered", async () => {
  let answer: Promise<Buffer[]> | undefined;
  await served(["--tcp", "0"], (serving) => {
    const host = connectTo(serving.modem.port);
    host.write("ATE0V0\r");
    answer = once(host, "data");
  });
  expect(String(await bounded(answer as Promise<Buffer[]>, () => "an answer"))).toContain("0\r");
});

test("an end that is asked for before the module has its power closes the port", async () => {
  const end = new AbortController();
  const reason = new Error("ended");
  let port = "";
  const serving = serve(parseOptions("start", ["--tcp", "0"]), end.signal, ({ modem }) => {
    port = modem.port;
    end.abort(reason);
  });
  await expect(serving).rejects.toBe(reason);
  await expectClosed(port);
});

test("a module that cannot be loaded after the announcement closes the port and says why", async () => {
  const reason = new Error("cannot load");
  const switchOn = vi.spyOn(Modem.prototype, "switchOn").mockRejectedValue(reason);
  onTestFinished(() => switchOn.mockRestore());
  let port = "";
  const serving = serve(parseOptions("start", ["--tcp", "0"]), new AbortController().signal, ({ modem }) => {
    port = modem.port;
  });
  await expect(serving).rejects.toBe(reason);
  await expectClosed(port);
});

async function expectClosed(port: string): Promise<void> {
  const [error] = await once(connectTo(port), "error");
  expect(error).toMatchObject({ code: "ECONNREFUSED" });
}
