import { expect } from "vitest";
import type { Faults } from "../../src/faults/faults.ts";
import { Modem } from "../../src/modem/modem.ts";
import { DIALECTS, type DialectName } from "../../src/module/dialect.ts";
import { IDENTITIES, type Identity, type IdentityName } from "../../src/module/identity.ts";
import type { ModuleState } from "../../src/module/module-state.ts";
import { cardInState } from "../../src/module/sim.ts";
import { SeededRandom } from "../../src/platform/crypto.ts";
import type { Events } from "../../src/platform/events.ts";
import type { ServiceErrorCode } from "../../src/platform/network/service-error.ts";
import type { SerialLine } from "../../src/platform/serial-line.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { Dte, type SerialEnd } from "./dte.ts";
import { faultyNetwork } from "./faulty-network.ts";
import type { Transcript } from "./parse-transcript.ts";
import { type PlayedEvent, scriptedAhead } from "./script-ahead.ts";
import { type PeerAct, type ScriptedConnection, ScriptedNetwork } from "./scripted-network.ts";
import { showBytes } from "./show-bytes.ts";

/** Turns of the event loop after which what a server is to receive does not come any more. */
const TURNS = 500;
const FAILURE = /^(break|fails) [A-Z]+$/;

/** A serial line that a transcript is played on. */
export interface Stage {
  readonly medium: "memory" | "pty";
  readonly module: SerialLine;
  readonly host: SerialEnd;
}

/** Who watches a session. */
export interface Observer {
  readonly events: Events;
  readonly started: (modem: Modem) => void;
}

/** Plays the host's side and the servers' side of a transcript, and holds the module's side against it byte for byte. */
export async function playTranscript(
  { options, events }: Transcript,
  stage: Stage,
  observer?: Observer,
): Promise<void> {
  const clock = new VirtualClock();
  const network = new ScriptedNetwork();
  const { network: faulty, faults } = faultyNetwork(network, clock);
  const modem = new Modem({
    transport: stage.module,
    clock,
    network: faulty,
    random: new SeededRandom(1),
    ...(observer === undefined ? {} : { events: observer.events }),
    ...modemOptions(options),
  });
  if (options.operator !== undefined) modem.module.radio.move({ operator: JSON.parse(options.operator) });
  await modem.start();
  observer?.started(modem);
  const dte = new Dte(stage.host, clock, stage.medium);
  const player = new Player(dte, { network, faults, module: modem.module }, stage.medium);
  try {
    for (const event of scriptedAhead(events)) await player.play(event);
    await dte.expectNothing();
  } finally {
    await modem.close();
  }
}

function modemOptions(options: Readonly<Record<string, string>>) {
  const {
    dialect = "manual",
    identity = "wcdma",
    sim,
    operator: _,
    "packet-gap": packetGap,
    "boot-time": bootTime,
    "timeout-scale": timeoutScale,
    ...unknown
  } = options;
  if (Object.keys(unknown).length > 0 || !(dialect in DIALECTS))
    throw new Error(`no such option: ${Object.keys(unknown)}`);
  return {
    dialect: dialect as DialectName,
    identity: readIdentity(identity),
    ...(sim === undefined ? {} : { sim: { inserted: cardInState(sim as "pin") } }),
    ...(packetGap === undefined ? {} : { packetGap: Number(packetGap) }),
    ...(bootTime === undefined ? {} : { bootTime: Number(bootTime) }),
    ...(timeoutScale === undefined ? {} : { timeoutScale: Number(timeoutScale) }),
  };
}

/** A module by name, or the neutral one with some differences. */
function readIdentity(text: string): Identity {
  if (text.startsWith("{")) return { ...IDENTITIES.wcdma, ...(JSON.parse(text) as object) };
  if (!(text in IDENTITIES)) throw new Error(`no such identity: ${text}`);
  return IDENTITIES[text as IdentityName];
}

/** The faults of a connection by their words in a transcript. */
const SPOILED: Readonly<Record<string, string>> = {
  refuse: "refused",
  unresolved: "unresolved",
  unanswered: "connect_timeout",
};

/** What a transcript is played against, besides the line. */
interface Surroundings {
  readonly network: ScriptedNetwork;
  readonly faults: Faults;
  readonly module: ModuleState;
}

class Player {
  readonly #dte: Dte;
  readonly #network: ScriptedNetwork;
  readonly #faults: Faults;
  readonly #module: ModuleState;
  readonly #medium: Stage["medium"];
  #echo = true;
  /** Virtual time that may pass until the next response. */
  #within = 0;
  #acts: PeerAct[] = [];
  #seen = 0;
  readonly #seenOn = new Map<number, number>();

