import type { JsonSchema } from "../platform/schema/schema.ts";
import { answer, busy, delay } from "./dce/command-kinds.ts";
import { efsFail } from "./dce/file-kinds.ts";
import type { AnyCommandKind, AnyFileKind } from "./dce/kind.ts";
import { MODULE_KINDS } from "./dce/module-kinds.ts";
import { type KindHead, schemaOf } from "./fault.ts";
import type { AnyNetworkKind } from "./network/kind.ts";
import { corrupt } from "./network/kinds/corrupt.ts";
import { limitData, resetPeer, timeout } from "./network/kinds/cut.ts";
import { bandwidth, latency, linkPreset, slicer, slowClose } from "./network/kinds/pace.ts";
import { connectTimeout, refused, unreachable, unresolved } from "./network/kinds/reach.ts";
import { hangUp, reply, silence } from "./network/kinds/reply.ts";
import { deaf, drop, duplicate, flip, mute, noise, overrun } from "./serial/byte-kinds.ts";
import type { AnySerialKind } from "./serial/kind.ts";
import { disconnect, urc } from "./serial/mishap-kinds.ts";
import { chunk, lag, pace } from "./serial/time-kinds.ts";

/** The faults of the network, in the order in which they are documented. */
export const NETWORK_KINDS: readonly AnyNetworkKind[] = [
  latency,
  bandwidth,
  slowClose,
  timeout,
  resetPeer,
  slicer,
  limitData,
  unresolved,
  refused,
  unreachable,
  connectTimeout,
  reply,
  silence,
  hangUp,
  corrupt,
  linkPreset,
];

/** The faults of the serial line. */
export const SERIAL_KINDS: readonly AnySerialKind[] = [
  chunk,
  pace,
  drop,
  duplicate,
  flip,
  noise,
  mute,
  deaf,
  lag,
  urc,
  overrun,
  disconnect,
];

/** The faults of commands. */
export const COMMAND_KINDS: readonly AnyCommandKind[] = [answer, delay, busy];

/** The faults of the files of the EFS. */
export const FILE_KINDS: readonly AnyFileKind[] = [efsFail];

/** Every kind of fault. */
const KINDS: readonly KindHead[] = [
  ...NETWORK_KINDS,
  ...SERIAL_KINDS,
  ...COMMAND_KINDS,
  ...FILE_KINDS,
  ...MODULE_KINDS,
];

/** What a fault may be. The control interface, `ctl fault add` and `--fault` read it. */
export const FAULT_SCHEMA: JsonSchema = { anyOf: KINDS.map(schemaOf) };

/** The schema of one kind; `undefined` for an unknown one. */
export function schemaOfKind(kind: string): JsonSchema | undefined {
  const found = KINDS.find((candidate) => candidate.kind === kind);
  return found === undefined ? undefined : schemaOf(found);
}
