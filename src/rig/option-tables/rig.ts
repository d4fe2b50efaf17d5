import { choice, faultSpecs, flag, integer, scenarioFile } from "../option-kinds.ts";
import { type OptionDefinition, SERVING, STARTING } from "./definition.ts";

/** The options of a rig, which its modems share. */
export const RIG_OPTIONS = {
  scenario: {
    kind: scenarioFile,
    scope: "rig",
    verbs: STARTING,
    argument: "FILE",
    help: "begin as FILE says, with its faults and its time line; other options go before what it says",
  },
  sandbox: {
    kind: flag,
    scope: "rig",
    verbs: STARTING,
    default: false,
    help: "start the embedded servers and lead every name to them",
  },
  seed: {
    kind: integer(0, 0xffff_ffff),
    scope: "rig",
    verbs: STARTING,
    argument: "N",
    without: "a random one",
    help: "seed of all random choices: the same seed gives the same bytes",
  },
  time: {
    kind: choice(["real", "manual"]),
    scope: "rig",
    verbs: SERVING,
    argument: "MODE",
    default: "real",
    help: "manual: the module's clock stands still until the control interface advances it",
  },
  fault: {
    kind: faultSpecs,
    scope: "rig",
    verbs: STARTING,
    argument: "JSON",
    default: [],
    help: 'make something go wrong, like {"kind":"latency","latency":500}; repeatable',
  },
} as const satisfies Record<string, OptionDefinition>;