  constructor(dte: Dte, { network, faults, module }: Surroundings, medium: Stage["medium"]) {
    this.#dte = dte;
    this.#network = network;
    this.#faults = faults;
    this.#module = module;
    this.#medium = medium;
  }

  async play(event: PlayedEvent): Promise<void> {
    switch (event.kind) {
      case "send":
        return this.#send(event.bytes, event.echoed);
      case "receive":
        await this.#dte.expect(event.bytes, { within: this.#within });
        this.#within = 0;
        return;
      case "pass":
        return this.#pass(event);
      case "server":
        return this.#serve(event.act);
      case "serverSends": {
        const last = event.continues ? String(this.#acts.pop()) : "";
        this.#acts.push(last + event.bytes);
        return;
      }
      case "serverHears":
        this.#acts.push({ hears: event.bytes });
        return;
      case "serverReceived":
        return this.#received(event);
    }
  }

  async #send(bytes: string, isLine: boolean): Promise<void> {
    if (this.#within > 1) await this.#dte.clock.advance(this.#within);
    this.#within = 0;
    this.#dte.send(bytes);
    if (isLine && this.#echo) await this.#dte.expect(bytes);
    const switched = isLine ? /^ATE([01])\r$/i.exec(bytes) : null;
    if (switched !== null) this.#echo = switched[1] === "1";
  }

  /** In memory nothing may come before the time is over; on a pty nobody can know when the host's bytes have arrived. */
  async #pass({ ms, atMost }: Extract<PlayedEvent, { readonly kind: "pass" }>): Promise<void> {
    if (atMost) {
      this.#within = ms;
      return;
    }
    if (this.#medium === "memory") await this.#dte.expectNothing(ms - 1);
    this.#within = this.#medium === "memory" ? 1 : ms;
  }

  async #serve(act: string): Promise<void> {
    if (FAILURE.test(act)) {
      this.#fail(act);
      return;
    }
    switch (act) {
      case "answer":
        this.#acts = [];
        this.#seen = 0;
        // The acts that follow belong to it: the connection takes them as they are when it is made.
        this.#network.script({ acts: this.#acts });
        return;
      case "silence":
        this.#acts.push("silence");
        return;
      case "call taken":
        this.#module.calls.take(1);
        return;
      case "call ended":
        this.#module.calls.endByFarEnd(1, "far end");
        return;
      default:
        if (this.#spoil(act)) return;
        if (act.startsWith("sms ")) {
          const [from = "", ...words] = act.slice(4).split(" ");
          if (await this.#module.sms.receive({ from, text: words.join(" ") })) return;
        }
        if (act.startsWith("ussd ")) {
          this.#module.ussd.table = JSON.parse(act.slice(5));
          return;
        }
        if (act.startsWith("gps ")) {
          this.#module.gps.move(JSON.parse(act.slice(4)));
          return;
        }
        if (act.startsWith("call ") && this.#module.calls.ring({ from: act.slice(5) }) !== undefined) return;
        throw new Error(`a server cannot ${act}`);
    }
  }

  /** Keeps the next connection, of one service where that is named, from being made. Gives whether the act is that. */
  #spoil(act: string): boolean {
    const [word = "", service] = act.split(" ");
    const kind = SPOILED[word];
    if (kind === undefined) return false;
    this.#faults.add({ kind, times: 1, ...(service === undefined ? {} : { service }) });
    return true;
  }

  #fail(act: string): void {
    const [verb, code] = act.split(" ") as [string, ServiceErrorCode | "CANCELLED"];
    if (verb === "break") this.#acts.push({ fails: code === "CANCELLED" ? "CLOSED" : code });
    else this.#network.script(code === "TIMEOUT" || code === "CANCELLED" ? { unanswered: true } : { refused: code });
  }

  async #received({ bytes, connection }: Extract<PlayedEvent, { readonly kind: "serverReceived" }>): Promise<void> {
    if (connection === undefined) {
      this.#check(this.#network.connections.at(-1), bytes, this.#seen);
      this.#seen += bytes.length;
      return;
    }
    const seen = this.#seenOn.get(connection) ?? 0;
    const peer = () => this.#network.connections[connection - 1];
    for (let turn = 0; turn < TURNS && (peer()?.written.length ?? 0) < seen + bytes.length; turn++)
      await new Promise(setImmediate);
    this.#check(peer(), bytes, seen);
    this.#seenOn.set(connection, seen + bytes.length);
  }

  #check(connection: ScriptedConnection | undefined, bytes: string, seen: number): void {
    const written = connection?.written ?? "";
    expect(showBytes(written.slice(seen, seen + bytes.length))).toBe(showBytes(bytes));
  }
}
