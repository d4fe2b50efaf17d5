import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Endpoint } from "../platform/network/network.ts";
import { UsageError } from "../platform/usage-error.ts";
import { OPTIONS, type OptionDefinition } from "../rig/option-table.ts";
import { type CheckedOptions, checkRigOptions, type RigModemOptions } from "../rig/options.ts";
import { explainFile } from "./explain.ts";
import type { GivenOptions } from "./parse-options.ts";

/** The options of each modem that was asked for: one, `--count` alike, or those of `--fleet`. */
export async function fleetOf({ given, checked }: GivenOptions): Promise<readonly RigModemOptions[]> {
  const common = modemOptions(given);
  if (checked.fleet !== undefined) return readFleet(checked.fleet, common);
  const { count } = checked;
  if (count === undefined) return [common];
  return Array.from({ length: count }, (_, index) => ({ ...common, ...numbered(checked, index) }));
}

/** What was given of the options of a modem. */
export function modemOptions(given: GivenOptions["given"]): RigModemOptions {
  const isOfModem = ([name]: readonly [string, unknown]) =>
    (OPTIONS as Readonly<Record<string, OptionDefinition>>)[name]?.scope === "modem";
  return Object.fromEntries(Object.entries(given).filter(isOfModem));
}

/** The options in which the modems of `--count` differ; `index` counts from 0. */
function numbered(options: CheckedOptions, index: number): RigModemOptions {
  const { link, nmeaLink, tcp, rfc2217, state, efs, count = 1 } = options;
  const number = String(index + 1);
  return {
    link: link && `${link}${number}`,
    nmeaLink: nmeaLink && `${nmeaLink}${number}`,
    tcp: tcp && portAfter("tcp", tcp, index, count),
    rfc2217: rfc2217 && portAfter("rfc2217", rfc2217, index, count),
    state: state && join(state, number),
    efs: efs && join(efs, number),
  };
}

/** Port 0 stays: each modem gets a free one. */
function portAfter(option: string, { host, port }: Endpoint, index: number, count: number): string {
  if (port + count - 1 > 65_535) {
    throw new UsageError(`--${option} ${port}: --count ${count} needs ports to ${port + count - 1}`, {
      option: `--${option}`,
    });
  }
  const address = host.includes(":") ? `[${host}]` : host;
  return `${address}:${port === 0 ? 0 : port + index}`;
}

async function readFleet(path: string, common: RigModemOptions): Promise<readonly RigModemOptions[]> {
  const refuse = (reason: string, cause?: unknown) =>
    new UsageError(`--fleet ${path}: ${reason}`, { option: "--fleet", cause });
  let fleet: unknown;
  try {
    fleet = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw refuse(explainFile(error) ?? (error as Error).message, error);
  }
  if (!Array.isArray(fleet) || fleet.length === 0) throw refuse("not an array with at least one object");
  try {
    // The objects are checked alone: an error names what stands in the file.
    const { modems } = checkRigOptions({ modems: fleet });
    if (modems.some(({ medium }) => medium.kind === "stdio")) throw refuse("stdio belongs to one modem alone");
  } catch (error) {
    if (!(error instanceof UsageError) || error.option === "--fleet") throw error;
    throw refuse(error.message.replaceAll("modems[", "["), error);
  }
  return fleet.map((modem: RigModemOptions) => ({ ...common, ...modem }));
}
