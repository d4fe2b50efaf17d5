import { integer, path } from "../option-kinds.ts";
import { type OptionDefinition, SERVING } from "./definition.ts";

/** A process holds about four descriptors for a modem, and kernels give 4096 pseudo-terminals in all. */
const MOST_MODEMS = 4096;

/** What describes one modem of its own. */
const OF_ONE = ["serial", "stdio"] as const;

/** Options for more than one modem. */
export const FLEET_OPTIONS = {
  count: {
    kind: integer(1, MOST_MODEMS),
    scope: "program",
    verbs: SERVING,
    argument: "N",
    without: "one",
    help: "start N modems alike, with --link PATH1 to PATHN, ports PORT to PORT+N-1, --state and --efs DIR/1 to DIR/N",
    excludes: ["fleet", ...OF_ONE],
  },
  fleet: {
    kind: path,
    scope: "program",
    verbs: SERVING,
    argument: "FILE",
    help: 'start a modem for each object in the JSON array of FILE, like [{"identity":"sim5320","link":"/tmp/m1"}]; options given here hold for all',
    excludes: ["link", "tcp", "rfc2217", "state", "efs", ...OF_ONE],
  },
} as const satisfies Record<string, OptionDefinition>;
