import type { FaultSpec } from "../../faults/fault.ts";
import type { ModemPatch } from "../../module/state/modem-state.ts";
import type { Content, ContentFiles } from "../actions/content.ts";
import type { EfsFilesByPath } from "../actions/modem-actions.ts";
import type { SandboxContents } from "../actions/sandbox-actions.ts";
import type { ExpectationSet } from "../expectations.ts";
import type { RigModemOptions } from "../options.ts";
import type { EventPattern } from "../pattern.ts";

/** A modem of a scenario: options of start, its first state, the first files of its EFS by path, and a track. */
export interface ScenarioModem extends Omit<RigModemOptions, "state" | "efs" | "gpsTrack"> {
  readonly state?: ModemPatch;
  readonly efs?: EfsFilesByPath;
  readonly gpsTrack?: Content;
}

/** A step of a time line: `at` a time, or `when` an event comes. */
export interface ScenarioStep {
  /** Milliseconds since the start, or since the last reset. */
  readonly at?: number;
  readonly when?: EventPattern;
  /** Milliseconds between the event and the step. Default: 0. */
  readonly after?: number;
  /** How many events it follows. Default: 1. */
  readonly times?: number;
  /** The modem that the step is for. Default: that of the event, else `m1`. */
  readonly modem?: string;
  /** One action by its name: `{ urc: "RING" }`. */
  readonly do: Readonly<Record<string, unknown>>;
}

/** What a scenario file holds: a rig's first state, faults and a time line. */
export interface Scenario {
  readonly $schema?: string;
  readonly description?: string;
  readonly modems?: readonly ScenarioModem[];
  /** The embedded servers, and what they hold: mailboxes are as given, pages and files are added to those of the start. */
  readonly sandbox?: boolean | SandboxContents;
  readonly faults?: readonly FaultSpec[];
  readonly timeline?: readonly ScenarioStep[];
  readonly expect?: ExpectationSet;
  readonly seed?: number;
}

/** A scenario that was checked, and the files that it names. */
export interface LoadedScenario {
  readonly scenario: Scenario;
  readonly files: ContentFiles;
}

/** The options of a modem of a scenario. */
export function optionsOf({ state: _, efs: __, gpsTrack: ___, ...options }: ScenarioModem): RigModemOptions {
  return options;
}
