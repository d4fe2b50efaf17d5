import type { Faults } from "../faults/faults.ts";
import { chooseSeed } from "../platform/crypto.ts";
import { packageVersion } from "../platform/disk/files.ts";
import { type Events, noEvents, ObservedEvents } from "../platform/events.ts";
import { type Log, silentLog } from "../platform/log.ts";
import type { Network } from "../platform/network/network.ts";
import { TcpNetwork } from "../platform/network/tcp-network.ts";
import { isoOfEpoch } from "../platform/time/calendar.ts";
import { type Clock, SystemClock } from "../platform/time/clock.ts";
import { Rest } from "../platform/time/rest.ts";
import { VirtualClock } from "../platform/time/virtual-clock.ts";
import type { Sandbox, SandboxOptions } from "../sandbox/sandbox.ts";
import type { JournalParts } from "./journal.ts";
import type { Observation } from "./observation.ts";
import { checkRigOptions } from "./options.ts";
import { openFaults } from "./rig-faults.ts";
import { type OpenMedium, openMedium } from "./rig-modem.ts";
import { describe, type RigModemStart, type RigStart, withoutTransport } from "./rig-start.ts";
import type { OpenedScenario } from "./scenario/open.ts";
import type { Scenario } from "./scenario/scenario.ts";
import type { ScenarioRun } from "./scenario/scenario-run.ts";

/** What the modems of a rig share. */
export interface RigParts {
  readonly clock: Clock;
  /** What a clock that is moved by hand waits for. */
  readonly rest: Rest | undefined;
  readonly network: Network;
  readonly log: Log;
  readonly seed: number;
  /** Whether the seed was chosen by the caller: then a reset repeats it. */
  readonly seeded: boolean;
  /** With a journal. */
  readonly observation: Observation | undefined;
  readonly journalNetwork: boolean;
  readonly faults: Faults;
  readonly scenario: ScenarioRun | undefined;
  readonly sandbox: Sandbox | undefined;
  readonly openMedium: OpenMedium;
  /** Emits the event that opens the journal. */
  readonly introduce: () => void;
}

/** Checks what a rig is started with and makes its parts. Gives the modems that are to be opened, too. */
export async function openParts(
  given: RigStart,
): Promise<{ readonly parts: RigParts; readonly modems: readonly RigModemStart[] }> {
  const opened = given.scenario === undefined ? undefined : await loadScenario(given.scenario, given);
  const options = opened?.options ?? given;
  const {
    clock: own,
    network: ownNetwork = new TcpNetwork(),
    log: ownLog = silentLog,
    scenario: _,
    ...others
  } = options;
  const {
    logLevel = "warn",
    journal: keep = false,
    journalNetwork = false,
    redact = false,
    openMedium: open = openMedium,
    modems = [{}],
    ...data
  } = others;
  // What is no list is refused by the check.
  const checked = Array.isArray(modems) ? modems.map(withoutTransport) : modems;
  const setup = checkRigOptions({ ...data, modems: checked });
  const real = new SystemClock();
  const clock = own ?? (setup.time === "manual" ? new VirtualClock(real.now()) : real);
  const rest = clock instanceof VirtualClock ? new Rest() : undefined;
  const network = rest?.watch(ownNetwork) ?? ownNetwork;
  const seed = setup.seed ?? chooseSeed();
  const keeping = { clock, log: ownLog, redact, ...(keep === true ? {} : keep) };
  const observation = keep === false ? undefined : await openObservation(keeping);
  const journal = observation?.journal;
  const log = observation?.log(ownLog, logLevel) ?? ownLog;
  const began = clock.now();
  const time = clock instanceof VirtualClock ? "manual" : "real";
  const shown = { modems: modems.map(describe), sandbox: setup.sandbox, time };
  const introduce = () => {
    const now = isoOfEpoch(began);
    journal?.port().emit({ type: "rig", now, version: packageVersion(), seed, options: shown });
  };
  introduce();
  const faults = openFaults({ clock, seed, journal }, setup.faults);
  const scenario = opened?.run({ clock, journal, log });
  const events = observedBy({ faults, scenario, rest }, undefined, journal?.port() ?? noEvents);
  const sandbox = setup.sandbox ? await openSandbox({ network, clock: own ?? real, log, events }) : undefined;
  const seeded = setup.seed !== undefined;
  const parts = { clock, network, log, seed, seeded, observation, journalNetwork, faults, scenario, sandbox, rest };
  return { parts: { ...parts, openMedium: open, introduce }, modems };
}

/** The same events of one modem, or of what all modems share, which begin faults and steps of the scenario, and are moves. */
export function observedBy(
  { faults, scenario, rest }: Pick<RigParts, "faults" | "scenario" | "rest">,
  modem: string | undefined,
  events: Events,
): Events {
  const told =
    rest === undefined ? events : new ObservedEvents(events, { isListening: () => true, hear: () => rest.moved() });
  const heard = faults.observe(modem, told);
  return scenario === undefined ? heard : scenario.observe(modem, heard);
}

/** Loads what a journal needs only where one is kept. */
async function openObservation(parts: JournalParts & { readonly redact: boolean }): Promise<Observation> {
  const { Observation } = await import("./observation.ts");
  return new Observation(parts);
}

/** Loads the servers only where they are asked for. */
async function openSandbox(parts: SandboxOptions): Promise<Sandbox> {
  const { startSandbox } = await import("../sandbox/sandbox.ts");
  return startSandbox(parts, new AbortController().signal);
}

/** Loaded only when it is asked for: a plain start is faster without it. */
async function loadScenario(given: string | Scenario, start: RigStart): Promise<OpenedScenario> {
  const { openScenario } = await import("./scenario/open.ts");
  return openScenario(given, start);
}
