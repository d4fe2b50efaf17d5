/**
 * What the decorators of the faults cost while there is no fault, as ratios to the same line and the same connection without
 * them: round trips of a line in memory, and bytes and lines over TCP on the loopback. Both are asked in turns, in one process.
 */
import { Faults } from "../../dist/faults/faults.js";
import { TcpNetwork } from "../../dist/platform/network/tcp-network.js";
import { SystemClock } from "../../dist/platform/time/clock.js";
import { memoryPair } from "../../dist/transport/memory.js";
import { printTable } from "./measure.js";

const ROUNDS = 21;
const { signal } = new AbortController();

function noFaults() {
  return new Faults({
    clock: new SystemClock(),
    randomOf: () => ({ integer: () => 0 }),
    triggerOf: () => () => false,
    fired: () => undefined,
  });
}

/** A module that says OK to each chunk, as fast as it can. */
function lineOf(decorate) {
  const { module, host } = memoryPair();
  const line = decorate(module);
  const answer = Buffer.from("\r\nOK\r\n");
  line.start({ data: () => void line.write(answer), lost: () => undefined });
  const command = Buffer.from("AT\r");
  return async () => {
    for (let count = 0; count < 100_000; count++) {
      void host.write(command);
      host.take();
    }
  };
}

/** A client of a server on the loopback that plays back what the client says. */
async function connectionOf(decorate, exchange) {
  const tcp = new TcpNetwork();
  const listener = await tcp.listen({ host: "127.0.0.1", port: 0 }, signal);
  const client = await decorate(tcp).connect(listener.local, signal);
  const peer = await listener.accept(signal);
  listener.close();
  return { run: () => exchange(client, peer), close: () => [client, peer].map((end) => end.close()) };
}

const MEGABYTES = 32;
const piece = Buffer.alloc(65_536, "x");

async function download(client, peer) {
  const sending = (async () => {
    for (let sent = 0; sent < MEGABYTES * 16; sent++) await peer.write(piece, signal);
  })();
  for (let left = MEGABYTES * 16 * piece.length; left > 0; ) left -= (await client.read(signal)).length;
  await sending;
}

async function upload(client, peer) {
  await download(peer, client);
}

async function lines(client, peer) {
  for (let count = 0; count < 2000; count++) {
    await client.write("NOOP\r\n", signal);
    await peer.readLine(100, signal);
    await peer.write("250 OK\r\n", signal);
    await client.readLine(100, signal);
  }
}

/** The time of the processor in ms, which other programs on a busy machine do not lengthen as they do the time of day. */
async function timed(run) {
  const begun = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

const module = { rate: () => 115_200, phase: () => "idle", framed: (text) => Buffer.from(text) };
const withLine = (line) => noFaults().line({ line, modem: "m1", module });
const withNetwork = (network) => noFaults().network("m1", network);
const same = (given) => given;

const pairs = { "round trip of a line": { without: { run: lineOf(same) }, behind: { run: lineOf(withLine) } } };
for (const [name, exchange] of Object.entries({ download, upload, "reply to a line": lines })) {
  pairs[name] = {
    without: await connectionOf(same, exchange),
    behind: await connectionOf(withNetwork, exchange),
  };
}

const rows = [["without a fault", "CPU ms", "with decorators", "ratio"]];
for (const [name, { without, behind }] of Object.entries(pairs)) {
  const [bare, decorated, ratios] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    // Each goes first as often as the other.
    const [first, second] = round % 2 === 0 ? [without, behind] : [behind, without];
    const times = new Map([[first, await timed(first.run)]]);
    times.set(second, await timed(second.run));
    bare.push(times.get(without));
    decorated.push(times.get(behind));
    ratios.push(times.get(behind) / times.get(without));
  }
  rows.push([name, median(bare).toFixed(1), median(decorated).toFixed(1), median(ratios).toFixed(3)]);
  without.close?.();
  behind.close?.();
}
printTable(rows);
