import { expect, test } from "vitest";
import { ModuleState } from "../../../src/module/module-state.ts";
import { GatedNetwork } from "../../../src/module/radio/gated-network.ts";
import { Nvram } from "../../../src/module/settings/nvram.ts";
import { TcpNetwork } from "../../../src/platform/network/tcp-network.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { HandServer } from "../../support/loopback.ts";

function gate() {
  const module = new ModuleState({ clock: new VirtualClock(), nvram: Nvram.inMemory() });
  module.powerOn();
  module.sim.read();
  const lose = () => module.radio.move({ registration: "searching" });
  return { module, lose, network: new GatedNetwork(new TcpNetwork(), module.packetService) };
}

const anywhere = { host: "127.0.0.1", port: 0 };
const { signal } = new AbortController();

test("a connection passes bytes both ways, and breaks with RESET when the network is lost", async () => {
  const server = await HandServer.listen();
  try {
    const { network, lose } = gate();
    const connection = await network.connect(server.local, signal);
    const peer = await server.accept();
    expect(connection.remote).toEqual(server.local);
    await connection.write("ping\r\n", signal);
    expect((await peer.readLine(10, signal)).toString()).toBe("ping");
    await peer.write("pong\n12345", signal);
    expect((await connection.readLine(10, signal)).toString()).toBe("pong");
    expect((await connection.readExactly(5, signal)).toString()).toBe("12345");
    const reading = connection.read(signal);
    lose();
    await expect(reading).rejects.toMatchObject({ code: "RESET" });
    await expect(peer.read(server.signal)).rejects.toMatchObject({ code: "RESET" });
    await expect(network.connect(server.local, signal)).rejects.toMatchObject({ code: "UNREACHABLE" });
  } finally {
    server.close();
  }
});

test("a listener hears the loss, and what it had accepted breaks", async () => {
  const { network, lose } = gate();
  const listener = await network.listen(anywhere, signal);
  const peer = await new TcpNetwork().connect(listener.local, signal);
  const accepted = await listener.accept(signal);
  const accepting = listener.accept(signal);
  const reading = accepted.read(signal);
  lose();
  await expect(accepting).rejects.toMatchObject({ code: "RESET" });
  await expect(reading).rejects.toMatchObject({ code: "RESET" });
  await expect(new TcpNetwork().connect(listener.local, signal)).rejects.toMatchObject({ code: "REFUSED" });
  await expect(network.listen(anywhere, signal)).rejects.toMatchObject({ code: "UNREACHABLE" });
  peer.close();
});

test("an accept that the caller gives up does not cost the listener", async () => {
  const { network } = gate();
  const listener = await network.listen(anywhere, signal);
  const impatient = new AbortController();
  const accepting = listener.accept(impatient.signal);
  impatient.abort(new Error("enough"));
  await expect(accepting).rejects.toThrow("enough");
  const peer = await new TcpNetwork().connect(listener.local, signal);
  (await listener.accept(signal)).close();
  peer.close();
  listener.close();
});

test("the caller's signal ends a connect, before and meanwhile", async () => {
  const { network } = gate();
  await expect(network.connect(anywhere, AbortSignal.abort(new Error("early")))).rejects.toThrow("early");
  const late = new AbortController();
  const connecting = network.connect({ host: "192.0.2.1", port: 9 }, late.signal);
  late.abort(new Error("late"));
  await expect(connecting).rejects.toThrow("late");
});
